// Package notify tells the service manager of the machine how it stands with the node:
// one datagram to the socket that systemd names (sd_notify(3)). Without one, nobody is
// told, and nothing here does anything.
package notify

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// Manager is whom to tell. Its methods are safe for concurrent use.
type Manager struct {
	socket   string        // "" for nobody
	watchdog time.Duration // how long it waits for a sign of life; 0 if it does not
}

// New returns the service manager that the environment names. pid is ours: a watchdog
// that is meant for another process is not fed.
func New(getenv func(string) string, pid int) *Manager {
	m := &Manager{socket: getenv("NOTIFY_SOCKET")}
	if at := strings.TrimPrefix(m.socket, "@"); at == m.socket && !strings.HasPrefix(at, "/") {
		m.socket = "" // neither a path nor a name of Linux's own: of no kind that we speak
	}
	usec, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64)
	if who := getenv("WATCHDOG_PID"); err == nil && usec > 0 && (who == "" || who == strconv.Itoa(pid)) {
		m.watchdog = time.Duration(usec) * time.Microsecond
	}
	return m
}

// Ready says that the node has started; status is shown beside it.
func (m *Manager) Ready(ctx context.Context, status string) error {
	return m.send(ctx, "READY=1\n"+state(status))
}

// Status says what the node does, in a line.
func (m *Manager) Status(ctx context.Context, status string) error {
	return m.send(ctx, state(status))
}

// Stopping says that the node is about to end.
func (m *Manager) Stopping(ctx context.Context) error { return m.send(ctx, "STOPPING=1") }

// Watch gives signs of life until ctx ends, at twice the rate that the manager wants,
// each after alive has returned: a node that hangs gives none.
func (m *Manager) Watch(ctx context.Context, alive func()) {
	if m.socket == "" || m.watchdog == 0 {
		return
	}
	tick := time.NewTicker(m.watchdog / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		alive()
		_ = m.send(ctx, "WATCHDOG=1") // the next one may get through
	}
}

// state is a status as one line.
func state(text string) string {
	return "STATUS=" + strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
}

func (m *Manager) send(ctx context.Context, text string) error {
	if m.socket == "" {
		return nil
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "unixgram", m.socket)
	if err != nil {
		return fmt.Errorf("tell the service manager: %w", err)
	}
	_, err = c.Write([]byte(text))
	if bad := c.Close(); err == nil {
		err = bad
	}
	if err != nil {
		return fmt.Errorf("tell the service manager: %w", err)
	}
	return nil
}

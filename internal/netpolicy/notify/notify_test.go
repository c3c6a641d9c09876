package notify_test

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy/notify"
)

const pid = 42

// manager is one that hears.
func manager(t *testing.T, env map[string]string) (*notify.Manager, func() string) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "s")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	get := func(k string) string {
		if k == "NOTIFY_SOCKET" {
			return at
		}
		return env[k]
	}
	return notify.New(get, pid), func() string {
		b := make([]byte, 1000)
		n, err := c.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
}

// What is told, in the words of sd_notify(3); a status stays one line.
func TestTold(t *testing.T) {
	m, heard := manager(t, nil)
	for want, tell := range map[string]func() error{
		"READY=1\nSTATUS=12 torrents": func() error { return m.Ready(t.Context(), "12 torrents") },
		"STATUS=one READY=0":          func() error { return m.Status(t.Context(), "one\nREADY=0") },
		"STOPPING=1":                  func() error { return m.Stopping(t.Context()) },
	} {
		if err := tell(); err != nil {
			t.Fatal(err)
		}
		if got := heard(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Signs of life are given after the node has shown that it lives.
func TestWatch(t *testing.T) {
	m, heard := manager(t, map[string]string{"WATCHDOG_USEC": "20000", "WATCHDOG_PID": strconv.Itoa(pid)})
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Watch(ctx, func() { asked.Add(1) })
	}()
	for i := range int64(3) {
		if got := heard(); got != "WATCHDOG=1" || asked.Load() <= i {
			t.Errorf("%q after %d", got, asked.Load())
		}
	}
	cancel()
	<-done
}

// Without a manager, with one that is not there, and with a watchdog for another
// process.
func TestNobody(t *testing.T) {
	env := map[string]string{}
	get := func(k string) string { return env[k] }
	for _, socket := range []string{"", "vsock:2:1", "relative"} {
		env["NOTIFY_SOCKET"] = socket
		if err := notify.New(get, pid).Ready(t.Context(), ""); err != nil {
			t.Errorf("%q: %v", socket, err)
		}
	}
	env["NOTIFY_SOCKET"] = filepath.Join(t.TempDir(), "none")
	if err := notify.New(get, pid).Stopping(t.Context()); err == nil {
		t.Error("nobody is there, and that is not said")
	}
	env["WATCHDOG_USEC"], env["WATCHDOG_PID"] = "1", "1"
	notify.New(get, pid).Watch(t.Context(), func() { t.Error("another's watchdog is fed") })
}

//go:build linux

// Package traffic lets two programs exchange something over a cable as it is
// outside, with packets of 1,500 bytes, and records what passes.
package traffic

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/netlab"
	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
)

// mtu is that of Ethernet.
const mtu = 1500

// ServerHost is where the server listens, ClientHost where its client is.
const ServerHost = netlab.SeederHost

// ClientHost is the client's address.
func ClientHost() string { return netlab.DownloaderHost(0) }

// Events of a program's output.
const (
	Ready = "ready" // it serves
	Done  = "done"  // it has everything
)

// Exchange is a server and a client of it.
type Exchange struct {
	Server process.Command        // says Ready
	Client func() process.Command // says Done, or ends; asked for when the server is ready
	Hosts  string                 // a file that stands in for /etc/hosts, "" for none
	// Within is how long it may take.
	Within time.Duration
}

// ErrTooLong reports an exchange that did not end in time.
var ErrTooLong = errors.New("took too long")

// Record makes an exchange and writes all packets of it to capture, an absolute
// path. It returns what the client printed.
func Record(ctx context.Context, x Exchange, capture string, proc procfs.FS) (printed string, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, x.Within, ErrTooLong)
	defer cancel()
	lab, err := netlab.New(ctx, 1, mtu)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lab.Close()) }()
	if err := oneByOne(ctx, lab); err != nil {
		return "", err
	}
	server, err := process.Start(lab.Seeder, x.at(x.Server), proc)
	if err != nil {
		return "", err
	}
	defer server.Stop()
	if err := await(ctx, server, Ready); err != nil {
		return "", err
	}
	dump, err := process.Start(lab.Downloaders[0], process.Command{
		Args: []string{"tcpdump", "-i", netlab.Interface, "-s", "0", "-U", "-w", capture, "-Z", "root", "tcp"},
		Said: func(line string) string {
			if strings.Contains(line, "listening on") {
				return Ready
			}
			return ""
		},
	}, proc)
	if err != nil {
		return "", err
	}
	defer dump.Stop()
	if err := await(ctx, dump, Ready); err != nil {
		return "", err
	}
	client, err := process.Start(lab.Downloaders[0], x.at(x.Client()), proc)
	if err != nil {
		return "", err
	}
	defer client.Stop()
	if err := ended(ctx, client); err != nil {
		return "", err
	}
	return client.Output(), sleep(ctx, 400*time.Millisecond) // the last packets reach the file
}

// at is a command that knows the hosts. ip gives what it starts a view of the file
// system of its own, so nothing else does.
func (x Exchange) at(c process.Command) process.Command {
	if x.Hosts != "" {
		c.Args = append([]string{"sh", "-c", `mount --bind "$0" /etc/hosts && exec "$@"`, x.Hosts}, c.Args...)
	}
	return c
}

// oneByOne makes the kernel send packets as they would be on a cable, instead of
// one for many.
func oneByOne(ctx context.Context, lab *netlab.Lab) error {
	for ns, dev := range map[string]string{lab.Seeder: "vs0", lab.Downloaders[0]: netlab.Interface} {
		out, err := exec.CommandContext(ctx, "ip", "-n", ns, "link", "set", "dev", dev, "gso_max_segs", "1").CombinedOutput()
		if err != nil {
			return fmt.Errorf("turn offloads off: %w: %s", err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// ended waits until the client says that it is done, or ends well.
func ended(ctx context.Context, p *process.Process) error {
	err := await(ctx, p, Done)
	if errors.Is(err, errExited) {
		return p.Succeeded(time.Second)
	}
	return err
}

var errExited = errors.New("ended")

// await waits for an event.
func await(ctx context.Context, p *process.Process, event string) error {
	for {
		if _, ok := p.Event(event); ok {
			return nil
		}
		select {
		case <-p.Exited():
			if _, ok := p.Event(event); ok {
				return nil
			}
			return fmt.Errorf("wait for %s: it %w: %w", event, errExited, p.Failure(event))
		default:
		}
		if err := sleep(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("wait for %s: %w, last words: %q", event, err, p.Output())
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Lines returns what tells events from lines that are their names.
func Lines(line string) string {
	switch line = strings.TrimSpace(line); line {
	case Ready, Done:
		return line
	}
	return ""
}

// Python is a command that runs a script.
func Python(script string, env []string, args ...string) process.Command {
	return process.Command{Args: append([]string{"/usr/bin/python3", script}, args...), Env: env, Said: Lines, Dir: path.Dir(script)}
}

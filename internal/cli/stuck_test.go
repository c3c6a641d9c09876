//go:build linux

package cli_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/cli"
)

// stuck runs a node whose output nobody takes any more once it runs: it cannot say that
// it stops, and does not get further.
func stuck(t *testing.T, timeout string) (p *exec.Cmd, said *output, gone chan struct{}) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	p = exec.Command(self, "run", "--home", t.TempDir(), "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap", "--set", "stop-timeout="+timeout)
	said, gone = &output{}, make(chan struct{})
	p.Args[0], p.Stdout, p.Stderr = "warren", w, said
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(gone); _ = p.Wait() }()
	t.Cleanup(func() { _ = p.Process.Kill(); <-gone })
	lines := bufio.NewReader(r)
	for text := ""; !strings.Contains(text, "until you press Ctrl-C"); {
		if text, err = lines.ReadString('\n'); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	fd := int(w.Fd())
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{4096, 1} { // until nothing more goes in
		for {
			if _, err = unix.Write(fd, bytes.Repeat([]byte{'x'}, n)); err != nil {
				break
			}
		}
		if !errors.Is(err, unix.EAGAIN) {
			t.Fatal(err)
		}
	}
	if err := unix.SetNonblock(fd, false); err != nil {
		t.Fatal(err)
	}
	return p, said, gone
}

// A node that does not get on with stopping ends when its time is over.
func TestStopIsBounded(t *testing.T) {
	p, said, gone := stuck(t, "1s")
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case <-gone:
	case <-time.After(time.Minute):
		t.Fatalf("it goes on: %s", said)
	}
	if code := p.ProcessState.ExitCode(); code != cli.ExitFailed || !strings.Contains(said.String(), "stopping took too long and was cut short") {
		t.Errorf("exit code %d: %s", code, said)
	}
}

// The second signal ends it at once, whatever it is stuck in.
func TestSecondSignal(t *testing.T) {
	p, said, gone := stuck(t, "1h")
	for end := time.Now().Add(time.Minute); ; {
		if err := p.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		select {
		case <-gone:
			if code := p.ProcessState.ExitCode(); code != cli.ExitInterrupted || !strings.Contains(said.String(), "warren: stopped at once") {
				t.Errorf("exit code %d: %s", code, said)
			}
			return
		case <-time.After(50 * time.Millisecond): // signals that come together are one
		}
		if time.Now().After(end) {
			t.Fatalf("it goes on: %s", said)
		}
	}
}

package traffic

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
)

func TestRecord(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root for network namespaces")
	}
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed (apt-get install tcpdump)")
	}
	proc, err := procfs.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer proc.Close()
	sh := func(script string) process.Command {
		return process.Command{Args: []string{"sh", "-c", script}, Said: Lines}
	}
	hosts := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(hosts, []byte("192.0.2.7 somebody.example\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, server, client string
		printed              string
		want                 error
	}{
		{"ends", "echo ready; sleep 60", "echo hello", "hello", nil},
		{"knows hosts", "echo ready; sleep 60", "grep -o somebody /etc/hosts", "somebody", nil},
		{"says so", "echo ready; sleep 60", "echo done; sleep 60", "done", nil},
		{"fails", "echo ready; sleep 60", "exit 1", "", nil},
		{"a server that fails", "exit 1", "true", "", errExited},
		{"takes too long", "echo ready; sleep 60", "sleep 60", "", ErrTooLong},
	} {
		capture := filepath.Join(t.TempDir(), "c.pcap")
		printed, err := Record(t.Context(), Exchange{Server: sh(c.server), Client: func() process.Command { return sh(c.client) }, Within: 3 * time.Second, Hosts: hosts}, capture, proc)
		if printed != c.printed || c.want != nil && !errors.Is(err, c.want) || (err == nil) != (c.printed != "") {
			t.Errorf("%s: %q, %v", c.name, printed, err)
		}
		if info, e := os.Stat(capture); err == nil && (e != nil || info.Size() < 24) {
			t.Errorf("%s: no capture: %v", c.name, e)
		}
	}
}

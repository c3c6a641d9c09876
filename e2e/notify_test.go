package e2e

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Started as a service, a node tells the service manager when it is ready, gives signs
// of life, and tells when it stops.
func TestService(t *testing.T) {
	at := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Skip(err)
	}
	defer c.Close()
	t.Setenv("NOTIFY_SOCKET", at)
	t.Setenv("WATCHDOG_USEC", "200000")
	p := start(t, binary, "run", "--home", t.TempDir(), "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0", "--no-lsd", "--json")
	hear := func(want string) {
		t.Helper()
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		b := make([]byte, 4096)
		for {
			n, err := c.Read(b)
			if err != nil {
				t.Fatalf("no %s: %v: %s", want, err, p.log())
			}
			if strings.HasPrefix(string(b[:n]), want) {
				return
			}
		}
	}
	hear("READY=1\nSTATUS=0 torrents; peers connect to 127.0.0.1:")
	hear("WATCHDOG=1")
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	hear("STOPPING=1")
	<-p.done
}

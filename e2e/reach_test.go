//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/lab"
)

// newHome builds a machine behind a router, which speaks some protocols for
// mapping ports.
func newHome(t *testing.T, settings string) *lab.Home {
	t.Helper()
	for program, debian := range map[string]string{"miniupnpd": "miniupnpd-nftables", "nft": "nftables"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (apt-get install %s)", program, debian)
		}
	}
	h, err := lab.NewHome(t.Context())
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	conf := filepath.Join(dir, "router.conf")
	text := fmt.Sprintf("ext_ifname=%s\nlistening_ip=%s\nport=5000\nsecure_mode=yes\nuuid=00000000-0000-0000-0000-000000000001\n%s\n"+
		"allow 1024-65535 192.168.77.0/24 1024-65535\ndeny 0-65535 0.0.0.0/0 0-65535\n", lab.WAN, lab.LAN, settings)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := h.Router.Start(nil, "miniupnpd", "-d", "-f", conf, "-P", filepath.Join(dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	for end := time.Now().Add(10 * time.Second); !strings.Contains(p.Output(), "HTTP listening"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the router is not there: %s", p.Output())
		}
	}
	return h
}

// reachability waits until a warren says that it stands so.
func (p *process) reachability(want string) (external string) {
	p.t.Helper()
	p.line(30*time.Second, func(l string) bool {
		var e struct{ Event, Reachable, Method, External string }
		if json.Unmarshal([]byte(l), &e) != nil || e.Event != "reachability" {
			return false
		}
		external = e.External
		return e.Reachable+" "+e.Method == want
	})
	return external
}

// A router of somebody else's making passes the port on, somebody outside fetches
// by it, over TCP and over uTP, and at the end the router is as it was before.
func TestRouter(t *testing.T) {
	for method, settings := range map[string]string{"PCP": "enable_natpmp=yes\nenable_upnp=yes", "UPnP": "enable_natpmp=no\nenable_upnp=yes"} {
		t.Run(method, func(t *testing.T) {
			h := newHome(t, settings)
			dir := t.TempDir()
			root := content(t, dir, "holiday.bin", map[string]int{"": 3_000_000})
			torrent := filepath.Join(dir, "holiday.torrent")
			seed := warrenOn(t, h.Inside, "share", root, "--torrent", torrent, "--listen", ":6881", "--no-portmap=false")
			at := seed.reachability("probably " + method)
			if want := h.Public + ":6881"; at != want {
				t.Fatalf("the port is at %q, not %s", at, want)
			}
			for _, utp := range []string{"off", "only"} {
				out := t.TempDir()
				get := warrenOn(t, h.Outside, "get", torrent, "--peer", at, "--dir", out, "--utp", utp, "--listen", h.Outside.Host+":0", "--exit")
				get.event(patience, "done")
				same(t, root, filepath.Join(out, "holiday.bin"))
			}
			if now := seed.reachability("yes " + method); now != at {
				t.Errorf("reached at %q, not %s", now, at)
			}
			if f := forwarded(t, h); strings.Count(f, "dnat") != 2 { // TCP and UDP
				t.Errorf("the router passes on: %s", f)
			}
			_ = seed.cmd.Process.Signal(syscall.SIGINT)
			for range seed.lines { // until it is closed
			}
			<-seed.done
			if f := forwarded(t, h); strings.Contains(f, "dnat") {
				t.Errorf("left at the router: %s", f)
			}
		})
	}
}

func forwarded(t *testing.T, h *lab.Home) string {
	t.Helper()
	f, err := h.Forwarded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

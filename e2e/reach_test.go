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
	h := namespaces(t, lab.NewHome)
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

// reached is what a warren says of whether others can connect to it.
type reached struct{ Event, Reachable, Method, External, IPv4, IPv6 string }

// reachability waits until it stands as wanted.
func (p *process) reachability(want func(reached) bool) (last reached) {
	p.t.Helper()
	p.line(30*time.Second, func(l string) bool {
		var e reached
		if json.Unmarshal([]byte(l), &e) != nil || e.Event != "reachability" {
			return false
		}
		last = e
		return want(e)
	})
	return last
}

// reachable waits for an answer, by one method, and returns where that is.
func (p *process) reachable(answer, method string) (external string) {
	p.t.Helper()
	return p.reachability(func(e reached) bool { return e.Reachable == answer && e.Method == method }).External
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
			at := seed.reachable("probably", method)
			if want := h.Public + ":6881"; at != want {
				t.Fatalf("the port is at %q, not %s", at, want)
			}
			for _, utp := range []string{"off", "only"} {
				out := t.TempDir()
				get := warrenOn(t, h.Outside, "get", torrent, "--peer", at, "--dir", out, "--utp", utp, "--listen", h.Outside.Host+":0", "--exit")
				get.event(patience, "done")
				same(t, root, filepath.Join(out, "holiday.bin"))
			}
			if now := seed.reachable("yes", method); now != at {
				t.Errorf("reached at %q, not %s", now, at)
			}
			if f := forwarded(t, h); strings.Count(f, "dnat") != 2 { // TCP and UDP
				t.Errorf("the router passes on: %s", f)
			}
			leaves(t, h, seed)
		})
	}
}

// leaves ends a warren, and looks for what it has left at the router.
func leaves(t *testing.T, h *lab.Home, p *process) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGINT)
	for range p.lines { // until it is closed
	}
	<-p.done
	if f := forwarded(t, h); strings.Contains(f, "6881") {
		t.Errorf("left at the router: %s", f)
	}
}

// Of IPv6 nothing is translated; the router opens its firewall for the port.
func TestFirewall(t *testing.T) {
	h := newHome(t, "enable_natpmp=yes\nenable_upnp=yes")
	dir, out := t.TempDir(), t.TempDir()
	root := content(t, dir, "holiday.bin", map[string]int{"": 3_000_000})
	torrent := filepath.Join(dir, "holiday.torrent")
	seed := warrenOn(t, h.Inside, "share", root, "--torrent", torrent, "--listen", ":6881", "--no-portmap=false")
	seed.reachability(func(e reached) bool { return e.IPv4 == "probably" && e.IPv6 == "probably" })
	if f := forwarded(t, h); strings.Count(f, "accept") != 4 { // TCP and UDP of both families
		t.Errorf("the router lets in: %s", f)
	}
	get := warrenOn(t, h.Outside, "get", torrent, "--peer", "["+h.Inside6+"]:6881", "--dir", out, "--listen", "[::]:0", "--exit")
	get.event(patience, "done")
	same(t, root, filepath.Join(out, "holiday.bin"))
	now := seed.reachability(func(e reached) bool { return e.IPv6 == "yes" })
	if want := "[" + h.Inside6 + "]:6881"; now.External != want || now.IPv4 != "probably" {
		t.Errorf("reached at %+v, not %s", now, want)
	}
	leaves(t, h, seed)
}

func forwarded(t *testing.T, h *lab.Home) string {
	t.Helper()
	f, err := h.Forwarded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

//go:build linux

package e2e

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/lab"
	"github.com/warren-p2p/warren/internal/netpolicy/proxy/proxytest"
	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// fork is a machine with two ways out, what is at their end, and what is seen on
// each way.
type fork struct {
	t *testing.T
	*lab.Fork
	names         *lab.Names
	dir, root     string
	torrent       string
	seed          string // where a seed listens
	byHTTP        string // URL of a tracker that tells of it
	home, vpn     string // packets
	stopRecording []func()
}

// newFork builds it, with a seed that takes some seconds to serve everything.
func newFork(t *testing.T) *fork {
	t.Helper()
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed (apt-get install tcpdump)")
	}
	l := namespaces(t, lab.NewFork)
	f := &fork{t: t, Fork: l, dir: t.TempDir(), seed: l.Far.Host + ":7000"}
	var err error
	if f.names, err = l.Far.Names(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.names.Close)
	f.byHTTP = strings.Replace(trackerOn(t, l.Far, f.seed).URL, l.Far.Host, "tracker.example", 1)
	f.root = content(t, f.dir, "holiday.bin", map[string]int{"": 6_000_000})
	f.torrent = filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", f.root, "-o", f.torrent)
	seed := warrenOn(t, l.Far, "share", f.torrent, "--dir", f.dir, "--listen", f.seed, "--limit-up", "1MB", "--no-lsd")
	seed.event(patience, "ready")
	return f
}

// record keeps the packets of both ways from now on.
func (f *fork) record() {
	f.home, f.vpn = f.capture(lab.HomeLink), f.capture(lab.VPN)
}

func (f *fork) capture(link string) (file string) {
	f.t.Helper()
	file = filepath.Join(f.t.TempDir(), link)
	p, err := f.Near.Start(nil, "tcpdump", "-i", link, "-U", "-s", "256", "-Z", "root", "-w", file)
	if err != nil {
		f.t.Skip(err)
	}
	f.t.Cleanup(p.Stop)
	for deadline := time.Now().Add(patience); !strings.Contains(p.Output(), "listening on"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatal("tcpdump does not begin: " + p.Output())
		}
	}
	f.stopRecording = append(f.stopRecording, p.Stop)
	return file
}

// stop ends recording.
func (f *fork) stop() {
	time.Sleep(time.Second) // what it has seen it writes at once
	for _, s := range f.stopRecording {
		s()
	}
}

// packets returns those that left, as a filter wants them (pcap-filter(7)).
func (f *fork) packets(file, from, filter string) string {
	f.t.Helper()
	out, err := exec.Command("tcpdump", "-n", "-r", file, from+" and ("+filter+")").Output()
	if err != nil {
		f.t.Fatalf("read %s: %v", file, err)
	}
	return string(out)
}

// notKernel leaves out what the kernel sends by itself: who has which address, of which
// groups it is (the only ones with a header hop by hop), and what it answers to who goes
// on with a connection that has ended here, or speaks to a port that nobody listens on
// just now. Such a RST acknowledges nothing or has the sequence number 0 (RFC 9293,
// section 3.10.7.1), unlike that of a socket. No socket sends these, so that none can keep
// them to an interface.
const notKernel = "not arp and not icmp and not icmp6 and not ip6[6] == 0" +
	" and not (ip and tcp[tcpflags] & tcp-rst != 0 and (tcp[tcpflags] & tcp-ack == 0 or tcp[4:4] == 0))"

// everything has a warren use all there is: a tracker by its name, the DHT, the local
// network, the router.
func (f *fork) everything(tracker ...string) []string {
	return append([]string{
		"get", f.torrent, "--exit", "--listen", ":7001", "--dht-node", "dht.example:6881", "--no-dht=false",
		"--no-portmap=false", "--name-server", f.Far.Host,
	}, tracker...)
}

// overUDP is a tracker that does not answer, so that the seed is named beside it.
func (f *fork) overUDP() []string {
	return []string{"--tracker", "udp://udp.example:6969/announce", "--peer", f.seed}
}

// outlet waits until the interface is said to be up, or down.
func (p *process) outlet(up bool) {
	p.t.Helper()
	p.line(patience, func(l string) bool {
		var e struct {
			Event string
			Up    bool
		}
		return json.Unmarshal([]byte(l), &e) == nil && e.Event == "interface" && e.Up == up
	})
}

// Bound to one interface, nothing leaves by the other, which all routes prefer:
// neither at the start, nor while the interface goes and comes in the middle of a
// transfer, nor at the end.
func TestInterface(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to      func(*fork) string
		tracker func(*fork) []string
		filter  string
	}{
		"by name":    {func(*fork) string { return lab.VPN }, func(f *fork) []string { return []string{"--tracker", f.byHTTP} }, "tcp[tcpflags] & tcp-syn != 0 and not port 7000"},
		"by address": {func(f *fork) string { return f.Tunnel }, (*fork).overUDP, "udp port 6969"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFork(t)
			f.record()
			out := t.TempDir()
			get := warrenOn(t, f.Near, append(f.everything(c.tracker(f)...), "--interface", c.to(f), "--dir", out)...)
			get.line(patience, func(l string) bool {
				var e event
				return json.Unmarshal([]byte(l), &e) == nil && e.Bytes > 3_500_000
			})
			if err := f.Cut(t.Context()); err != nil {
				t.Fatal(err)
			}
			get.outlet(false)
			time.Sleep(5 * time.Second) // in which it would try
			if err := f.Mend(t.Context()); err != nil {
				t.Fatal(err)
			}
			get.outlet(true)
			get.event(2*patience, "done")
			<-get.done
			same(t, f.root, filepath.Join(out, "holiday.bin"))
			f.stop()
			if p := f.packets(f.home, "ip or ip6", notKernel); p != "" {
				t.Errorf("by the other interface went:\n%s", p)
			}
			for what, filter := range map[string]string{
				"names": "udp port 53", "connections": "tcp port 7000", "a tracker": c.filter,
				"the DHT": "udp port 6881", "multicast": "dst net 224.0.0.0/4 and udp",
			} {
				if f.packets(f.vpn, "ip or ip6", filter) == "" {
					t.Errorf("by the interface did not go: %s", what)
				}
			}
		})
	}
}

// Without being bound all of that goes by the other interface: the test above looks
// where it has to.
func TestNoInterface(t *testing.T) {
	t.Parallel()
	f := newFork(t)
	f.record()
	out := t.TempDir()
	get := warrenOn(t, f.Near, append(f.everything(f.overUDP()...), "--dir", out)...)
	get.event(2*patience, "done")
	<-get.done
	f.stop()
	for _, filter := range []string{"udp port 53", "tcp port 7000", "udp port 6969", "udp port 6881", "dst net 224.0.0.0/4 and udp"} {
		if f.packets(f.home, "ip or ip6", filter) == "" {
			t.Errorf("by the other interface did not go: %s", filter)
		}
	}
}

// Through a proxy, nothing leaves for anybody but the proxy: trackers by name, the DHT
// and uTP among it, also while the proxy goes and comes in the middle of a transfer.
func TestProxy(t *testing.T) {
	t.Parallel()
	f := newFork(t)
	cfg := proxytest.Config{
		Sockets: f.Far, Host: f.Gate, Auth: socks.Auth{User: "me", Password: "secret"},
		Lookup: func(string) string { return f.Far.Host },
	}
	proxy, err := proxytest.Start(cfg, 1080)
	if err != nil {
		t.Fatal(err)
	}
	f.record()
	out := t.TempDir()
	get := warrenOn(t, f.Near, "get", f.torrent, "--exit", "--listen", ":7001", "--tracker", f.byHTTP, "--dht-node", f.Far.Host+":6881",
		"--no-dht=false", "--no-portmap=false", "--proxy", "socks5://me:secret@"+f.Gate, "--dir", out)
	get.line(patience, func(l string) bool {
		var e event
		return json.Unmarshal([]byte(l), &e) == nil && e.Bytes > 2_000_000
	})
	targets := strings.Join(proxy.Targets(), " ")
	proxy.Close()
	time.Sleep(3 * time.Second) // in which it would try
	if proxy, err = proxytest.Start(cfg, 1080); err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	get.event(2*patience, "done")
	<-get.done
	same(t, f.root, filepath.Join(out, "holiday.bin"))
	f.stop()
	if !strings.Contains(targets, "tracker.example:") || !strings.Contains(targets, f.seed) {
		t.Errorf("the proxy was asked for %s", targets)
	}
	if p := f.packets(f.home, "ip or ip6", notKernel); p != "" {
		t.Errorf("beside the proxy went:\n%s", p)
	}
	if p := f.packets(f.vpn, "ip or ip6", notKernel+" and not host "+f.Gate); p != "" {
		t.Errorf("to others than the proxy went:\n%s", p)
	}
	if f.packets(f.vpn, "ip", "udp and dst host "+f.Gate) == "" {
		t.Error("no datagrams went by the proxy")
	}
}

package dht_test

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// socket opens a UDP socket on loopback.
func socket(t testing.TB, network, addr string) net.PacketConn {
	t.Helper()
	c, err := netpolicy.Direct{}.ListenPacket(t.Context(), network, addr)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// start starts a node on loopback that begins with others.
func start(t testing.TB, home vfs.FS, bootstrap ...netip.AddrPort) *dht.Node {
	t.Helper()
	cfg := dht.Config{
		IPv4: socket(t, "udp4", "127.0.0.1:0"),
		Home: home, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
		Resolve: netpolicy.Direct{}.Resolve,
	}
	for _, b := range bootstrap {
		cfg.Bootstrap = append(cfg.Bootstrap, b.String())
	}
	n, err := dht.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return n
}

// waitFor waits until something is so.
func waitFor(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Helper()
			panic("in vain: " + what)
		}
	}
}

// network starts nodes that know each other through the first.
func network(t testing.TB, size int) []*dht.Node {
	t.Helper()
	nodes := []*dht.Node{start(t, memfs.New())}
	for range size - 1 {
		nodes = append(nodes, start(t, memfs.New(), nodes[0].Addrs()[0]))
	}
	for _, n := range nodes {
		waitFor(t, "every node knows others", func() bool { return n.Stats().Nodes >= min(size-1, 3) })
	}
	return nodes
}

// find looks an info-hash up.
func find(t testing.TB, n *dht.Node, hash [20]byte) ([]netip.AddrPort, dht.Result) {
	t.Helper()
	var mu sync.Mutex
	var list []netip.AddrPort
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := n.Find(ctx, hash, func(found []netip.AddrPort) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, found...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, r
}

func TestNodesFindEachOthersPeers(t *testing.T) {
	t.Parallel()
	nodes := network(t, 12)
	hash := [20]byte{0xde, 0xad, 0xbe, 0xef}
	for i, port := range []uint16{6881, 6882} {
		r, err := nodes[1+i].Announce(t.Context(), hash, dht.Announcement{Port: port}, func([]netip.AddrPort) {})
		if err != nil || r.Told == 0 {
			t.Fatalf("announce: %+v, %v", r, err)
		}
	}
	r, err := nodes[3].Announce(t.Context(), hash, dht.Announcement{Implied: true}, func([]netip.AddrPort) {})
	if err != nil || r.Told == 0 {
		t.Fatalf("announce: %+v, %v", r, err)
	}
	want := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:6881"), netip.MustParseAddrPort("127.0.0.1:6882"), nodes[3].Addrs()[0]}
	for _, n := range nodes {
		got, r := find(t, n, hash)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%v found %v, without %v (%+v)", n.Addrs(), got, w, r)
			}
		}
	}
	if got, _ := find(t, nodes[5], [20]byte{1}); len(got) != 0 {
		t.Errorf("found %v of a torrent nobody has", got)
	}
}

// The two families are two DHTs on one node (BEP 32).
func TestBothFamilies(t *testing.T) {
	t.Parallel()
	probe, err := netpolicy.Direct{}.ListenPacket(t.Context(), "udp6", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no IPv6:", err)
	}
	probe.Close()
	both := func(entries ...netip.AddrPort) *dht.Node {
		cfg := dht.Config{
			IPv4: socket(t, "udp4", "127.0.0.1:0"), IPv6: socket(t, "udp6", "[::1]:0"),
			Home: memfs.New(), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Resolve: netpolicy.Direct{}.Resolve,
		}
		for _, e := range entries {
			cfg.Bootstrap = append(cfg.Bootstrap, e.String())
		}
		n, err := dht.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { n.Close() })
		return n
	}
	first := both()
	nodes := []*dht.Node{first, both(first.Addrs()...), both(first.Addrs()...)}
	for _, n := range nodes {
		waitFor(t, "everybody knows everybody twice", func() bool { return n.Stats().Nodes >= 4 })
	}
	hash := [20]byte{9}
	if r, err := nodes[1].Announce(t.Context(), hash, dht.Announcement{Port: 7}, func([]netip.AddrPort) {}); err != nil || r.Told < 4 {
		t.Fatalf("%+v, %v", r, err)
	}
	got, _ := find(t, nodes[2], hash)
	slices.SortFunc(got, netip.AddrPort.Compare)
	if want := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:7"), netip.MustParseAddrPort("[::1]:7")}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

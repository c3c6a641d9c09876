package dht_test

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/dht/krpc"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// fake is a node that answers each query as a test likes.
func fake(t testing.TB, answer func(q krpc.Message, from netip.AddrPort) [][]byte) netip.AddrPort {
	t.Helper()
	c := socket(t, "udp4", "127.0.0.1:0")
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFrom(b)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if q, err := krpc.Parse(b[:n]); err == nil && q.Kind == krpc.Query {
				for _, p := range answer(q, from.(*net.UDPAddr).AddrPort()) {
					_, _ = c.WriteTo(p, from)
				}
			}
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

func good(q krpc.Message) krpc.Message {
	return krpc.Message{Kind: krpc.Reply, T: q.T, From: krpc.ID{0x55}, Token: "token"}
}

// nonsense are things that crash or confuse who does not look.
func nonsense(q krpc.Message) [][]byte {
	t := string(rune('0'+len(q.T))) + ":" + q.T
	r := func(body string) []byte {
		return []byte("d1:rd2:id20:abcdefghij0123456789" + body + "e1:t" + t + "1:y1:re")
	}
	return [][]byte{
		nil, []byte("d"), []byte("de"), []byte("garbage"), []byte("i1e"), []byte(strings.Repeat("d1:a", 300)),
		[]byte("d1:q13:announce_peer1:t2:aa1:y1:qe"), []byte("d1:q3:put1:t2:aa1:y1:qe"), []byte("d1:q3:get1:t2:aa1:y1:qe"),
		[]byte("d1:ad2:id20:" + strings.Repeat("\x00", 20) + "e1:q4:ping1:t2:aa1:y1:qe"),
		[]byte("d1:rd2:id20:abcdefghij0123456789e1:t4:aaaa1:y1:re"),
		r("6:valuesl0:1:aee"), r("5:nodes1:a"), r("6:nodes637:" + strings.Repeat("a", 37)),
		[]byte("d2:ip1:a1:rd2:id20:abcdefghij01234567895:nodes0:e1:t" + t + "1:y1:re"),
		[]byte("d1:rd2:id2:abe1:t" + t + "1:y1:re"), []byte("d1:rle1:t" + t + "1:y1:re"), []byte("d1:e0:1:t" + t + "1:y1:ee"),
		[]byte("d1:ei5e1:t" + t + "1:y1:ee"), []byte("d1:t" + t + "1:y1:re"), []byte("d1:t" + t + "1:y1:ee"),
	}
}

// Nodes that answer nonsense do not keep a node from finding what honest ones know.
func TestNonsense(t *testing.T) {
	nodes := network(t, 4)
	hash := [20]byte{0x12}
	if r, err := nodes[1].Announce(t.Context(), hash, dht.Announcement{Port: 7000}, func([]netip.AddrPort) {}); err != nil || r.Told == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	for range 4 {
		liar := fake(t, func(q krpc.Message, _ netip.AddrPort) [][]byte { return nonsense(q) })
		for _, n := range nodes {
			n.Hear(liar)
		}
	}
	c := socket(t, "udp4", "127.0.0.1:0")
	defer c.Close()
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 { // unasked as well
		for _, n := range nodes {
			b := make([]byte, chance.IntN(200))
			for j := range b {
				b[j] = byte(chance.Uint32())
			}
			if i%2 == 0 {
				all := nonsense(krpc.Message{T: "aaaa"})
				b = all[i/2%len(all)]
			}
			_, _ = c.WriteTo(b, net.UDPAddrFromAddrPort(n.Addrs()[0]))
		}
	}
	for _, n := range nodes {
		if got, r := find(t, n, hash); !slices.Equal(got, []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:7000")}) {
			t.Errorf("found %v (%+v)", got, r)
		}
	}
}

// A node that names closer nodes without end, and peers without end, ends nowhere
// but at the bounds.
func TestEndless(t *testing.T) {
	t.Parallel()
	hash := krpc.ID{0x77}
	here := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	liar := fake(t, func(q krpc.Message, _ netip.AddrPort) [][]byte {
		r := good(q)
		for range 8 {
			id := hash
			for i := 2; i < 20; i++ {
				id[i] = byte(rand.Uint32())
			}
			// Ports of the same machine: each is another node to the one that asks.
			r.Nodes = append(r.Nodes, krpc.Contact{ID: id, Addr: netip.AddrPortFrom(here, uint16(20000+rand.IntN(20000)))})
		}
		for range 60 {
			r.Values = append(r.Values, netip.AddrPortFrom(netip.AddrFrom4([4]byte{1, byte(rand.Uint32()), byte(rand.Uint32()), 1}), 1))
		}
		return [][]byte{r.Append(nil)}
	})
	n := start(t, memfs.New(), liar)
	waitFor(t, "it knows the liar", func() bool { return n.Stats().Nodes > 0 })
	began := time.Now()
	found := 0
	_, err := n.Find(t.Context(), hash, func(list []netip.AddrPort) { found += len(list) })
	if err != nil || found == 0 || found > 1000 {
		t.Errorf("found %d, %v", found, err)
	}
	if took := time.Since(began); took > 50*time.Second {
		t.Errorf("took %v", took)
	}
}

// What a node on this machine names elsewhere than here and on the Internet is not
// passed on; package gate has the other cases.
func TestNoHost(t *testing.T) {
	liar := fake(t, func(q krpc.Message, _ netip.AddrPort) [][]byte {
		r := good(q)
		r.Values = []netip.AddrPort{
			netip.MustParseAddrPort("10.0.0.1:80"), netip.MustParseAddrPort("0.0.0.0:80"),
			netip.MustParseAddrPort("224.0.0.1:80"), netip.MustParseAddrPort("1.2.3.4:80"),
		}
		return [][]byte{r.Append(nil)}
	})
	n := start(t, memfs.New(), liar)
	waitFor(t, "it knows the liar", func() bool { return n.Stats().Nodes > 0 })
	if got, _ := find(t, n, [20]byte{1}); !slices.Equal(got, []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:80")}) {
		t.Errorf("found %v", got)
	}
}

// A flood of queries takes neither memory nor goroutines for good.
func TestFlood(t *testing.T) {
	n := start(t, memfs.New())
	c := socket(t, "udp4", "127.0.0.1:0")
	defer c.Close()
	before := runtime.NumGoroutine()
	var most int
	for i := range 30_000 {
		q := krpc.Message{Kind: krpc.Query, T: "aa", From: krpc.ID{byte(i), byte(i >> 8)}, Method: krpc.GetPeers, Target: krpc.ID{byte(i)}, HasTarget: true}
		_, _ = c.WriteTo(q.Append(nil), net.UDPAddrFromAddrPort(n.Addrs()[0]))
		most = max(most, runtime.NumGoroutine())
	}
	if most > before+50 {
		t.Errorf("%d goroutines, %d before", most, before)
	}
}

func TestAlone(t *testing.T) {
	n := start(t, memfs.New())
	if _, err := n.Find(t.Context(), [20]byte{1}, func([]netip.AddrPort) {}); !errors.Is(err, dht.ErrAlone) {
		t.Errorf("nobody is there: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Find(t.Context(), [20]byte{1}, func([]netip.AddrPort) {}); !errors.Is(err, dht.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// A node finds the others again without being told of any, under the same id.
func TestRestart(t *testing.T) {
	nodes := network(t, 6)
	home := memfs.New()
	n := start(t, home, nodes[0].Addrs()[0])
	waitFor(t, "it knows others", func() bool { return n.Stats().Nodes >= 3 })
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n = start(t, home)
	waitFor(t, "it knows them again", func() bool { return n.Stats().Nodes >= 3 })

	f, err := home.OpenFile("dht.json", os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(`{"ipv4":{"nodes":["[::1]:5"]}}`), 0); err != nil {
		t.Fatal(err)
	}
	f.Close()
	start(t, home) // what cannot be used is not
}

// A peer that says where its node is gets us into the DHT (BEP 5: port).
func TestHear(t *testing.T) {
	nodes := network(t, 3)
	n := start(t, memfs.New())
	n.Hear(nodes[0].Addrs()[0])
	waitFor(t, "it knows all", func() bool { return n.Stats().Nodes >= 3 })
}

// Close does not wait for nodes that do not answer.
func TestCloseUnderWay(t *testing.T) {
	silent := fake(t, func(q krpc.Message, _ netip.AddrPort) [][]byte {
		if q.Method == krpc.GetPeers {
			return nil
		}
		r := good(q)
		return [][]byte{r.Append(nil)}
	})
	n := start(t, memfs.New(), silent)
	waitFor(t, "it knows the node", func() bool { return n.Stats().Nodes > 0 })
	ended := make(chan error, 1)
	go func() {
		_, err := n.Find(t.Context(), [20]byte{1}, func([]netip.AddrPort) {})
		ended <- err
	}()
	time.Sleep(20 * time.Millisecond) // the query is under way, or it is not: both have to end
	began := time.Now()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, dht.ErrClosed) {
		t.Errorf("the lookup ended with %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %v", took)
	}
}

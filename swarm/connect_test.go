package swarm_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm"
)

// spy counts the dials of a host, by the first byte that was sent.
type spy struct {
	netpolicy.Policy
	dials atomic.Int64
	tls   atomic.Int64
	clear atomic.Int64
}

func (s *spy) Dial(ctx context.Context, addr string) (net.Conn, error) {
	s.dials.Add(1)
	c, err := s.Policy.Dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	return &spied{Conn: c, s: s}, nil
}

type spied struct {
	net.Conn
	s    *spy
	once sync.Once
}

// hello reports whether a connection begins with a TLS client hello. One byte of
// it would not tell: MSE begins with random ones.
func hello(b []byte) bool { return len(b) > 5 && b[0] == 0x16 && b[1] == 3 && b[5] == 1 }

func (c *spied) Write(b []byte) (int, error) {
	c.once.Do(func() {
		if hello(b) {
			c.s.tls.Add(1)
		} else {
			c.s.clear.Add(1)
		}
	})
	return c.Conn.Write(b)
}

// watched starts a node whose dials are counted.
func (w *world) watched(change func(*swarm.Config)) (*node, *spy) {
	s := &spy{}
	n := w.start(func(cfg *swarm.Config) {
		s.Policy = cfg.Policy
		cfg.Policy = s
		if change != nil {
			change(cfg)
		}
	})
	return n, s
}

// A peer that proves over TLS to know the torrent, and then does not want us,
// has TLS: it is not asked in clear.
func TestNoClearAfterProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(20, map[string]int{"file.bin": 300_000})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.torrent.Stop()
		get, seen := w.watched(nil)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(10 * time.Second)
		seed.torrent.Start()
		get.wait(10 * time.Minute)
		if seen.clear.Load() != 0 || seen.tls.Load() < 2 {
			t.Errorf("%d dials in clear, %d over TLS", seen.clear.Load(), seen.tls.Load())
		}
		together(seed.close, get.close)
	})
}

// A dial that is cut off by us says nothing about the peer: not after Stop, and
// not in the next session.
func TestCutOffDialTeachesNothing(t *testing.T) {
	for name, cut := range map[string]func(*node){
		"stop": func(n *node) { n.torrent.Stop() },
		"close": func(n *node) {
			n.close()
			n.open(nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(21, map[string]int{"file.bin": 300_000})
				m := c.create(t, create.V2, 64<<10)
				w := newWorld(t)
				at := netip.MustParseAddrPort("10.9.9.9:6881")
				mute, err := w.net.Host(at.Addr()).Listen(context.Background(), at.String())
				if err != nil {
					t.Fatal(err)
				}
				get := w.start(nil)
				get.add(m, swarm.TLSPrefer)
				get.torrent.AddPeers(at)
				time.Sleep(time.Second)
				cut(get)
				_ = mute.Close()
				seed := &node{w: w, ip: at.Addr(), home: newDisk(), disk: newDisk()}
				seed.open(func(cfg *swarm.Config) { cfg.Listen = at.String() })
				c.write(t, seed.disk)
				seed.add(m, swarm.TLSPrefer)
				seed.wait(time.Minute)
				if name == "stop" {
					get.torrent.Start()
				} else {
					get.add(m, swarm.TLSPrefer, seed)
				}
				get.wait(time.Minute)
				if st := get.torrent.Status(); st.SecretBytes != st.Received {
					t.Errorf("%d of %d bytes over TLS", st.SecretBytes, st.Received)
				}
				together(seed.close, get.close)
			})
		})
	}
}

// A node that is given its own address finds that out and leaves it at that.
func TestOurself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(22, map[string]int{"file.bin": 100_000})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		n, seen := w.watched(nil)
		n.add(m, swarm.TLSPrefer)
		n.torrent.AddPeers(n.addr())
		time.Sleep(time.Hour)
		if d := seen.dials.Load(); d != 1 {
			t.Errorf("dialled itself %d times", d)
		}
		n.close()
	})
}

// Two nodes that dial each other at once keep exactly one connection, the same
// one, whatever their policies.
func TestSimultaneousOpen(t *testing.T) {
	c := sample(23, map[string]int{"file.bin": 100_000})
	m := c.create(t, create.Hybrid, 64<<10)
	for round := range 40 {
		policies := []swarm.TLSPolicy{swarm.TLSPrefer, []swarm.TLSPolicy{swarm.TLSPrefer, swarm.TLSRequire, swarm.TLSOff}[round%3]}
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			nodes := []*node{w.start(nil), w.start(nil)}
			for i, n := range nodes {
				tor, err := n.session.Add(swarm.Options{Metainfo: m, Content: n.disk, TLS: policies[i], Paused: true})
				if err != nil {
					t.Fatal(err)
				}
				n.torrent = tor
				tor.AddPeers(nodes[1-i].addr())
			}
			together(nodes[0].torrent.Start, nodes[1].torrent.Start)
			time.Sleep(500 * time.Millisecond)
			a, b := nodes[0].torrent.Peers(), nodes[1].torrent.Peers()
			if len(a) != 1 || len(b) != 1 || a[0].Incoming == b[0].Incoming || a[0].Kind != b[0].Kind {
				t.Errorf("round %d: %+v and %+v", round, a, b)
			}
			for _, n := range nodes {
				n.torrent.Stop()
				time.Sleep(time.Second)
				if dialing, open := n.session.InUse(); dialing != 0 || open != 0 {
					t.Errorf("round %d: %d dials and %d connections are counted", round, dialing, open)
				}
			}
			together(nodes[0].close, nodes[1].close)
		})
	}
}

// A peer that is connected is not dialled as well: each of the two might give up
// the connection that has found its speed, as the ids of the peers have it.
func TestCallerNotDialled(t *testing.T) {
	c := sample(23, map[string]int{"file.bin": 100_000})
	m := c.create(t, create.Hybrid, 64<<10)
	for round := range 8 {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			caller := w.start(nil)
			called, seen := w.watched(nil)
			called.add(m, swarm.TLSPrefer)
			caller.add(m, swarm.TLSPrefer, called)
			time.Sleep(10 * time.Second)
			called.torrent.AddPeers(caller.addr())
			time.Sleep(time.Minute)
			peers := called.torrent.Peers()
			if d := seen.dials.Load(); d != 0 || len(peers) != 1 || time.Since(peers[0].Since) < time.Minute {
				t.Errorf("round %d: %d dials, %+v", round, d, peers)
			}
			together(caller.close, called.close)
		})
	}
}

// A peer that says it listens elsewhere keeps no place when it has gone.
func TestPeerNamesAnotherPort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(24, map[string]int{"file.bin": 300_000})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		host := netip.MustParseAddr("10.9.9.9")
		l, err := w.net.Host(host).Listen(context.Background(), "10.9.9.9:6881")
		if err != nil {
			t.Fatal(err)
		}
		get := w.start(func(cfg *swarm.Config) { cfg.MaxPeers = 1 })
		get.add(m, swarm.TLSOff)
		get.torrent.AddPeers(netip.MustParseAddrPort("10.9.9.9:6881"))
		nc, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		p := &wire{t, nc}
		p.read(peerwire.HandshakeLen)
		p.send(append(shake(m, 7), peerwire.AppendExtended(nil, 0, extension.Handshake{P: 1}.Append(nil))...))
		time.Sleep(time.Second)
		_, _ = nc.Close(), l.Close()
		seed := w.seeder(m, c, swarm.TLSOff)
		get.torrent.AddPeers(seed.addr())
		get.wait(time.Minute)
		together(seed.close, get.close)
	})
}

// halfPeer answers over TLS under one info-hash of a hybrid only, as a node does
// that knows the torrent from a magnet link with that one.
func halfPeer(t *testing.T, w *world, id transport.ID) (at netip.AddrPort, names chan [20]byte, stop func()) {
	t.Helper()
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	names = make(chan [20]byte, 8)
	port, err := transport.Listen(context.Background(), "10.9.9.9:6881", transport.Config{
		Policy: w.net.Host(netip.MustParseAddr("10.9.9.9")), Certificate: cert,
		Handle: func(in transport.Incoming) {
			go func() {
				b := make([]byte, peerwire.HandshakeLen)
				if _, err := in.Conn.Read(b); err == nil {
					h, _ := peerwire.ParseHandshake(b)
					names <- h.InfoHash
				}
				_ = in.Conn.Close()
			}()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := port.Add(id); err != nil {
		t.Fatal(err)
	}
	return netip.MustParseAddrPort(port.Addr().String()), names, func() { _ = port.Close() }
}

// A peer that knows one half of a hybrid is reached over TLS, and is spoken to by
// the name that it knows.
func TestHalfOfHybrid(t *testing.T) {
	c := sample(25, map[string]int{"file.bin": 100_000})
	m := c.create(t, create.Hybrid, 64<<10)
	h := m.Hashes()
	for name, id := range map[string]transport.ID{
		"v1": {V1: h.V1, HasV1: true},
		"v2": {V2: h.V2, HasV2: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				at, names, stop := halfPeer(t, w, id)
				get, seen := w.watched(nil)
				get.add(m, swarm.TLSPrefer)
				get.torrent.AddPeers(at)
				if got := <-names; got != id.Wire() {
					t.Errorf("spoken to as %x, not %x", got, id.Wire())
				}
				if seen.clear.Load() > 0 {
					t.Errorf("%d dials in clear", seen.clear.Load())
				}
				get.close()
				stop()
			})
		})
	}
}

// front listens before a node and hangs up on what begins with TLS, as a client
// does that has never heard of it.
func (w *world) front(n *node, at netip.AddrPort) (stop func()) {
	l, err := w.net.Host(at.Addr()).Listen(context.Background(), at.String())
	if err != nil {
		w.t.Fatal(err)
	}
	var wg sync.WaitGroup
	relay := func(in net.Conn) {
		defer in.Close()
		b := make([]byte, 32<<10)
		k, err := in.Read(b)
		if err != nil || hello(b[:k]) {
			return
		}
		out, err := w.net.Host(at.Addr()).Dial(context.Background(), n.addr().String())
		if err != nil {
			return
		}
		defer out.Close()
		_, _ = out.Write(b[:k])
		wg.Go(func() { _, _ = io.Copy(in, out); _ = in.Close() })
		_, _ = io.Copy(out, in)
	}
	wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { relay(in) })
		}
	})
	return func() { _ = l.Close(); wg.Wait() }
}

// What was learnt about peers holds in the next session, after a crash as well:
// who has no TLS is not asked for it within the day. Who was seen with it is never
// asked in clear, nor is who has said that it has it while somebody kept us from
// using it.
func TestVerdictsLast(t *testing.T) {
	for _, crash := range []bool{false, true} {
		for _, peer := range []string{"legacy", "seen", "stripped"} {
			t.Run(fmt.Sprintf("%s/crash=%t", peer, crash), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { verdictLasts(t, peer, crash) })
			})
		}
	}
}

func verdictLasts(t *testing.T, peer string, crash bool) {
	legacy, policy := peer == "legacy", swarm.TLSPrefer
	if legacy {
		policy = swarm.TLSOff
	}
	c := sample(26, map[string]int{"file.bin": 100_000})
	m := c.create(t, create.V1, 64<<10)
	w := newWorld(t)
	seed := w.seeder(m, c, policy)
	at := netip.MustParseAddrPort("10.8.8.8:6881")
	stop := func() {}
	if peer != "seen" {
		stop = w.front(seed, at)
	} else {
		at = seed.addr()
	}
	get := w.start(nil)
	get.add(m, swarm.TLSPrefer).AddPeers(at)
	get.wait(time.Minute)
	time.Sleep(2 * time.Minute)
	next := &node{w: w, ip: get.ip, home: get.home, disk: newDisk()}
	if crash { // what lies on disk a moment before the end
		next.home = get.home.Crash(1)
	}
	get.close()
	if peer == "seen" { // from now on it has no TLS
		seed.close()
		seed.ip = netip.MustParseAddr("10.8.8.8")
		seed.open(nil)
		seed.add(m, swarm.TLSOff)
		stop = w.front(seed, at)
	}
	seen := &spy{}
	next.open(func(cfg *swarm.Config) {
		seen.Policy = cfg.Policy
		cfg.Policy = seen
	})
	next.add(m, swarm.TLSPrefer).AddPeers(at)
	time.Sleep(5 * time.Minute)
	switch st := next.torrent.Status(); {
	case legacy && (st.State != swarm.StateSeeding || seen.tls.Load() != 0):
		t.Errorf("a legacy peer: state %v after %d dials over TLS", st.State, seen.tls.Load())
	case !legacy && (st.State != swarm.StateDownloading || st.PiecesDone != 0 || seen.clear.Load() != 0 || seen.tls.Load() == 0):
		t.Errorf("a peer with TLS: state %v after %d dials in clear, %d over TLS", st.State, seen.clear.Load(), seen.tls.Load())
	}
	together(seed.close, next.close)
	stop()
}

// Strangers that connect and say nothing more keep nobody else out for long.
func TestMuteStrangers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(27, map[string]int{"file.bin": 100_000})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSOff)
		var open []net.Conn
		for i := range 300 { // of one network, so others are not kept out at all
			nc, err := w.net.Host(netip.AddrFrom4([4]byte{10, 200, 0, byte(i)})).Dial(t.Context(), seed.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := nc.Write(shake(m, 1)[:20]); err != nil && i < 64 {
				t.Fatal(err)
			}
			open = append(open, nc)
		}
		get := w.start(nil)
		get.add(m, swarm.TLSOff, seed)
		get.wait(3 * time.Second)
		for _, nc := range open {
			_ = nc.SetReadDeadline(time.Now().Add(time.Minute))
			if _, err := nc.Read(make([]byte, 1)); errors.Is(err, context.DeadlineExceeded) || err == nil {
				t.Fatalf("a stranger is still there: %v", err)
			}
		}
		together(seed.close, get.close)
	})
}

package swarm_test

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// natted is a host behind a NAT that lets in only who was sent something before.
type natted struct{ netpolicy.Policy }

func (n natted) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	c, err := n.Policy.ListenPacket(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &filtered{PacketConn: c, known: map[string]bool{}}, nil
}

type filtered struct {
	net.PacketConn
	mu    sync.Mutex
	known map[string]bool
}

func (f *filtered) WriteTo(b []byte, to net.Addr) (int, error) {
	f.mu.Lock()
	f.known[to.String()] = true
	f.mu.Unlock()
	return f.PacketConn.WriteTo(b, to)
}

func (f *filtered) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := f.PacketConn.ReadFrom(b)
		f.mu.Lock()
		pass := err != nil || f.known[from.String()]
		f.mu.Unlock()
		if pass {
			return n, from, err
		}
	}
}

// Two peers that nobody can reach are introduced by a third (BEP 55) and connect
// to each other over uTP.
func TestHolepunch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := sample(1, map[string]int{"file": 300_000})
		m := c.create(t, create.Hybrid, 16384)
		m.Info.Private = true // or they could hear of each other from the relay (BEP 11), and try at once
		behind := func(cfg *swarm.Config) {
			cfg.Policy, cfg.Carrier, cfg.NoLSD = natted{cfg.Policy}, swarm.UTPOnly, true
		}
		relay := w.start(func(cfg *swarm.Config) { cfg.NoLSD = true })
		a, b := w.start(behind), w.start(behind)
		defer together(relay.close, a.close, b.close)
		relay.add(m, swarm.TLSPrefer)
		b.add(m, swarm.TLSPrefer, relay)
		a.add(m, swarm.TLSPrefer, relay, b)
		if !eventually(5*time.Minute, func() bool { return connected(a, b.addr()) && connected(b, a.addr()) }) {
			t.Fatalf("a has %+v, b has %+v", a.torrent.Peers(), b.torrent.Peers())
		}
	})
}

// connected reports whether a node has a peer at an address, over uTP.
func connected(n *node, at netip.AddrPort) bool {
	for _, p := range n.torrent.Peers() {
		if p.Addr == at && p.Over == "utp" {
			return true
		}
	}
	return false
}

func eventually(limit time.Duration, is func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if is() {
			return true
		}
	}
	return false
}

// Every kind of connection over uTP alone, in both policies.
func TestOverUTP(t *testing.T) {
	for name, policy := range map[string]swarm.TLSPolicy{"tls": swarm.TLSRequire, "plain": swarm.TLSOff} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := many()
			m := c.create(t, create.Hybrid, 16384)
			only := func(cfg *swarm.Config) { cfg.Carrier, cfg.NoLSD = swarm.UTPOnly, true }
			seed, get := w.start(only), w.start(only)
			defer together(seed.close, get.close)
			c.write(t, seed.disk)
			seed.add(m, policy)
			seed.wait(time.Minute)
			get.add(m, policy, seed)
			get.wait(time.Minute)
			c.check(t, get.disk)
			if s := get.torrent.Status(); (policy == swarm.TLSRequire) != (s.SecretBytes > 0) {
				t.Errorf("%+v", s)
			}
		})
	}
}

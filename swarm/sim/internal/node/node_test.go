package node

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// village is a world of a few nodes that all know each other.
type village struct {
	time  events.Queue
	net   *network.Network
	nodes []*Node
}

func newVillage() *village {
	v := &village{}
	v.net = network.New(&v.time, rand.New(rand.NewPCG(1, 1)))
	return v
}

func (v *village) At(a netip.AddrPort) *Node {
	for _, n := range v.nodes {
		if n.Addr == a {
			return n
		}
	}
	return nil
}

func (v *village) Announce(n *Node) []netip.AddrPort {
	var all []netip.AddrPort
	for _, o := range v.nodes {
		if o != n && o.Online() {
			all = append(all, o.Addr)
		}
	}
	return all
}

func (v *village) add(change func(*Config)) *Node {
	i := byte(len(v.nodes) + 1)
	cfg := Config{
		Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{20, i, 7, i}), 6881), Content: &leech.Content{Pieces: 16, Blocks: 4},
		MaxConns: 10, HalfOpen: 4, Announce: time.Minute,
	}
	if change != nil {
		change(&cfg)
	}
	host := v.net.Add(network.Spec{Up: 200e3, Down: 1e6, Delay: 10 * time.Millisecond})
	n := New(cfg, host, v.net, v, rand.New(rand.NewPCG(2, uint64(i))))
	v.nodes = append(v.nodes, n)
	return n
}

func (v *village) run(d time.Duration) {
	for end := v.time.Elapsed() + d; v.time.Elapsed() < end; {
		v.time.Next()
	}
}

func complete(c *Config) { c.Complete = true }

func TestTransfer(t *testing.T) {
	v := newVillage()
	seed, peer := v.add(complete), v.add(nil)
	seed.Join()
	peer.Join()
	v.run(30 * time.Second)
	if !peer.Full() || peer.Wasted() != 0 || seed.Stats.Up != 64 || peer.Stats.Down != 64 {
		t.Errorf("full: %v, %d wasted, %d sent, %d came", peer.Full(), peer.Wasted(), seed.Stats.Up, peer.Stats.Down)
	}
	if seed.Conns() != 0 || peer.Conns() != 0 {
		t.Errorf("two seeds hold %d and %d connections", seed.Conns(), peer.Conns())
	}
}

// Two who dial each other at the same moment end up with one connection.
func TestBothDial(t *testing.T) {
	v := newVillage()
	a, b := v.add(nil), v.add(nil)
	b.online = true // a's announce names it
	a.Join()
	b.online = false
	b.Join()
	v.run(5 * time.Second)
	if a.Conns() != 1 || b.Conns() != 1 || a.Dials().Conns != 1 || b.Dials().Conns != 1 {
		t.Errorf("%d and %d connections, counted as %d and %d", a.Conns(), b.Conns(), a.Dials().Conns, b.Dials().Conns)
	}
}

// What was verified before a node left is there when it comes back.
func TestComesBack(t *testing.T) {
	v := newVillage()
	seed, peer := v.add(complete), v.add(nil)
	seed.Join()
	peer.Join()
	v.run(3 * time.Second)
	had := peer.leech.Pick.Len() - peer.leech.Pick.Left()
	peer.Leave()
	v.run(5 * time.Second)
	if had == 0 || had == 16 || peer.Online() || seed.Conns() != 0 {
		t.Fatalf("%d of 16 pieces when it left; %d connections after", had, seed.Conns())
	}
	peer.Join()
	if got := peer.leech.Pick.Len() - peer.leech.Pick.Left(); got != had {
		t.Errorf("%d pieces after it came back, %d before", got, had)
	}
	v.run(2 * time.Minute)
	if !peer.Full() {
		t.Error("it did not get the rest")
	}
}

// A liar is banned, and gets no further connection.
func TestLiarIsOut(t *testing.T) {
	v := newVillage()
	liar := v.add(func(c *Config) { c.Complete, c.Lie = true, 1 })
	peer := v.add(nil)
	liar.Join()
	peer.Join()
	v.run(time.Minute)
	if !peer.Bans(liar.Addr.Addr()) || peer.Conns() != 0 || peer.Full() || peer.Stats.Framed != 0 {
		t.Errorf("banned: %v, %d connections", peer.Bans(liar.Addr.Addr()), peer.Conns())
	}
}

func TestUploadLimit(t *testing.T) {
	v := newVillage()
	seed := v.add(func(c *Config) { c.Complete, c.UpLimit = true, 50_000 })
	peer := v.add(nil)
	seed.Join()
	peer.Join()
	v.run(10 * time.Second)
	if sent := seed.Stats.Up * network.BlockLen; sent < 350_000 || sent > 550_000 {
		t.Errorf("%d bytes in 10 s at 50 KB/s", sent)
	}
}

func TestFreeRiderServesNobody(t *testing.T) {
	v := newVillage()
	rider := v.add(func(c *Config) { c.Complete, c.FreeRide = true, true })
	peer := v.add(nil)
	rider.Join()
	peer.Join()
	v.run(time.Minute)
	if rider.Stats.Up != 0 || rider.Conns() != 1 {
		t.Errorf("%d blocks sent, %d connections", rider.Stats.Up, rider.Conns())
	}
}

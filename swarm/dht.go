package swarm

import (
	"context"
	mathrand "math/rand/v2"
	"net"
	"net/netip"
	"strconv"

	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/dht/schedule"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/lookups"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// DHT says how a session takes part in the mainline DHT (BEP 5).
type DHT struct {
	// Bootstrap are nodes ("host:port") to begin with as long as no other is known.
	Bootstrap []string
}

// DHTStatus is the state of our node in the DHT.
type DHTStatus = dht.Stats

// Lookup is what came of looking a torrent up in the DHT.
type Lookup struct {
	lookups.Status
	Nodes int // other nodes that are known now
}

// distributed is how a session takes part in the DHT.
type distributed struct {
	node *dht.Node
	*lookups.Lookups
}

// joinDHT starts a node, if one is wanted and there are sockets for it. A session
// goes on without: other sources of peers may do.
func (s *Session) joinDHT(ctx context.Context) {
	if s.cfg.DHT == nil {
		return
	}
	v4, v6 := s.dhtSocket(ctx, false), s.dhtSocket(ctx, true)
	if v4 == nil && v6 == nil {
		s.cfg.Log.Warn("no peers from the DHT: there is no socket for it")
		return
	}
	node, err := dht.New(dht.Config{
		IPv4: v4, IPv6: v6, Home: s.cfg.Home, Clock: s.cfg.Clock, Log: s.cfg.Log,
		Bootstrap: s.cfg.DHT.Bootstrap, Resolve: s.cfg.Policy.Resolve, Blocked: s.cfg.Blocked,
	})
	if err != nil {
		s.cfg.Log.Warn("no peers from the DHT", "err", err)
		return
	}
	s.dht = &distributed{node, lookups.New(lookups.Config{
		Node: node, Clock: s.cfg.Clock, Log: s.cfg.Log, Port: s.Port(),
		Budget: schedule.Config{Rand: mathrand.New(mathrand.NewPCG(mathrand.Uint64(), mathrand.Uint64()))},
	})}
}

// dhtSocket returns a socket for a family, if the listener has it: the part of
// the port that belongs to the DHT, or one at its number if that is free.
func (s *Session) dhtSocket(ctx context.Context, v6 bool) net.PacketConn {
	network, host := "udp4", "0.0.0.0"
	if v6 {
		network, host = "udp6", "::"
	}
	if a := s.Addr(); a != nil {
		switch ip := greeting.AddrPort(a).Addr(); {
		case ip == netip.IPv6Unspecified(): // both
		case ip.Is6() != v6:
			return nil
		default:
			host = ip.String()
		}
	}
	if c := s.door.Packets(v6); c != nil {
		return c
	}
	for _, port := range []uint16{s.Port(), 0} {
		c, err := s.cfg.Policy.ListenPacket(ctx, network, net.JoinHostPort(host, strconv.Itoa(int(port))))
		if err == nil {
			return c
		}
		s.cfg.Log.Debug("no socket for the DHT", "network", network, "err", err)
	}
	return nil
}

// peersDHT returns what peers are told of our node, nil without one.
func (s *Session) peersDHT() *peer.DHT {
	if s.dht == nil {
		return nil
	}
	return &peer.DHT{Port: s.dht.node.Addrs()[0].Port(), Hear: s.dht.node.Hear}
}

// leaveDHT ends the node.
func (s *Session) leaveDHT() error {
	if s.dht == nil {
		return nil
	}
	s.dht.Lookups.Close()
	return s.dht.node.Close()
}

// DHT returns the state of our node in the DHT; false without one.
func (s *Session) DHT() (DHTStatus, bool) {
	if s.dht == nil {
		return DHTStatus{}, false
	}
	return s.dht.node.Stats(), true
}

// lookUp looks the torrent up in the DHT as its state asks for, unless it is
// private (BEP 27). It may be called with the lock of the running torrent held.
func (t *Torrent) lookUp(state State) {
	if t.s.dht == nil {
		return
	}
	switch {
	case t.private.Load(), state == StatePaused, state == StateFailed:
		t.s.dht.Remove(greeting.Names(t.id))
	case state == StateDownloading, state == StateMetadata, state == StateSeeding:
		t.s.dht.Set(greeting.Names(t.id), (*sought)(t), state != StateSeeding)
	}
}

func (t *Torrent) lookUpNoMore() {
	if t.s.dht != nil {
		t.s.dht.Remove(greeting.Names(t.id))
	}
}

// Lookup returns what came of looking the torrent up in the DHT last; false if
// that is not done: it is private, it rests, or there is no node.
func (t *Torrent) Lookup() (Lookup, bool) {
	if t.s.dht == nil {
		return Lookup{}, false
	}
	last, ok := t.s.dht.Status(greeting.Names(t.id))
	return Lookup{last, t.s.dht.node.Stats().Nodes}, ok
}

// sought makes Torrent a lookups.Torrent.
type sought Torrent

var _ lookups.Torrent = (*sought)(nil)

// Found implements lookups.Torrent.
func (t *sought) Found(addrs []netip.AddrPort) {
	if !t.private.Load() {
		(*Torrent)(t).offer(conns.DHT, addrs)
	}
}

// Helped implements lookups.Torrent.
func (t *sought) Helped() bool {
	list, _ := (*Torrent)(t).Announces()
	for _, tracker := range list {
		if tracker.Err == nil { // also one that is not asked yet
			return true
		}
	}
	return false
}

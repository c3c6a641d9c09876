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
type Lookup = lookups.Status

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
	sockets := s.dhtSockets(ctx)
	if len(sockets) == 0 {
		s.cfg.Log.Warn("no peers from the DHT: there is no socket for it")
		return
	}
	node, err := dht.New(dht.Config{
		Conns: sockets, Home: s.cfg.Home, Clock: s.cfg.Clock, Log: s.cfg.Log,
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

// dhtSockets opens a socket for each family that the listener has, at its port if
// that is free.
func (s *Session) dhtSockets(ctx context.Context) (list []net.PacketConn) {
	hosts := map[string]string{"udp4": "0.0.0.0", "udp6": "::"}
	if a := s.Addr(); a != nil {
		switch ip := greeting.AddrPort(a).Addr(); {
		case ip.IsUnspecified() && ip.Is6():
		case ip.Is4():
			hosts = map[string]string{"udp4": ip.String()}
		default:
			hosts = map[string]string{"udp6": ip.String()}
		}
	}
	for network, host := range hosts {
		c, err := s.cfg.Policy.ListenPacket(ctx, network, net.JoinHostPort(host, strconv.Itoa(int(s.Port()))))
		if err != nil {
			c, err = s.cfg.Policy.ListenPacket(ctx, network, net.JoinHostPort(host, "0"))
		}
		if err != nil {
			s.cfg.Log.Debug("no socket for the DHT", "network", network, "err", err)
			continue
		}
		list = append(list, c)
	}
	return list
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
	return t.s.dht.Status(greeting.Names(t.id))
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

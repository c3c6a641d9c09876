package sources

import (
	"context"
	"net"
	"net/netip"
	"strconv"

	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/dht/schedule"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/lookups"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// DHT says how a session takes part in the mainline DHT (BEP 5).
type DHT struct {
	// Bootstrap are nodes ("host:port") to begin with as long as no other is known.
	Bootstrap []string
}

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

// joinDHT starts a node, if one is wanted and there are sockets for it.
func (s *Sources) joinDHT(ctx context.Context) {
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
		Bootstrap: s.cfg.DHT.Bootstrap, Resolve: s.policyDHT().Resolve, Blocked: s.cfg.Block, Seen: s.cfg.Seen,
	})
	if err != nil {
		s.cfg.Log.Warn("no peers from the DHT", "err", err)
		return
	}
	s.dht = &distributed{node, lookups.New(lookups.Config{
		Node: node, Clock: s.cfg.Clock, Log: s.cfg.Log, Port: s.cfg.Port,
		Budget: schedule.Config{Rand: newRand()},
	})}
}

// dhtSocket returns a socket for a family, if the listener has it: the part of
// the port that belongs to the DHT, or one at its number if that is free.
func (s *Sources) dhtSocket(ctx context.Context, v6 bool) net.PacketConn {
	network, host := "udp4", "0.0.0.0"
	if v6 {
		network, host = "udp6", "::"
	}
	if a := s.cfg.Addr; a != nil {
		switch ip := greeting.AddrPort(a).Addr(); {
		case ip == netip.IPv6Unspecified(): // both
		case ip.Is6() != v6:
			return nil
		default:
			host = ip.String()
		}
	}
	if s.cfg.Policies.DHT == nil {
		if c := s.cfg.Packets(v6); c != nil {
			return c
		}
	}
	for _, port := range []uint16{s.cfg.port(), 0} {
		c, err := s.policyDHT().ListenPacket(ctx, network, net.JoinHostPort(host, strconv.Itoa(int(port))))
		if err == nil {
			return c
		}
		s.cfg.Log.Debug("no socket for the DHT", "network", network, "err", err)
	}
	return nil
}

func (s *Sources) policyDHT() netpolicy.Policy {
	if p := s.cfg.Policies.DHT; p != nil {
		return p
	}
	return s.cfg.Policies.Peers
}

// PeersDHT returns what peers are told of our node, nil without one.
func (s *Sources) PeersDHT() *peer.DHT {
	if s.dht == nil {
		return nil
	}
	return &peer.DHT{Port: s.dht.node.Addrs()[0].Port(), Hear: s.dht.node.Hear}
}

// DHT returns the state of our node in the DHT; false without one.
func (s *Sources) DHT() (dht.Stats, bool) {
	if s.dht == nil {
		return dht.Stats{}, false
	}
	return s.dht.node.Stats(), true
}

// leaveDHT ends the node.
func (s *Sources) leaveDHT() error {
	if s.dht == nil {
		return nil
	}
	s.dht.Lookups.Close()
	return s.dht.node.Close()
}

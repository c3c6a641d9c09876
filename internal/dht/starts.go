package dht

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// Bounds of looking for nodes to begin with.
const (
	lookupTimeout = 10 * time.Second // for the names of all of them
	lookupPeriod  = time.Minute      // between two
)

// starts are the nodes a half begins with while its table is empty: those it
// knew before, and if they are gone the ones it was told of.
type starts struct {
	n  *Node
	v6 bool

	mu    sync.Mutex
	known []netip.AddrPort // not tried yet
	asked time.Time
}

func (s *starts) set(list []krpc.Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = nil
	for _, c := range list {
		s.known = append(s.known, c.Addr)
	}
}

// get returns nodes to begin with, at most once a minute; none if there are none.
func (s *starts) get() []krpc.Contact {
	s.mu.Lock()
	known, now := s.known, s.n.cfg.Clock.Now()
	s.known = nil
	ask := len(known) == 0 && (s.asked.IsZero() || now.Sub(s.asked) >= lookupPeriod)
	if ask {
		s.asked = now
	}
	s.mu.Unlock()
	if ask {
		known = s.bootstrap()
	}
	list := make([]krpc.Contact, len(known))
	for i, at := range known {
		list[i].Addr = at
	}
	return list
}

// bootstrap looks up the addresses of the nodes we were told of.
func (s *starts) bootstrap() (list []netip.AddrPort) {
	ctx, cancel := context.WithTimeout(s.n.ctx, lookupTimeout)
	defer cancel()
	for _, hostPort := range s.n.cfg.Bootstrap {
		host, text, err := net.SplitHostPort(hostPort)
		if err != nil {
			continue // checked by whoever took it from the user
		}
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil || port == 0 {
			continue
		}
		ips, err := s.n.cfg.Resolve(ctx, host)
		if err != nil {
			s.n.cfg.Log.Debug("cannot look up a node to begin with", "err", err)
		}
		for _, ip := range ips {
			if ip.Is6() == s.v6 {
				list = append(list, netip.AddrPortFrom(ip, uint16(port)))
			}
		}
	}
	return list
}

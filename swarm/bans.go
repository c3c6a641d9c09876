package swarm

import (
	"net/netip"
	"time"
)

// banTime is how long an address stays out after it sent wrong data.
const banTime = 24 * time.Hour

// Ban ends all connections with an address and refuses new ones for a day.
func (s *Session) Ban(a netip.Addr) {
	a = a.Unmap()
	s.mu.Lock()
	s.banned[a] = s.cfg.Clock.Now().Add(banTime)
	list := s.list()
	s.mu.Unlock()
	for _, t := range list {
		t.closePeers(errGuilty, func(p *peer) bool { return p.addr.Addr() == a })
	}
}

// refuses reports whether an address is banned or blocked.
func (s *Session) refuses(a netip.Addr) bool {
	a = a.Unmap()
	if s.cfg.Blocked != nil && s.cfg.Blocked(a) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.banned[a]
	if ok && s.cfg.Clock.Now().After(until) {
		delete(s.banned, a)
		return false
	}
	return ok
}

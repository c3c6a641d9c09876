package swarm

import (
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// Reachability returns what is known of whether others can connect to the node.
func (s *Session) Reachability() reachability.Report { return s.reach.Report() }

// moved tells trackers that others have to connect to another port.
func (s *Session) moved() { s.sources.Again() }

// openReach finds out from now on whether others can reach the port, if there is
// one.
func (s *Session) openReach() {
	if a := s.Addr(); a != nil {
		s.reach.Open(greeting.AddrPort(a), s.cfg.Carrier, s.cfg.DHT != nil)
	}
}

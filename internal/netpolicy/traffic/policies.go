package traffic

import "github.com/warren-p2p/warren/internal/netpolicy"

// Policies are those of the kinds of traffic that a session of the engine has. Nil
// means what is given beside it.
type Policies struct {
	Peers    netpolicy.Policy // the port, and dials of peers
	Trackers netpolicy.Policy
	WebSeeds netpolicy.Policy
	// DHT has sockets of its own; with nil it shares the port of peers.
	DHT netpolicy.Policy
	// Near speaks to the neighbours of this machine: other peers in its network (BEP
	// 14), and the router, to be reached.
	Near netpolicy.Policy
}

// Or puts p in place of what is nil, but for the DHT; the machine's network if p is nil.
func (s *Policies) Or(p netpolicy.Policy) {
	if p == nil {
		p = netpolicy.Direct{}
	}
	for _, at := range []*netpolicy.Policy{&s.Peers, &s.Trackers, &s.WebSeeds, &s.Near} {
		if *at == nil {
			*at = p
		}
	}
}

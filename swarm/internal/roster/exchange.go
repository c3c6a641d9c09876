package roster

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// Heard implements peer.Owner.
func (r *Roster) Heard(addrs []netip.AddrPort) { r.Add(conns.PEX, addrs...) }

// exchange tells the peers of each other (BEP 11). The caller holds r.mu.
func (r *Roster) exchange(now time.Time) {
	if len(r.members) == 0 && r.contacts.Idle() {
		return
	}
	var there []extension.PexPeer
	for p := range r.members {
		if c, ok := p.Contact(); ok {
			there = append(there, c)
		}
	}
	r.contacts.Update(there)
	for p := range r.members {
		p.TellPex(func(at netip.Addr, self netip.AddrPort) (extension.Pex, bool) {
			return p.told.Message(&r.contacts, at, self, now)
		})
	}
}

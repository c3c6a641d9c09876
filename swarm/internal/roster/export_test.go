package roster

import "net/netip"

// Candidates returns the addresses that may be dialled.
func (r *Roster) Candidates() []netip.AddrPort {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conns.Candidates()
}

package roster

// Quiet reports whether no peer is connected and none is being dialled.
func (r *Roster) Quiet() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members) == 0 && r.conns.Stats().Dialing == 0
}

package torrent

import "github.com/warren-p2p/warren/swarm/internal/activity"

// Settle goes on to the state that is next, as the loop would, unless something
// has to be checked first: a peer that waits is served at once. It comes before
// Run.
func (t *Torrent) Settle() {
	t.mu.Lock()
	owed := t.owed
	t.mu.Unlock()
	if !owed && t.Known() && len(t.Content.Store.NeedsCheck()) == 0 {
		t.advance(t.res.Clock.Now())
	}
}

// Idle reports whether the torrent does nothing and nobody would miss it: it
// has what is wanted, and no peers.
func (t *Torrent) Idle() bool {
	select {
	case t.ops <- struct{}{}:
		defer func() { <-t.ops }()
	default:
		return false
	}
	t.mu.Lock()
	rests := t.state == activity.Seeding || t.state == activity.Paused && !t.owed
	t.mu.Unlock()
	return rests && t.Known() && t.Fetch.Left() == 0 && t.Peers.Quiet()
}

// Still reports whether nothing happens until somebody pokes: it was stopped, or failed,
// and nobody is connected.
func (t *Torrent) Still() bool {
	t.mu.Lock()
	state := t.state
	t.mu.Unlock()
	return activity.Resting&(1<<state) != 0 && t.Peers.Quiet()
}

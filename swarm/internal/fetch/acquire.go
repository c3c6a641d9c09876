package fetch

import (
	"cmp"
	"slices"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Wake makes peers that have nothing to do look again, and again if what they
// found lets others find more.
func (f *Fetcher) Wake() {
	for more := true; more; {
		more = false
		for _, p := range f.takeIdle() {
			more = p.refill(f.cfg.Clock.Now()) || more
		}
	}
}

func (f *Fetcher) takeIdle() []*Peer {
	f.mu.Lock()
	defer f.mu.Unlock()
	var idle []*Peer
	for _, p := range f.peers {
		if p.idle {
			p.idle = false
			idle = append(idle, p)
		}
	}
	// In order, so that a seed replays exactly.
	slices.SortFunc(idle, func(a, b *Peer) int { return cmp.Compare(a.ID, b.ID) })
	return idle
}

// mayAsk reports whether requests may be sent; if not, the peer is idle until
// [Fetcher.SetActive]. The caller holds p.mu.
func (f *Fetcher) mayAsk(p *Peer) bool {
	if f.active.Load() {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.active.Load() {
		p.idle = true
		return false
	}
	return true
}

// acquire finds the next piece for a peer, or marks it idle. The caller holds
// p.mu.
func (f *Fetcher) acquire(p *Peer, now time.Time) *piece.Piece {
	f.mu.Lock()
	defer f.mu.Unlock()
	var set picker.Set = &p.has
	if p.choked {
		set = (*fastSet)(p)
	}
	if pc := f.table.Start(p.ID, set, now); pc != nil {
		p.rouse = f.table.EndgameBegins() || p.rouse
		return pc
	}
	pc := f.table.Join(p.ID, set, now)
	p.idle = pc == nil
	return pc
}

// Release implements [piece.Waiter]: another torrent gets no memory, so what
// nobody works on is dropped.
func (f *Fetcher) Release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table.Release()
}

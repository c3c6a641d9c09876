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
	set := p.gives()
	if pc := f.table.Start(p.ID, set, now); pc != nil {
		p.rouse = f.table.EndgameBegins() || p.rouse
		return pc
	}
	pc := f.table.Join(p.ID, set, now)
	p.idle = pc == nil
	return pc
}

// urgent finds a piece that a reader waits for and p can help with, nil if there
// is none; again is as for table.Urgent. The caller holds p.mu.
func (f *Fetcher) urgent(p *Peer, now time.Time) (pc *piece.Piece, again bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table.Pick.SetPace(p.ID, p.win.Rate(now))
	return f.table.Urgent(p.ID, p.gives(), p.work, &p.asks, now)
}

// gives returns what the peer may be asked for. The caller holds p.mu and
// Fetcher.mu.
func (p *Peer) gives() picker.Set {
	if p.choked {
		return (*fastSet)(p)
	}
	return &p.has
}

// Release implements [piece.Waiter]: another torrent gets no memory, so what
// nobody works on is dropped.
func (f *Fetcher) Release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table.Release()
}

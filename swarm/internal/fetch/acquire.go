package fetch

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/blame"
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
	if i, ok := f.pick.Start(p.ID, set, now); ok {
		if pc := f.open(i); pc != nil {
			pc.Shared.Store(false)
			p.rouse = f.endgameBegins() || p.rouse
			return pc
		}
		f.pick.Leave(p.ID, i, false)
	}
	if i, ok := f.pick.Join(p.ID, trusted{set, f.suspects}, now); ok {
		pc := f.pieces[i]
		pc.Shared.Store(true)
		return pc
	}
	p.idle = true
	return nil
}

// trusted leaves out pieces that failed with several senders: the next attempt
// is made by one of them alone, so that it proves something.
type trusted struct {
	set      picker.Set
	suspects map[int]*blame.Suspicion
}

// Has implements picker.Set.
func (t trusted) Has(i int) bool { return t.suspects[i] == nil && t.set.Has(i) }

// endgameBegins reports whether the endgame began since it was asked last:
// peers that found nothing before may join others now.
func (f *Fetcher) endgameBegins() bool {
	before := f.ending
	f.ending = f.pick.Endgame()
	return f.ending && !before
}

// open returns a piece to be worked on, or nil if there is no memory for it.
func (f *Fetcher) open(i int) *piece.Piece {
	if pc := f.pieces[i]; pc != nil {
		delete(f.orphans, i)
		return pc
	}
	n := f.cfg.Torrent.Info.DataLen(i)
	buf := f.cfg.Buffers.Get(n, f)
	if buf == nil && f.evict() {
		buf = f.cfg.Buffers.Get(n, f)
	}
	if buf == nil {
		return nil
	}
	pc := piece.New(i, buf)
	f.pieces[i] = pc
	return pc
}

// evict drops the orphan of which the least has arrived, if orphans hold more
// memory than what is being fetched: those who have them may never let us go
// on, and nobody else gets memory.
func (f *Fetcher) evict() bool {
	if 2*len(f.orphans) <= len(f.pieces) {
		return false
	}
	var least *piece.Piece
	for _, pc := range f.orphans {
		if least == nil || pc.Received() < least.Received() {
			least = pc
		}
	}
	if !least.Retire(false) {
		return false
	}
	f.pick.Failed(least.Index)
	f.drop(least)
	return true
}

// Release implements [piece.Waiter]: another torrent gets no memory, so what
// nobody works on is dropped.
func (f *Fetcher) Release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, pc := range f.orphans {
		if pc.Retire(false) {
			f.pick.Failed(i)
			f.drop(pc)
		}
	}
	for _, pc := range f.kept {
		f.pick.Failed(pc.Index)
		f.drop(pc)
	}
	f.kept = nil
}

// drop forgets a piece and gives its buffer back. The caller holds f.mu.
func (f *Fetcher) drop(pc *piece.Piece) {
	delete(f.pieces, pc.Index)
	delete(f.orphans, pc.Index)
	f.cfg.Buffers.Put(pc.Buf, f)
}

// leave takes a peer off a piece. The caller holds f.mu.
func (f *Fetcher) leave(p *Peer, pc *piece.Piece) {
	var buf [picker.MaxWorkers]PeerID
	workers := f.pick.Workers(pc.Index, buf[:0])
	if len(workers) != 1 || workers[0] != p.ID {
		f.pick.Leave(p.ID, pc.Index, false)
		return
	}
	// The second attempt of a suspect piece starts from nothing, and nothing is
	// kept while another torrent starves.
	keep := f.suspects[pc.Index] == nil && !f.cfg.Buffers.Starved(f)
	if pc.Retire(keep) {
		f.pick.Leave(p.ID, pc.Index, false)
		f.pick.Failed(pc.Index) // an orphan once stays one, for the picker
		f.drop(pc)
		return
	}
	f.pick.Leave(p.ID, pc.Index, true)
	f.orphans[pc.Index] = pc
}

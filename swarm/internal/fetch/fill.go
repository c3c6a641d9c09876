package fetch

import (
	"slices"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// refill asks for more if there is room. It reports whether others should be
// woken.
func (p *Peer) refill(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fill(now)
	rouse := p.rouse
	p.rouse = false
	return rouse
}

// fill asks for as many blocks as the window wants now. The caller holds p.mu.
func (p *Peer) fill(now time.Time) {
	waiting := p.asks.Len()
	want := p.win.Want(waiting)
	if p.gone {
		return
	}
	if want > 0 && !now.Before(p.hold) && p.f.mayAsk(p) {
		p.ask(want, now)
		if waiting == 0 {
			p.last = now
		}
	}
	p.settle(now)
}

func (p *Peer) ask(want int, now time.Time) {
	p.reqs = p.reqs[:0]
	for len(p.reqs) < want {
		pc, b, ok := p.nextBlock(now)
		if !ok {
			break
		}
		p.asks.Push(piece.Ask{Piece: pc, Block: b})
		p.reqs = append(p.reqs, pc.Request(b))
	}
	if len(p.reqs) > 0 {
		p.win.OnSent(len(p.reqs), now)
		p.out.Request(p.reqs)
	}
}

// nextBlock finds a block to ask for: in the pieces at hand, in a new one, or
// at last one that somebody else owes us.
func (p *Peer) nextBlock(now time.Time) (*piece.Piece, int, bool) {
	if p.f.hurry.Load() {
		if pc, b, ok := p.urgentBlock(now); ok {
			return pc, b, true
		}
	}
	for _, pc := range p.work {
		if !p.usable(pc) {
			continue
		}
		if b, ok := p.take(pc); ok {
			return pc, b, true
		}
	}
	p.tidy()
	for pc := p.f.acquire(p, now); pc != nil; pc = p.f.acquire(p, now) {
		p.work = append(p.work, pc)
		if b, ok := p.take(pc); ok {
			return pc, b, true
		}
		if b, ok := p.duplicate(pc); ok {
			return pc, b, true
		}
	}
	for _, pc := range p.work {
		if b, ok := p.duplicate(pc); ok {
			return pc, b, true
		}
	}
	return nil, 0, false
}

// urgentBlock finds a block that a reader waits for.
func (p *Peer) urgentBlock(now time.Time) (*piece.Piece, int, bool) {
	p.tidy()
	pc, again := p.f.urgent(p, now)
	if pc == nil {
		return nil, 0, false
	}
	if !slices.Contains(p.work, pc) {
		p.work = append(p.work, pc)
	}
	b, ok := p.take(pc)
	if !ok && again {
		b, ok = p.duplicate(pc)
	}
	return pc, b, ok
}

// take finds a missing block. One that two peers were asked for, and one of
// them gave back, is on its way still if the other is this one.
func (p *Peer) take(pc *piece.Piece) (b int, ok bool) {
	for b, ok = pc.Take(); ok && pc.Shared.Load() && p.asks.Has(pc, b); b, ok = pc.Take() {
	}
	return b, ok
}

// usable reports whether a piece at hand may be asked for: all if the peer does
// not choke us, else those it allows (BEP 6).
func (p *Peer) usable(pc *piece.Piece) bool {
	if !p.choked {
		return true
	}
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return (*fastSet)(p).Has(pc.Index)
}

// tidy forgets finished pieces.
func (p *Peer) tidy() {
	kept := p.work[:0]
	for _, pc := range p.work {
		if !pc.Done() {
			kept = append(kept, pc)
		}
	}
	clear(p.work[len(kept):])
	p.work = kept
}

// duplicate finds a block of a shared piece that another peer was asked for
// and this one was not: the end of a download must not wait for the slowest.
func (p *Peer) duplicate(pc *piece.Piece) (int, bool) {
	if !pc.Shared.Load() || !p.usable(pc) {
		return 0, false
	}
	return p.asks.OwedByOthers(pc)
}

package fetch

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// Unchoked reports that the peer answers requests from now on.
func (p *Peer) Unchoked() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.choked = false
	p.last = p.f.cfg.Clock.Now()
	p.fill(p.last)
}

// Choked reports that the peer drops requests (BEP 3), or will reject each it
// does not answer (BEP 6).
func (p *Peer) Choked() {
	p.mu.Lock()
	p.choked = true
	if !p.fast {
		p.release()
	}
	p.mu.Unlock()
	p.f.Wake()
}

// Rejected reports that the peer will not answer a request (BEP 6).
func (p *Peer) Rejected(r peerwire.Request) {
	p.mu.Lock()
	a, ok := p.answered(r.Index, r.Begin, int(r.Length))
	if ok {
		// A peer that rejects at once would be asked at once again.
		p.hold = p.f.cfg.Clock.Now().Add(time.Second)
		a.pc.GiveBack(a.block)
	}
	if ok && p.choked && p.head == len(p.asked) {
		p.release()
	}
	p.mu.Unlock()
	if ok {
		p.f.Wake()
	}
}

// Has adds a piece to what the peer has.
func (p *Peer) Has(i int) {
	f := p.f
	f.mu.Lock()
	if !p.has.Has(i) {
		p.has.bits.Set(i)
		f.pick.Gain(i)
	}
	wake := p.idle && f.active
	p.idle = p.idle && !wake
	f.mu.Unlock()
	if wake {
		p.refill(f.cfg.Clock.Now())
	}
}

// Lost removes a piece from what the peer has (BEP 54).
func (p *Peer) Lost(i int) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	if p.has.all {
		p.f.pick.LoseAll()
		p.has.bits = full(p.f.cfg.Torrent.Info.NumPieces())
		p.has.all = false
		p.f.pick.GainSet(&p.has)
	}
	if p.has.Has(i) {
		p.has.bits.Clear(i)
		p.f.pick.Lose(i)
	}
}

// HasSet sets what the peer has; nil means everything.
func (p *Peer) HasSet(bits peerwire.Bitfield) {
	f := p.f
	f.mu.Lock()
	if p.has.all {
		f.pick.LoseAll()
	} else {
		f.pick.LoseSet(&p.has)
	}
	n := f.cfg.Torrent.Info.NumPieces()
	if bits == nil || bits.Full(n) {
		p.has = Pieces{all: true}
		f.pick.GainAll()
	} else {
		p.has = Pieces{bits: bits}
		f.pick.GainSet(&p.has)
	}
	f.mu.Unlock()
}

// AllowedFast lets a piece be asked for while choked (BEP 6).
func (p *Peer) AllowedFast(i int) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	if p.allowed.bits == nil {
		p.allowed.bits = peerwire.NewBitfield(p.f.cfg.Torrent.Info.NumPieces())
	}
	p.allowed.bits.Set(i)
}

// Seed reports whether the peer has everything, Count how many pieces it has.
func (p *Peer) Seed() bool { return p.Count() == p.f.cfg.Torrent.Info.NumPieces() }

// Count returns how many pieces the peer has.
func (p *Peer) Count() int {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	if p.has.all {
		return p.f.cfg.Torrent.Info.NumPieces()
	}
	return p.has.bits.Count()
}

// Knows reports whether the peer has piece i.
func (p *Peer) Knows(i int) bool {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return p.has.Has(i)
}

// snubbed is how long a peer may owe us blocks before they are asked for
// elsewhere.
const snubbed = 60 * time.Second

// Tick looks at requests that take too long. Call it about once a second.
func (p *Peer) Tick(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fill(now)
	if p.head == len(p.asked) {
		return
	}
	stalled := p.win.Stalled(now)
	p.f.mu.Lock()
	p.f.pick.Slow(p.ID, stalled)
	p.f.mu.Unlock()
	if stalled && now.Sub(p.last) > snubbed {
		p.release()
	}
}

// AwaitingSince returns since when we have waited for a block in vain, zero if
// nothing is asked.
func (p *Peer) AwaitingSince() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head == len(p.asked) {
		return time.Time{}
	}
	return p.last
}

// Outstanding returns the number of requests under way.
func (p *Peer) Outstanding() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked) - p.head
}

func full(n int) peerwire.Bitfield {
	b := peerwire.NewBitfield(n)
	for i := range n {
		b.Set(i)
	}
	return b
}

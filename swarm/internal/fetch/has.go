package fetch

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/table"
)

// Has adds a piece to what the peer has.
func (p *Peer) Has(i int) {
	p.learn(func(t *table.Table) bool { t.Gain(&p.has, i); return true })
}

// learn changes what the peer has, and looks for work if it had none. It reports
// whether there was news, as change does.
func (p *Peer) learn(change func(t *table.Table) (news bool)) bool {
	p.f.mu.Lock()
	news := change(p.f.table)
	idle := news && p.idle
	p.idle = p.idle && !news
	p.f.mu.Unlock()
	if idle {
		p.nudge()
	}
	return news
}

// nudge looks for work, for this peer and then for those whom that helps.
func (p *Peer) nudge() {
	if p.refill(p.f.cfg.Clock.Now()) {
		p.f.Wake()
	}
}

// Lost removes a piece from what the peer has (BEP 54).
func (p *Peer) Lost(i int) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	p.f.table.Lose(&p.has, i)
}

// HasSet sets what the peer has; nil means everything. The bitfield is kept.
func (p *Peer) HasSet(bits peerwire.Bitfield) {
	p.learn(func(t *table.Table) bool { t.Replace(&p.has, bits); return true })
}

// HasMore adds to what the peer has; nil means everything. It reports whether
// that was news.
func (p *Peer) HasMore(bits peerwire.Bitfield) bool {
	return p.learn(func(t *table.Table) (news bool) {
		for i := range p.has.Lacks(bits) {
			t.Gain(&p.has, i)
			news = true
		}
		return news
	})
}

// AllowedFast lets a piece be asked for while choked (BEP 6).
func (p *Peer) AllowedFast(i int) {
	if !p.fast {
		return
	}
	p.f.mu.Lock()
	if p.allowed.Count() == 0 {
		p.allowed = piece.NewSet(p.f.n)
	}
	p.allowed.Add(i)
	p.f.mu.Unlock()
	p.nudge()
}

// Suggested notes a piece that the peer suggests (BEP 6).
func (p *Peer) Suggested(i int) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	p.f.table.Pick.Suggest(p.ID, i)
}

// Spread reports whether a peer that is not a seed has piece i.
func (f *Fetcher) Spread(i int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.table.Pick.Spread(i)
}

// fastSet is what a peer gives while it chokes us: it may allow what it does
// not have yet.
type fastSet Peer

// Has implements picker.Set.
func (s *fastSet) Has(i int) bool { return s.allowed.Has(i) && s.has.Has(i) }

// Seed reports whether the peer has everything.
func (p *Peer) Seed() bool { return p.Count() == p.f.n }

// Count returns how many pieces the peer has.
func (p *Peer) Count() int {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return p.has.Count()
}

// Knows reports whether the peer has piece i.
func (p *Peer) Knows(i int) bool {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return p.has.Has(i)
}

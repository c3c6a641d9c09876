package fetch

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/table"
)

// Unchoked reports that the peer answers requests from now on.
func (p *Peer) Unchoked() {
	now := p.f.cfg.Clock.Now()
	p.mu.Lock()
	if p.choked {
		p.choked, p.snubbed, p.last, p.hold = false, false, now, time.Time{}
	}
	p.fill(now)
	p.unlock()
}

// Choked reports that the peer drops requests (BEP 3), or will reject each it
// does not answer (BEP 6).
func (p *Peer) Choked() {
	now := p.f.cfg.Clock.Now()
	p.mu.Lock()
	p.choked = true
	p.learn(func(t *table.Table) bool { t.Pick.SetPace(p.ID, 0); return false }) // what is needed soon is not left to it
	if !p.fast {
		p.release()
	}
	p.settle(now)
	p.unlock()
}

// maxHold bounds for how long a peer is left alone that rejects whatever it is
// asked for, or does not answer.
const maxHold = 60 * time.Second

// Rejected reports that the peer will not answer a request (BEP 6).
func (p *Peer) Rejected(r peerwire.Request) {
	now := p.f.cfg.Clock.Now()
	p.mu.Lock()
	if a, ok := p.asks.Answer(r); ok {
		a.Piece.GiveBack(a.Block)
		p.rouse = true
		// Rejects after a choke are to be expected. A peer that rejects without
		// one, at once, would be asked at once again.
		if p.usable(a.Piece) && !now.Before(p.hold) {
			p.hold = now.Add(min(time.Second<<min(p.rejects, 6), maxHold))
			p.rejects++
		}
		p.settle(now)
	}
	p.unlock()
}

// Tick looks at requests that take too long. Call it about once a second.
func (p *Peer) Tick(now time.Time) {
	p.mu.Lock()
	p.fill(now)
	if slow := p.win.Stalled(now); slow != p.slow && !p.gone {
		p.slow = slow
		p.rouse = p.rouse || slow
		p.learn(func(t *table.Table) bool { t.Pick.Slow(p.ID, slow); return false })
	}
	if p.win.Snubbed(now) && p.asks.Len() > 0 {
		p.reqs = p.asks.Append(p.reqs[:0])
		for _, r := range p.reqs {
			p.out.Cancel(r)
		}
		p.release()
		p.snubbed, p.hold = true, now.Add(maxHold)
	}
	p.unlock()
}

// recent is how long ago others have delivered who still do.
const recent = 10 * time.Second

// Dispensable reports whether the torrent gets on without a peer: others deliver,
// and everything it has that is wanted somebody else has, too.
func (p *Peer) Dispensable(now time.Time) bool {
	f := p.f
	if now.UnixNano()-f.landed.Load() > int64(recent) {
		return false // the silence may be that of the line
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.table.Pick.Alone(&p.has)
}

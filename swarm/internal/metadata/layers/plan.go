package layers

import (
	"slices"
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// maxAsks is how many requests a peer has at a time.
const maxAsks = 8

// plan asks for what is due, and returns all there is to do.
func (f *Fetcher) plan(now time.Time) []Action {
	for more := true; more; { // one each, as long as somebody can be asked
		more = false
		for _, p := range f.order {
			if n := len(f.runs); n > 0 && len(p.asks) < maxAsks && !now.Before(p.rest) {
				r := f.runs[n-1]
				f.runs = f.runs[:n-1]
				req := f.request(r)
				p.asks = append(p.asks, ask{r, req, now})
				f.out = append(f.out, Action{Peer: p.id, Ask: req})
				more = true
			}
		}
	}
	out := f.out
	f.out = nil
	return out
}

// forget takes a peer out; others are asked for what it owes.
func (f *Fetcher) forget(p *peer) {
	f.giveBack(p)
	delete(f.peers, p.id)
	f.order = slices.DeleteFunc(f.order, func(q *peer) bool { return q == p })
}

func (f *Fetcher) giveBack(p *peer) {
	for _, a := range p.asks {
		f.runs = append(f.runs, a.run)
	}
	p.asks = p.asks[:0]
}

// fail leaves a peer alone for a while.
func (p *peer) fail(now time.Time) {
	p.fails++
	p.rest = now.Add(min(time.Duration(p.fails)*restTime, maxRest))
}

// answer ends a request, and reports whether there was one.
func (p *peer) answer(r peerwire.HashRequest) (run, bool) {
	for i, a := range p.asks {
		if a.req == r {
			p.asks = slices.Delete(p.asks, i, i+1)
			return a.run, true
		}
	}
	return run{}, false
}

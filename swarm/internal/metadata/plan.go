package metadata

import (
	"slices"
	"time"
)

// maxAsks is how many requests a peer has at a time.
const maxAsks = 4

// Two peers are asked for the same piece when nothing else is left and one of
// them takes its time.
const (
	maxAskers = 2
	hesitance = 2 * time.Second
)

// plan asks for what is due, and returns all there is to do.
func (f *Fetcher) plan(now time.Time) []Action {
	if f.done {
		return f.take()
	}
	f.begin(now)
	for _, w := range f.wholes {
		if w.sole != 0 && f.peers[w.sole] == nil {
			f.relieve(w, now)
		}
	}
	for more := true; more; { // one each, as long as somebody can be asked
		more = false
		for _, p := range f.order {
			if p.of.active() && len(p.asks) < maxAsks && !now.Before(p.rest) && (p.of.sole == 0 || p.of.sole == p.id) {
				if piece, ok := f.next(p, now); ok {
					p.asks = append(p.asks, ask{piece, now})
					f.out = append(f.out, Action{Peer: p.id, Ask: true, Piece: piece})
					more = true
				}
			}
		}
	}
	return f.take()
}

// next returns the piece that a peer is asked for: the first that is missing
// and asked of nobody, else the one that is late.
func (f *Fetcher) next(p *peer, now time.Time) (piece int, ok bool) {
	askers := make([]int, len(p.of.pieces))
	fresh := make([]bool, len(askers))
	for _, q := range f.order {
		if q.of != p.of {
			continue
		}
		for _, a := range q.asks {
			askers[a.piece]++
			fresh[a.piece] = fresh[a.piece] || q == p || now.Sub(a.at) < hesitance
		}
	}
	late := -1
	for i, b := range p.of.pieces {
		switch {
		case b != nil:
		case askers[i] == 0:
			return i, true
		case late < 0 && askers[i] < maxAskers && !fresh[i]:
			late = i
		}
	}
	return late, late >= 0
}

// begin lets sizes have their turn that wait and fit: all that are under way
// have no more than the largest may have alone.
func (f *Fetcher) begin(now time.Time) {
	held := 0
	for _, w := range f.wholes {
		if w.active() {
			held += w.size
		}
	}
	for _, w := range f.wholes {
		if !w.active() && held+w.size <= f.cfg.MaxSize {
			w.pieces, w.from, w.turn = make([][]byte, w.count()), make([]Peer, w.count()), now
			held += w.size
		}
	}
}

// turns ends turns that took too long while others wait.
func (f *Fetcher) turns(now time.Time) {
	for _, w := range f.wholes {
		if w.sole != 0 && now.Sub(w.since) > w.allowance() {
			f.relieve(w, now)
		}
	}
	waits := slices.ContainsFunc(f.wholes, func(w *whole) bool { return !w.active() })
	for _, w := range slices.Clone(f.wholes) {
		if waits && w.active() && now.Sub(w.turn) > w.allowance() {
			w.stop()
			for _, p := range f.order {
				if p.of == w {
					p.asks = p.asks[:0]
				}
			}
			f.wholes = append(slices.DeleteFunc(f.wholes, func(x *whole) bool { return x == w }), w)
		}
	}
}

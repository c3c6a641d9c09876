package metadata

import (
	"crypto/sha256"
	"slices"
	"time"
)

// whole is an info dictionary of one size, as far as it is there.
type whole struct {
	size    int
	pieces  [][]byte // nil until it is the turn of this one
	from    []Peer   // who sent each
	missing int      // pieces
	turn    time.Time

	// After a mixture was wrong all comes from one peer; since when it is its
	// turn.
	sole  Peer
	since time.Time
	seen  []seen // what the mixture was made of
}

// seen is what a peer sent, in short.
type seen struct {
	peer  Peer
	piece int
	sum   [32]byte
}

// whole returns the one of a size.
func (f *Fetcher) whole(size int) *whole {
	for _, w := range f.wholes {
		if w.size == size {
			return w
		}
	}
	w := &whole{size: size}
	w.missing = w.count()
	f.wholes = append(f.wholes, w)
	return w
}

func (w *whole) count() int { return (w.size + PieceLen - 1) / PieceLen }

func (w *whole) pieceLen(piece int) int { return min(PieceLen, w.size-piece*PieceLen) }

func (w *whole) active() bool { return w.pieces != nil }

// put keeps a piece; it reports false if it was there.
func (w *whole) put(id Peer, piece int, data []byte) bool {
	if !w.active() || w.pieces[piece] != nil {
		return false
	}
	w.pieces[piece], w.from[piece] = slices.Clone(data), id
	w.missing--
	return true
}

func (w *whole) join() []byte { return slices.Concat(w.pieces...) }

// keep forgets all pieces but those of one peer.
func (w *whole) keep(id Peer) {
	w.missing = 0
	for i := range w.pieces {
		if w.from[i] != id {
			w.pieces[i], w.from[i] = nil, 0
		}
		if w.pieces[i] == nil {
			w.missing++
		}
	}
}

// stop gives the memory back.
func (w *whole) stop() {
	w.pieces, w.from, w.missing, w.sole, w.seen = nil, nil, w.count(), 0, nil
}

// Times a peer has that all comes from, and a size has while others wait: some
// seconds, and what a slow line takes.
const (
	turnTime = 20 * time.Second
	slowLine = 32 << 10 // bytes a second
)

func (w *whole) allowance() time.Duration {
	return turnTime + time.Duration(w.size)*time.Second/slowLine
}

// blame is called when all pieces are there and it is not what is looked for.
func (f *Fetcher) blame(w *whole, now time.Time) {
	first := w.from[0]
	if !slices.ContainsFunc(w.from, func(p Peer) bool { return p != first }) {
		if p := f.peers[first]; p != nil {
			f.drop(p, ErrWrong)
		}
		w.keep(0)
		f.relieve(w, now)
		return
	}
	for i, b := range w.pieces {
		w.seen = append(w.seen, seen{w.from[i], i, sha256.Sum256(b)})
	}
	f.relieve(w, now)
}

// relieve makes the next peer the one that all comes from, if it is to come
// from one.
func (f *Fetcher) relieve(w *whole, now time.Time) {
	if w.seen == nil {
		return
	}
	at := slices.IndexFunc(f.order, func(p *peer) bool { return p.id == w.sole })
	w.sole, w.since = 0, now
	for i := range f.order {
		p := f.order[(at+1+i)%len(f.order)]
		if p.of == w && (w.sole == 0 || !now.Before(p.rest)) {
			w.sole = p.id
			if !now.Before(p.rest) {
				break
			}
		}
	}
	w.keep(w.sole)
	for _, p := range f.order { // what others were asked for is no use any more
		if p.of == w && p.id != w.sole {
			p.asks = p.asks[:0]
		}
	}
}

// finish names who sent something else.
func (f *Fetcher) finish(w *whole, info []byte) {
	f.done = true
	f.out = append(f.out, Action{Info: info})
	for _, s := range w.seen {
		at := s.piece * PieceLen
		if p := f.peers[s.peer]; p != nil && s.sum != sha256.Sum256(info[at:at+w.pieceLen(s.piece)]) {
			f.drop(p, ErrWrong)
		}
	}
	f.wholes = nil
}

// forget takes a peer out, and a size that nobody has any more.
func (f *Fetcher) forget(p *peer) {
	delete(f.peers, p.id)
	f.order = slices.DeleteFunc(f.order, func(q *peer) bool { return q == p })
	if !slices.ContainsFunc(f.order, func(q *peer) bool { return q.of == p.of }) {
		f.wholes = slices.DeleteFunc(f.wholes, func(w *whole) bool { return w == p.of })
	}
}

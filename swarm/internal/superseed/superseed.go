// Package superseed decides what a seed that wants to send each piece no more
// than once admits to having (BEP 16).
//
// Such a seed looks like a peer that has nothing. It shows each peer a few pieces,
// those that are rarest, and shows one more when a piece it showed was passed on,
// which it learns from another peer that has it. A peer that cannot pass a piece
// on, because nobody needs it, gets the next one as soon as it has it; one that
// does not want to gets it after a time, so that nobody waits for ever.
//
// Nothing here sends or reads a clock, and nothing is safe for concurrent use.
package superseed

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// Peer names a peer.
type Peer = int32

// Reveal is a piece to tell a peer of.
type Reveal struct {
	Peer  Peer
	Piece int
}

const (
	shown = 2                // pieces shown to a peer that it has not passed on
	hoard = 30 * time.Second // after which it is forgiven that it does not
	// lost is after which it is forgiven that a piece was not fetched. Some do not
	// tell whom they have it from that they have it.
	lost = time.Minute
)

// Seeder is the seed of one torrent.
type Seeder struct {
	rng    *rand.Rand
	copies []int32 // peers that have the piece
	told   []int32 // peers the piece was shown to
	peers  map[Peer]*state
	order  []Peer // those that came first, first
}

type state struct {
	has     []bool
	told    []bool
	pending []pending
}

// pending is a piece that a peer was shown and is to fetch and pass on.
type pending struct {
	piece int
	since time.Time // when the peer had it, or was shown it
}

// New returns a seeder of a torrent of n pieces without peers.
func New(n int, rng *rand.Rand) *Seeder {
	return &Seeder{rng: rng, copies: make([]int32, n), told: make([]int32, n), peers: make(map[Peer]*state)}
}

// Join adds a peer that has nothing, as far as it is known.
func (s *Seeder) Join(id Peer, now time.Time) []Reveal {
	n := len(s.copies)
	s.peers[id] = &state{has: make([]bool, n), told: make([]bool, n)}
	s.order = append(s.order, id)
	return s.show(id, now, nil)
}

// Leave removes a peer.
func (s *Seeder) Leave(id Peer) {
	p := s.peers[id]
	if p == nil {
		return
	}
	delete(s.peers, id)
	s.order = slices.DeleteFunc(s.order, func(q Peer) bool { return q == id })
	for i := range s.copies {
		if p.has[i] {
			s.copies[i]--
		}
		if p.told[i] {
			s.told[i]--
		}
	}
}

// May reports whether a peer may be sent a piece: it was shown it.
func (s *Seeder) May(id Peer, piece int) bool {
	p := s.peers[id]
	return p != nil && p.told[piece]
}

// Has notes that a peer has a piece, and returns whom that entitles to more.
func (s *Seeder) Has(id Peer, piece int, now time.Time) []Reveal {
	p := s.peers[id]
	if p == nil || p.has[piece] {
		return nil
	}
	p.has[piece] = true
	s.copies[piece]++
	for i := range p.pending {
		if p.pending[i].piece == piece {
			p.pending[i].since = now
		}
	}
	return s.Tick(now)
}

// Tick returns what to show peers that have passed on enough, or waited long
// enough. Call it now and then.
func (s *Seeder) Tick(now time.Time) (list []Reveal) {
	for _, id := range s.order {
		list = s.show(id, now, list)
	}
	return list
}

// show shows a peer as many pieces as it may see now.
func (s *Seeder) show(id Peer, now time.Time, list []Reveal) []Reveal {
	p := s.peers[id]
	p.pending = slices.DeleteFunc(p.pending, func(w pending) bool {
		if !p.has[w.piece] {
			return now.Sub(w.since) >= lost
		}
		return s.passed(w.piece) || now.Sub(w.since) >= hoard
	})
	for len(p.pending) < shown {
		piece, ok := s.rarest(p)
		if !ok {
			break
		}
		p.told[piece] = true
		s.told[piece]++
		p.pending = append(p.pending, pending{piece, now})
		list = append(list, Reveal{id, piece})
	}
	return list
}

// passed reports whether a piece that a peer has is with another as well, or
// there is nobody who needs it.
func (s *Seeder) passed(piece int) bool {
	return s.copies[piece] > 1 || int(s.copies[piece]) == len(s.peers)
}

// rarest returns the piece that a peer lacks, has not been shown, and that fewest
// have or were shown; of equals one by chance.
func (s *Seeder) rarest(p *state) (best int, ok bool) {
	equals := 0
	for i := range s.copies {
		if p.has[i] || p.told[i] {
			continue
		}
		order := -1
		if ok {
			order = cmp.Or(cmp.Compare(s.copies[i], s.copies[best]), cmp.Compare(s.told[i], s.told[best]))
		}
		switch {
		case order < 0:
			best, ok, equals = i, true, 1
		case order == 0:
			if equals++; s.rng.IntN(equals) == 0 {
				best = i
			}
		}
	}
	return best, ok
}

package fetch_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
)

// TestSimulation downloads from peers that delay, reject, choke, lie, fall
// silent, come and go. As long as one honest peer with everything stays, the
// download ends, with the right bytes, and no honest peer is accused.
func TestSimulation(t *testing.T) {
	for seed := range uint64(150) {
		kind := []create.Kind{create.V1, create.V2, create.Hybrid}[seed%3]
		budget := int64(4*block) << (seed % 5) // from one piece to sixteen
		w := newWorld(t, kind, 12, seed, budget)
		s := &sim{w: w, rng: rand.New(rand.NewPCG(seed, 2)), honest: w.join(seed%2 == 0)}
		for steps := 0; w.f.Left() > 0; steps++ {
			if steps > 5000 {
				t.Fatalf("seed %d: %d pieces are left, the honest peer was asked for %v", seed, w.f.Left(), s.honest.wanted())
			}
			s.step(t, true)
		}
		w.right()
	}
}

// TestWakes is the same without the tick that finds what was forgotten, and
// without what only time can solve: somebody is always asked for something.
func TestWakes(t *testing.T) {
	for seed := range uint64(150) {
		w := newWorld(t, create.V1, 12, seed, int64(4*block)<<(seed%5))
		s := &sim{w: w, rng: rand.New(rand.NewPCG(seed, 3)), honest: w.join(seed%2 == 0)}
		for w.f.Left() > 0 {
			s.step(t, false)
			if w.f.Left() > 0 && !slices.ContainsFunc(w.peers, func(p *remote) bool { return len(p.wanted()) > 0 }) {
				t.Fatalf("seed %d: %d pieces are left and nobody is asked", seed, w.f.Left())
			}
		}
		w.right()
	}
}

type sim struct {
	w      *world
	rng    *rand.Rand
	honest *remote
	liars  []fetch.PeerID
}

// step lets one peer do one thing. With ticks there are ticks, rejects and
// silence.
func (s *sim) step(t *testing.T, ticks bool) {
	s.banGuilty(t)
	w := s.w
	p := w.peers[s.rng.IntN(len(w.peers))]
	answers := p == s.honest || !p.choking && !p.mute
	switch n := s.rng.IntN(20); {
	case n < 11 && answers:
		p.answer(1 + s.rng.IntN(6))
	case n == 11 && len(w.peers) < 6:
		s.joins(ticks)
	case p == s.honest:
	case n == 12 && s.rng.IntN(3) == 0:
		p.leave()
	case n == 13:
		p.choke()
	case n == 14 && p.choking:
		p.unchoke()
	case n == 15 && p.fast && ticks && !p.choking:
		p.reject()
	case n == 16:
		p.deliver(peerwire.Request{Index: s.rng.Uint32N(13), Begin: s.rng.Uint32N(5) * block, Length: 1 + s.rng.Uint32N(block)})
	case n == 18 || n == 19 && s.rng.IntN(2) == 0:
		w.due(s.rng.IntN(12), time.Duration(s.rng.IntN(20)-5)*time.Second)
	case n == 17:
		p.dl.Rejected(peerwire.Request{Index: s.rng.Uint32(), Begin: s.rng.Uint32(), Length: s.rng.Uint32()})
	}
	if ticks && s.rng.IntN(8) == 0 {
		w.pass(1 + s.rng.IntN(20))
	}
}

// joins adds a peer of some kind.
func (s *sim) joins(ticks bool) {
	p := s.w.joinChoking(s.rng.IntN(2) == 0)
	if s.rng.IntN(3) == 0 {
		p.lies = true
		s.liars = append(s.liars, p.dl.ID)
	} else {
		p.mute = ticks && s.rng.IntN(3) == 0
	}
	n := s.w.meta.Info.NumPieces()
	bits := peerwire.NewBitfield(n)
	for i := range n {
		if s.rng.IntN(2) == 0 {
			bits.Set(i)
		}
	}
	p.dl.HasSet(bits)
	p.unchoke()
	for range 3 {
		p.dl.Has(s.rng.IntN(n))
		p.dl.Lost(s.rng.IntN(n))
	}
}

func (s *sim) banGuilty(t *testing.T) {
	for _, id := range s.w.guilty {
		if !slices.Contains(s.liars, id) {
			t.Fatalf("peer %d was accused and is honest", id)
		}
		for _, p := range slices.Clone(s.w.peers) {
			if p.dl.ID == id {
				p.leave()
			}
		}
	}
	s.w.guilty = nil
}

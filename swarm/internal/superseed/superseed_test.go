package superseed_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/superseed"
	"pgregory.net/rapid"
)

func epoch() time.Time { return time.Unix(1_700_000_000, 0) }

func newSeeder(n int) *superseed.Seeder {
	return superseed.New(n, rand.New(rand.NewPCG(1, 2)))
}

// A piece is shown to one peer after the other only as others turn out to have
// what was shown before.
func TestShowsWhatIsPassedOn(t *testing.T) {
	s, now := newSeeder(10), epoch()
	one, two := s.Join(1, now), s.Join(2, now)
	if len(one) != 2 || len(two) != 2 {
		t.Fatalf("shown at first: %v and %v", one, two)
	}
	seen := map[int]bool{}
	for _, r := range append(one, two...) {
		if seen[r.Piece] || !s.May(r.Peer, r.Piece) || s.May(3-r.Peer, r.Piece) {
			t.Errorf("%+v is shown twice, or not shown", r)
		}
		seen[r.Piece] = true
	}
	if more := s.Has(1, one[0].Piece, now); len(more) != 0 {
		t.Errorf("shown more for what it keeps: %v", more)
	}
	if more := s.Has(2, one[0].Piece, now); len(more) != 1 || more[0].Peer != 1 {
		t.Errorf("shown for what it passed on: %v", more)
	}
	if more := s.Has(2, one[0].Piece, now); len(more) != 0 {
		t.Errorf("shown for saying it twice: %v", more)
	}
	s.Leave(2)
	if s.May(2, two[0].Piece) || s.Has(2, 1, now) != nil {
		t.Error("who left is still there")
	}
	s.Leave(2)
}

// One that keeps all to itself is shown two pieces in half a minute, one that is
// alone as many as it can fetch.
func TestHoarder(t *testing.T) {
	s, now := newSeeder(100), epoch()
	mine := s.Join(1, now)
	s.Join(2, now) // never fetches anything
	total := 0
	for range 60 {
		for _, r := range mine {
			if r.Peer != 1 {
				continue
			}
			total++
			if more := s.Has(1, r.Piece, now); len(more) > 0 {
				t.Errorf("shown at once: %v", more)
			}
		}
		now = now.Add(10 * time.Second)
		mine = s.Tick(now)
	}
	if total < 30 || total > 42 {
		t.Errorf("a hoarder was shown %d pieces in ten minutes", total)
	}
	s = newSeeder(100)
	list, got := s.Join(1, now), 0
	for len(list) > 0 {
		r := list[0]
		list = append(list[1:], s.Has(1, r.Piece, now)...)
		got++
	}
	if got != 100 {
		t.Errorf("who is alone got %d of 100 pieces at once", got)
	}
}

// Whatever peers do, those that fetch what they are shown and tell of it get
// everything, no piece is shown twice to one, and while enough of them swap the
// seed sends little more than one copy.
func TestEverybodyGetsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "pieces")
		k := rapid.IntRange(1, 6).Draw(t, "peers")
		swap := rapid.Bool().Draw(t, "swap")
		s, now := newSeeder(n), epoch()
		has := make([]map[int]bool, k)
		var queue []superseed.Reveal
		shown := map[superseed.Reveal]bool{}
		show := func(list []superseed.Reveal) {
			for _, r := range list {
				if shown[r] || !s.May(r.Peer, r.Piece) {
					t.Fatalf("%+v is shown twice, or may not be asked for", r)
				}
				shown[r] = true
			}
			queue = append(queue, list...)
		}
		gain := func(id superseed.Peer, piece int) {
			if !has[id][piece] {
				has[id][piece] = true
				show(s.Has(id, piece, now))
			}
		}
		for i := range k {
			has[i] = map[int]bool{}
			show(s.Join(superseed.Peer(i), now))
		}
		sent := 0
		for step := 0; step < 100*n*k; step++ {
			if len(queue) > 0 {
				i := rapid.IntRange(0, len(queue)-1).Draw(t, "next")
				r := queue[i]
				queue = append(queue[:i], queue[i+1:]...)
				if !has[r.Peer][r.Piece] {
					sent++
					gain(r.Peer, r.Piece)
				}
			} else {
				now = now.Add(10 * time.Second)
				show(s.Tick(now))
			}
			for piece := range n {
				for from := range k {
					if to := (from + 1) % k; swap && has[from][piece] && !has[to][piece] {
						gain(superseed.Peer(to), piece)
					}
				}
			}
			all := true
			for i := range k {
				all = all && len(has[i]) == n
			}
			if all {
				break
			}
		}
		for i := range k {
			if len(has[i]) != n {
				t.Fatalf("peer %d has %d of %d pieces", i, len(has[i]), n)
			}
		}
		if swap && sent > n+2*k { // what was shown to several at the same time
			t.Fatalf("%d pieces were sent for a copy of %d", sent, n)
		}
	})
}

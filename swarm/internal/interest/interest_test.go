package interest

import (
	"slices"
	"sync"
	"testing"
)

// Only changes are told, and what was told last is how it is.
func TestDecide(t *testing.T) {
	var s State
	var said []bool
	for _, want := range []bool{false, true, true, false, false, true} {
		s.Decide(func() bool { return want }, func(on bool) { said = append(said, on) })
		if s.Ours() != want {
			t.Errorf("after %v: %t", said, s.Ours())
		}
	}
	if !slices.Equal(said, []bool{true, false, true}) {
		t.Errorf("said %v", said)
	}
}

// Of many that decide at once, the one that knows most has the last word.
func TestDecideAtOnce(t *testing.T) {
	for range 50 {
		var s State
		var wg sync.WaitGroup
		turns, last := 0, false
		for range 8 {
			wg.Go(func() {
				s.Decide(func() bool { turns++; return turns%3 != 0 }, func(on bool) { last = on })
			})
		}
		wg.Wait()
		if want := turns%3 != 0; turns != 8 || s.Ours() != want || last != want {
			t.Fatalf("after %d turns: %t, said %t", turns, s.Ours(), last)
		}
	}
}

// What the peer says is noted, each for itself.
func TestTheirs(t *testing.T) {
	var s State
	if s.Theirs() || s.Ours() || !s.Choking() {
		t.Errorf("at first: %+v", s.read())
	}
	for i, c := range []struct{ on, changed bool }{{false, false}, {true, true}, {true, false}, {false, true}} {
		if got := s.SetTheirs(c.on); got != c.changed || s.Theirs() != c.on {
			t.Errorf("step %d: changed %t, interested %t", i, got, s.Theirs())
		}
	}
	if s.SetChoking(false); s.Choking() {
		t.Error("choking after an unchoke")
	}
	if s.SetChoking(true); !s.Choking() || s.Theirs() || s.Ours() {
		t.Errorf("after a choke: %+v", s.read())
	}
}

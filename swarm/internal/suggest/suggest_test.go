package suggest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func rng() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func TestAhead(t *testing.T) {
	for length, want := range map[int64]int{16 << 10: 32, 512 << 10: 8, 1 << 20: 4, 16 << 20: 4} {
		if got := Ahead(length); got != want {
			t.Errorf("pieces of %d bytes: %d ahead, want %d", length, got, want)
		}
	}
}

// TestEachPieceOnce has peers that heed what is suggested: nothing is suggested
// twice, and in the end everything was.
func TestEachPieceOnce(t *testing.T) {
	a := New(100, rng())
	have := map[int]bool{}
	spread := func(i int) bool { return have[i] }
	var todo [4][]int
	for len(have) < 100 {
		for p := range todo {
			todo[p] = append(todo[p], a.Next(Peer(p), 5, spread)...)
			if len(todo[p]) > 5 {
				t.Fatalf("peer %d has %d to fetch", p, len(todo[p]))
			}
			if len(todo[p]) > 0 {
				if have[todo[p][0]] {
					t.Fatalf("piece %d was suggested twice", todo[p][0])
				}
				have[todo[p][0]] = true
				todo[p] = todo[p][1:]
			}
		}
	}
	if more := a.Next(0, 5, spread); len(more) > 0 {
		t.Errorf("suggests %v, which everyone can have from others", more)
	}
}

func TestLeaveGivesBack(t *testing.T) {
	a := New(3, rng())
	none := func(int) bool { return false }
	first := a.Next(1, 3, none)
	if got := a.Next(2, 3, none); len(got) > 0 {
		t.Fatalf("pieces %v are suggested to two peers", got)
	}
	a.Leave(1)
	second := a.Next(2, 3, func(i int) bool { return i == first[0] })
	slices.Sort(second)
	want := slices.Sorted(slices.Values(first[1:]))
	if !slices.Equal(second, want) {
		t.Errorf("after the first peer left: %v, want %v", second, want)
	}
}

// TestNothingIsLost: a piece nobody has is in the queue or suggested to one who
// is there, whatever happens.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 20
		a := New(n, rng())
		have := map[int]bool{}
		spread := func(i int) bool { return have[i] }
		t.Repeat(map[string]func(*rapid.T){
			"next":  func(t *rapid.T) { a.Next(Peer(rapid.IntRange(0, 3).Draw(t, "peer")), 4, spread) },
			"leave": func(t *rapid.T) { a.Leave(Peer(rapid.IntRange(0, 3).Draw(t, "peer"))) },
			"gain":  func(t *rapid.T) { have[rapid.IntRange(0, n-1).Draw(t, "piece")] = true },
			"": func(t *rapid.T) {
				seen := map[int32]int{}
				for _, i := range a.queue {
					seen[i]++
				}
				for _, own := range a.given {
					for _, i := range own {
						seen[i]++
					}
				}
				for i := range int32(n) {
					if seen[i] > 1 || seen[i] == 0 && !have[int(i)] {
						t.Fatalf("piece %d is in %d places", i, seen[i])
					}
				}
			},
		})
	})
}

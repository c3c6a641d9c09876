package piece_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Lacks yields what is in the other set alone, and takes additions meanwhile.
func TestLacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		draw := func(name string) peerwire.Bitfield {
			b := peerwire.NewBitfield(n)
			for _, i := range rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, name) {
				b.Set(i)
			}
			return b
		}
		set, other := piece.SetOf(n, draw("set")), draw("other")
		if rapid.Bool().Draw(t, "everything") {
			other = nil
		}
		var want, got []int
		for i := range n {
			if !set.Has(i) && (other == nil || other.Has(i)) {
				want = append(want, i)
			}
		}
		for i := range set.Lacks(other) {
			got = append(got, i)
			set.Add(i)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

package content

import (
	"bytes"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
	"pgregory.net/rapid"
)

// The set of pieces is the bitfield that went in, and what was added since.
func TestHaveIsBitfield(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "pieces")
		h, want := newHave(n), peerwire.NewBitfield(n)
		piece := rapid.IntRange(0, max(n-1, 0))
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch i := piece.Draw(t, "piece"); {
			case n == 0:
			case rapid.IntRange(0, 9).Draw(t, "replace") == 0:
				want = peerwire.NewBitfield(n)
				want.Set(i)
				h.replace(want)
			default:
				want.Set(i)
				h.set(i)
			}
		}
		if got := h.bitfield(); !bytes.Equal(got, want) || int(h.count.Load()) != want.Count() {
			t.Fatalf("%d pieces %x, want %d %x", h.count.Load(), got, want.Count(), want)
		}
		for i := -1; i <= n+32; i++ {
			if h.has(i) != want.Has(i) {
				t.Fatalf("piece %d: %t", i, h.has(i))
			}
		}
	})
}

// Pieces that come at once are all counted, and readers need no lock.
func TestHaveAtOnce(t *testing.T) {
	h := newHave(1000)
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			for i := range 1000 {
				if h.set(i); !h.has(i) {
					t.Errorf("goroutine %d: piece %d is not there", k, i)
				}
			}
		})
	}
	wg.Wait()
	if h.count.Load() != 1000 {
		t.Errorf("%d of 1000 pieces", h.count.Load())
	}
}

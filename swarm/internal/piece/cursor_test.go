package piece

import (
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

// TestGiveBackDuringTake gives blocks back between the moments in which a
// search reads the cursor and moves it: it must not leave them behind.
func TestGiveBackDuringTake(t *testing.T) {
	for given := range 4 {
		pc := New(0, make([]byte, 6*peerwire.BlockLen))
		for range 4 {
			pc.Take()
		}
		c := pc.cursor.Load()
		pc.GiveBack(given)
		if b, ok := pc.takeFrom(c); !ok || b != 4 {
			t.Fatalf("took %d, %t", b, ok)
		}
		for _, want := range []int{given, 5} {
			if b, ok := pc.Take(); !ok || b != want {
				t.Errorf("took %d, %t, want %d", b, ok, want)
			}
		}
		// The same for a search that finds nothing.
		c = pc.cursor.Load()
		if _, ok := pc.takeFrom(c); ok {
			t.Error("a seventh block")
		}
		pc.GiveBack(given)
		pc.takeFrom(c) // moves nothing
		if b, ok := pc.Take(); !ok || b != given {
			t.Errorf("took %d, %t, want %d", b, ok, given)
		}
	}
}

package superseed_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/superseed"
)

// A view that hides nothing lets everything be sent, and asks nobody.
func TestViewOpen(t *testing.T) {
	var v superseed.View
	v.Show(func(int) { t.Error("told of a piece") })
	v.Has(0)
	v.HasSet(nil, 10)
	if v.Hides() || !v.May(9) {
		t.Error("something is hidden")
	}
	v.Leave()
}

// Who hides shows a peer pieces one after the other, and sends it no others; what
// the others have counts, said one by one or all at once.
func TestViewHides(t *testing.T) {
	const n = 10
	seed := superseed.NewShared(n, rand.New(rand.NewPCG(1, 2)))
	var views [2]superseed.View
	var shown [2][]int
	for i := range views {
		views[i].Hide(seed, superseed.Peer(i+1), epoch)
		views[i].Show(func(piece int) { shown[i] = append(shown[i], piece) })
	}
	before := len(shown[0])
	if before == 0 || before == n {
		t.Fatalf("shown %v", shown)
	}
	for piece := range n {
		for i := range views {
			if views[i].May(piece) != slices.Contains(shown[i], piece) {
				t.Errorf("peer %d may have piece %d: %t, shown %v", i, piece, views[i].May(piece), shown[i])
			}
		}
	}
	first := shown[0][0]
	views[0].Has(first)
	passed := make(peerwire.Bitfield, 2)
	passed.Set(first)
	views[1].HasSet(passed, n)
	if len(shown[0]) <= before {
		t.Errorf("passed on piece %d, and still shown %v", first, shown[0])
	}
	views[0].Leave()
	before = len(shown[0])
	views[1].HasSet(nil, n)
	if len(shown[0]) != before {
		t.Error("who has left is shown more")
	}
}

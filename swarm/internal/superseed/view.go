package superseed

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// View is what one peer is shown. The zero View hides nothing. It is safe for
// concurrent use once Hide was called.
type View struct {
	seed *Shared
	id   Peer
	now  func() time.Time
}

// Hide makes the peer believe that we have next to nothing. It is decided once:
// what the peer was told first cannot be taken back.
func (v *View) Hide(seed *Shared, id Peer, now func() time.Time) { v.seed, v.id, v.now = seed, id, now }

// Hides reports whether anything is hidden.
func (v *View) Hides() bool { return v.seed != nil }

// Show begins to call tell with pieces that the peer may be told of.
func (v *View) Show(tell func(piece int)) {
	if v.Hides() {
		v.seed.Join(v.id, v.now(), tell)
	}
}

// May reports whether the peer may be sent a piece that we have.
func (v *View) May(piece int) bool { return !v.Hides() || v.seed.May(v.id, piece) }

// Has notes that the peer has a piece.
func (v *View) Has(piece int) {
	if v.Hides() {
		v.seed.Has(v.id, piece, v.now())
	}
}

// HasSet notes what the peer says of all n pieces; nil means everything.
func (v *View) HasSet(bits peerwire.Bitfield, n int) {
	if !v.Hides() {
		return
	}
	for i := range n {
		if bits == nil || bits.Has(i) {
			v.Has(i)
		}
	}
}

// Leave ends what Show began.
func (v *View) Leave() {
	if v.Hides() {
		v.seed.Leave(v.id)
	}
}

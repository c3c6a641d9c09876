package piece

import (
	"iter"
	"math/bits"

	"github.com/warren-p2p/warren/peerwire"
)

// Set is the set of pieces a peer has. That it has all is known without a bit
// for each.
type Set struct {
	n    int
	all  bool
	bits peerwire.Bitfield
}

// NewSet returns an empty set of up to n pieces.
func NewSet(n int) Set { return Set{n: n, bits: peerwire.NewBitfield(n)} }

// SetOf returns the set that bits holds, which is kept; nil means everything.
func SetOf(n int, bits peerwire.Bitfield) Set {
	if bits == nil || bits.Full(n) {
		return Set{n: n, all: true}
	}
	return Set{n: n, bits: bits}
}

// All reports whether the set is kept as one of everything. A set that was
// filled piece by piece is not.
func (s *Set) All() bool { return s.all }

// Has reports whether piece i is in the set.
func (s *Set) Has(i int) bool { return s.all || s.bits.Has(i) }

// Lacks yields the pieces of other, of which nil means everything, that are not
// in the set. What is yielded may be added meanwhile. Where there is nothing to
// yield it costs a look at each byte.
func (s *Set) Lacks(other peerwire.Bitfield) iter.Seq[int] {
	return func(yield func(int) bool) {
		if s.all {
			return
		}
		for at, have := range s.bits {
			more := ^have
			if other != nil {
				more &= other[at]
			}
			for ; more != 0; more &= more - 1 {
				i := 8*at + bits.LeadingZeros8(more&-more)
				if i < s.n && !yield(i) {
					return
				}
			}
		}
	}
}

// Add adds piece i, which is below n.
func (s *Set) Add(i int) {
	if !s.all {
		s.bits.Set(i)
	}
}

// Remove removes piece i, which is below n.
func (s *Set) Remove(i int) {
	s.Spell()
	s.bits.Clear(i)
}

// Spell keeps a bit for each piece from now on.
func (s *Set) Spell() {
	if !s.all {
		return
	}
	s.all, s.bits = false, peerwire.NewBitfield(s.n)
	for i := range s.n {
		s.bits.Set(i)
	}
}

// Count returns how many pieces are in the set.
func (s *Set) Count() int {
	if s.all {
		return s.n
	}
	return s.bits.Count()
}

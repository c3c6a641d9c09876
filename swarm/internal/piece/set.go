package piece

import "github.com/warren-p2p/warren/peerwire"

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

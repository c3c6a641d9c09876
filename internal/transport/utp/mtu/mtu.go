// Package mtu finds out how long datagrams may be, by trying: a packet of data
// goes out longer than usual with a demand not to be fragmented.
package mtu

// Search is under way for one connection.
type Search struct {
	size  int   // what is known to pass
	left  []int // to be tried, ascending
	tried int   // under way, 0 if none
	fails int   // of the size that is next
}

// tries is how often a size is tried: the first packet may have been lost as any
// is.
const tries = 2

// New returns a search that begins with a size that passes everywhere.
func New(size int, sizes []int) Search { return Search{size: size, left: sizes} }

// Size returns how long datagrams may be, as far as known.
func (s *Search) Size() int { return s.size }

// Next returns the size to try; false if there is none, or one is under way.
func (s *Search) Next() (int, bool) {
	if s.tried != 0 || len(s.left) == 0 {
		return 0, false
	}
	return s.left[0], true
}

// Begin says that a packet of the size to try was sent.
func (s *Search) Begin() { s.tried = s.left[0] }

// Passed says that it arrived.
func (s *Search) Passed() {
	if s.tried == 0 {
		return
	}
	s.size, s.left = s.tried, s.left[1:]
	s.tried, s.fails = 0, 0
}

// Failed says that it was lost.
func (s *Search) Failed() {
	s.tried = 0
	if s.fails++; s.fails == tries {
		s.left = nil
	}
}

// Refused says that it was too long to leave the machine.
func (s *Search) Refused() { s.tried, s.left = 0, nil }

package peerwire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Bitfield is a set of piece indices, piece 0 being the most significant bit
// of the first byte (BEP 3). It is the payload of a bitfield message as it is.
type Bitfield []byte

// NewBitfield returns an empty set with room for n pieces.
func NewBitfield(n int) Bitfield { return make(Bitfield, (n+7)/8) }

// AppendBitfield appends a bitfield message (BEP 3).
func AppendBitfield(dst []byte, b Bitfield) []byte {
	return append(appendHeader(dst, IDBitfield, len(b)), b...)
}

// CheckBitfield tells whether b is a bitfield of n pieces: as long as needed
// and no longer, with zeros in the spare bits at its end.
func CheckBitfield(b []byte, n int) error {
	if want := (n + 7) / 8; len(b) != want {
		return lengthError(IDBitfield, len(b), want)
	}
	if spare := -n & 7; len(b) > 0 && b[len(b)-1]&(1<<spare-1) != 0 {
		return &Error{IDBitfield.String(), fmt.Errorf("%w: spare bits are set", ErrValue)}
	}
	return nil
}

// Has tells whether piece i is in the set; false beyond its end.
func (b Bitfield) Has(i int) bool {
	return i >= 0 && i>>3 < len(b) && b[i>>3]&(0x80>>(i&7)) != 0
}

// Set adds piece i, which must be below the n the set was made for.
func (b Bitfield) Set(i int) { b[i>>3] |= 0x80 >> (i & 7) }

// Clear removes piece i, which must be below the n the set was made for.
func (b Bitfield) Clear(i int) { b[i>>3] &^= 0x80 >> (i & 7) }

// Count returns how many pieces are in the set.
func (b Bitfield) Count() int {
	n := 0
	for ; len(b) >= 8; b = b[8:] {
		n += bits.OnesCount64(binary.BigEndian.Uint64(b))
	}
	for _, c := range b {
		n += bits.OnesCount8(c)
	}
	return n
}

// Full tells whether all of the pieces 0 to n-1 are in the set.
func (b Bitfield) Full(n int) bool {
	if len(b) < (n+7)/8 {
		return false
	}
	whole, rest := b[:n/8], n%8
	for ; len(whole) >= 8; whole = whole[8:] {
		if binary.BigEndian.Uint64(whole) != 1<<64-1 {
			return false
		}
	}
	for _, c := range whole {
		if c != 0xff {
			return false
		}
	}
	last := byte(0xff) << (8 - rest)
	return rest == 0 || b[n/8]&last == last
}

// HasAnyNotIn tells whether b has a piece that other lacks. What lies beyond
// the end of other it lacks.
func (b Bitfield) HasAnyNotIn(other Bitfield) bool {
	for ; len(b) >= 8 && len(other) >= 8; b, other = b[8:], other[8:] {
		if binary.BigEndian.Uint64(b)&^binary.BigEndian.Uint64(other) != 0 {
			return true
		}
	}
	for i, c := range b {
		if i < len(other) {
			c &^= other[i]
		}
		if c != 0 {
			return true
		}
	}
	return false
}

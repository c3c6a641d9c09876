package record

import (
	"math/bits"
	"math/rand/v2"
)

// Padding says what is added to records to hide how long their content is
// (RFC 8446, section 5.4). Every peer that speaks TLS 1.3 takes it off again.
type Padding uint8

const (
	// Opening pads the first small records of a connection by chance: what peers
	// say first always has the same length.
	Opening Padding = iota
	// Buckets pads records that are not full to the next power of two, 256 bytes
	// at least.
	Buckets
)

// The records that Opening is about: how many, how long they are at most, and how
// much is added at most, in bytes.
const (
	openingRecords = 8
	openingContent = 1 << 10
	openingPadding = 255
)

// leastBucket is the shortest content with Buckets, in bytes.
const leastBucket = 256

// SetPadding changes what is added to the records that follow.
func (c *Conn) SetPadding(p Padding) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.padding = p
}

// pad returns how many bytes to add to a record with n bytes of content, and counts
// it. The sum is maxContent at most.
func (w *writer) pad(n int) int {
	w.records++
	switch {
	case n == maxContent:
		return 0
	case w.padding == Buckets:
		return max(leastBucket, 1<<bits.Len(uint(n-1))) - n
	case w.records <= openingRecords && n <= openingContent:
		return rand.IntN(openingPadding + 1)
	}
	return 0
}

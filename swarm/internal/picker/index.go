package picker

import (
	"math/bits"
	"math/rand/v2"
)

const unlisted = -1

// bitset is a set of piece indices that finds its next member quickly.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) clear(i int)    { b[i/64] &^= 1 << (i % 64) }

// next returns the first member at or after i, or -1.
func (b bitset) next(i int) int {
	w := i / 64
	if w >= len(b) {
		return -1
	}
	word := b[w] >> (i % 64) << (i % 64)
	for word == 0 {
		if w++; w == len(b) {
			return -1
		}
		word = b[w]
	}
	return w*64 + bits.TrailingZeros64(word)
}

// index holds the free pieces, those that Start may give out as fresh work, both
// by rarity and in order. A bucket is searched from a random place on, so that
// taking the first fit is a random choice among equals.
type index struct {
	rng     *rand.Rand
	buckets [priorities][][]int32 // by priority, then availability
	order   [priorities]bitset
	count   int
}

func newIndex(n int, rng *rand.Rand) index {
	x := index{rng: rng}
	for prio := range x.order {
		x.order[prio] = newBitset(n)
	}
	return x
}

func (x *index) add(pieces []piece, i int) {
	pc := &pieces[i]
	levels := x.buckets[pc.prio]
	for int(pc.avail) >= len(levels) {
		levels = append(levels, nil)
	}
	pc.slot = int32(len(levels[pc.avail]))
	levels[pc.avail] = append(levels[pc.avail], int32(i))
	x.buckets[pc.prio] = levels
	x.order[pc.prio].set(i)
	x.count++
}

func (x *index) remove(pieces []piece, i int) {
	pc := &pieces[i]
	b := x.buckets[pc.prio][pc.avail]
	last := len(b) - 1
	b[pc.slot] = b[last]
	pieces[b[last]].slot = pc.slot
	pc.slot = unlisted
	x.buckets[pc.prio][pc.avail] = b[:last]
	x.order[pc.prio].clear(i)
	x.count--
}

// rarest returns the free piece of this priority that the fewest peers have, or
// -1. Pieces in bucket 0 are held by the seeds alone; without a seed nobody has
// announced them and they come last.
func (x *index) rarest(prio Priority, has Set, seeds int32) int {
	levels := x.buckets[prio]
	for a := range levels {
		if a == 0 && seeds == 0 {
			continue
		}
		if i := x.anyOf(levels[a], has); i >= 0 {
			return i
		}
	}
	if seeds == 0 && len(levels) > 0 {
		return x.anyOf(levels[0], has)
	}
	return -1
}

func (x *index) anyOf(bucket []int32, has Set) int {
	if len(bucket) == 0 {
		return -1
	}
	from := x.rng.IntN(len(bucket))
	for _, part := range [...][]int32{bucket[from:], bucket[:from]} {
		for _, i := range part {
			if has.Has(int(i)) {
				return int(i)
			}
		}
	}
	return -1
}

// first returns the lowest free piece of this priority that has holds, or -1.
func (x *index) first(prio Priority, has Set) int {
	for i := x.order[prio].next(0); i >= 0; i = x.order[prio].next(i + 1) {
		if has.Has(i) {
			return i
		}
	}
	return -1
}

// unavailable counts the free pieces that no peer has, given no seed.
func (x *index) unavailable() int {
	n := 0
	for _, levels := range x.buckets {
		if len(levels) > 0 {
			n += len(levels[0])
		}
	}
	return n
}

package table

import (
	"hash/maphash"
	"slices"
)

// A swarm gets an index beyond this many peers, and loses it below a quarter.
const indexed = 256

// index finds the peers of a large table by their address: a hash table with open
// addressing whose slots are places plus one, 0 if they are free. It is nil for a
// small table. Its hash has a secret seed: who can choose addresses must not be
// able to choose slots.
type index []uint32

func (x index) slot(key []byte, seed maphash.Seed) int {
	return int(maphash.Bytes(seed, key) & uint64(len(x)-1)) // a power of two
}

func (x index) find(t *Table, key []byte, seed maphash.Seed) int {
	for i := x.slot(key, seed); x[i] != 0; i = (i + 1) & (len(x) - 1) {
		if at := int(x[i] - 1); string(t.Key(at)) == string(key) {
			return at
		}
	}
	return -1
}

// where returns the slot of a place that is in the index.
func (x index) where(t *Table, at int, seed maphash.Seed) int {
	i := x.slot(t.Key(at), seed)
	for x[i] != uint32(at+1) {
		i = (i + 1) & (len(x) - 1)
	}
	return i
}

// added takes note of the last peer of a table, and returns the index that has it.
func (x index) added(t *Table, at int, seed maphash.Seed) index {
	if x == nil && t.Len() <= indexed {
		return nil
	}
	if t.Len()*4 > len(x)*3 {
		return build(t, seed)
	}
	x.put(t, at, seed)
	return x
}

// build makes the index of a table, three quarters full at most.
func build(t *Table, seed maphash.Seed) index {
	size := 2 * indexed
	for size*3 < t.Len()*4+4 {
		size *= 2
	}
	x := make(index, size)
	for at := range t.Len() {
		x.put(t, at, seed)
	}
	return x
}

func (x index) put(t *Table, at int, seed maphash.Seed) {
	i := x.slot(t.Key(at), seed)
	for x[i] != 0 {
		i = (i + 1) & (len(x) - 1)
	}
	x[i] = uint32(at + 1)
}

// removed forgets a place, and returns the index without it. Those behind it move
// up, so that no search ends too early.
func (x index) removed(t *Table, at int, seed maphash.Seed) index {
	if x == nil || t.Len()-1 < indexed/4 {
		return nil
	}
	mask := len(x) - 1
	hole := x.where(t, at, seed)
	for i := (hole + 1) & mask; x[i] != 0; i = (i + 1) & mask {
		// A peer may move into the hole unless that lies before its own slot.
		home := x.slot(t.Key(int(x[i]-1)), seed)
		if (i-home)&mask >= (i-hole)&mask {
			x[hole], hole = x[i], i
		}
	}
	x[hole] = 0
	if len(x) > 8*t.Len() && len(x) > 2*indexed {
		return x.shrunk(t, at, seed)
	}
	return x
}

// shrunk is a smaller index of the same peers; at is the last one, which leaves.
func (x index) shrunk(t *Table, at int, seed maphash.Seed) index {
	smaller := make(index, len(x)/2)
	for _, p := range x {
		if p != 0 && int(p-1) != at {
			smaller.put(t, int(p-1), seed)
		}
	}
	return slices.Clip(smaller)
}

// swapped takes note that two peers are about to change places.
func (x index) swapped(t *Table, a, b int, seed maphash.Seed) {
	if x == nil {
		return
	}
	i, j := x.where(t, a, seed), x.where(t, b, seed)
	x[i], x[j] = x[j], x[i]
}

package content

import (
	"encoding/binary"
	"sync/atomic"

	"github.com/warren-p2p/warren/peerwire"
)

// have is a set of pieces that is read while it changes. Changes are made one at
// a time.
type have struct {
	n     int
	words []atomic.Uint32 // as a bitfield has them (BEP 3), four bytes each
	count atomic.Int64
}

func newHave(n int) have { return have{n: n, words: make([]atomic.Uint32, (n+31)/32)} }

func (h *have) has(i int) bool {
	return i >= 0 && i < h.n && h.words[i>>5].Load()&(1<<(31-i&31)) != 0
}

func (h *have) set(i int) {
	bit := uint32(1) << (31 - i&31)
	if h.words[i>>5].Or(bit)&bit == 0 {
		h.count.Add(1)
	}
}

func (h *have) replace(b peerwire.Bitfield) {
	padded := make([]byte, 4*len(h.words))
	copy(padded, b)
	for i := range h.words {
		h.words[i].Store(binary.BigEndian.Uint32(padded[4*i:]))
	}
	h.count.Store(int64(b.Count()))
}

func (h *have) bitfield() peerwire.Bitfield {
	b := make(peerwire.Bitfield, 4*len(h.words))
	for i := range h.words {
		binary.BigEndian.PutUint32(b[4*i:], h.words[i].Load())
	}
	return b[:(h.n+7)/8]
}

// Has reports whether a piece is verified.
func (c *Content) Has(piece int) bool { return c.have.has(piece) }

// Count returns how many pieces are verified.
func (c *Content) Count() int { return int(c.have.count.Load()) }

// Full reports whether all pieces are verified, wanted or not.
func (c *Content) Full() bool { return c.Count() == c.have.n }

// Have returns a copy of the set of verified pieces.
func (c *Content) Have() peerwire.Bitfield { return c.have.bitfield() }

// Add adds a piece that was verified.
func (c *Content) Add(piece int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.have.set(piece)
	c.tell()
}

// Grown returns a channel that is closed at the next change of what is verified.
func (c *Content) Grown() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.grown == nil {
		c.grown = make(chan struct{})
	}
	return c.grown
}

// tell wakes those who wait for a change. The caller holds c.mu.
func (c *Content) tell() {
	if c.grown != nil {
		close(c.grown)
		c.grown = nil
	}
}

// Recount takes over what the store has, and returns which pieces there are no
// more. Whatever was added is in the store before.
func (c *Content) Recount() (now peerwire.Bitfield, lost []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now = c.Store.Have()
	for i := range c.have.n {
		if c.have.has(i) && !now.Has(i) {
			lost = append(lost, i)
		}
	}
	c.have.replace(now)
	c.tell()
	return now, lost
}

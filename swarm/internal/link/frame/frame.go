// Package frame is what a connection writes at a time: a buffer that is borrowed
// for it, and the cut at the end of the last whole TLS record.
package frame

import (
	"sync"

	"github.com/warren-p2p/warren/peerwire"
)

// Size is how much the writer puts into one write: sixteen blocks with their
// headers, some room for small messages before them, and what was left of the
// write before.
const Size = Room + slack + recordLen

// Sizes of blocks with their headers, in bytes.
const (
	Room  = 16 * Block // of one write
	First = 8 * Block  // until it is known how fast the peer reads
	Block = peerwire.BlockLen + peerwire.PieceHeaderLen
	slack = 16 << 10
)

// recordLen is the most that a TLS record carries (RFC 8446, section 5.1).
const recordLen = 1 << 14

// Pool is a pool of write buffers. A connection holds one only while it has
// blocks to send, so memory follows the number of active uploads.
type Pool struct{ pool sync.Pool }

// NewPool returns an empty pool.
func NewPool() *Pool {
	return &Pool{pool: sync.Pool{New: func() any { b := make([]byte, 0, Size); return &b }}}
}

// Get lends an empty buffer.
func (p *Pool) Get() *[]byte { return p.pool.Get().(*[]byte) }

// Put takes one back.
func (p *Pool) Put(b *[]byte) { *b = (*b)[:0]; p.pool.Put(b) }

// Tail is the end of a write that fills no record. Sixteen blocks are sixteen
// records and 208 bytes: sent as they are, each batch would end with a record of
// that size, which nothing else on the web does. So it waits for the next one.
type Tail struct{ b []byte }

// Empty reports whether nothing waits.
func (t *Tail) Empty() bool { return len(t.b) == 0 }

// Take appends what waits to b.
func (t *Tail) Take(b []byte) []byte {
	b = append(b, t.b...)
	t.b = t.b[:0]
	return b
}

// Keep returns as much of b as fills records and lets the rest wait.
func (t *Tail) Keep(b []byte) []byte {
	whole := len(b) - len(b)%recordLen
	t.b = append(t.b[:0], b[whole:]...)
	return b[:whole]
}

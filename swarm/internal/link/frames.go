package link

import (
	"sync"

	"github.com/warren-p2p/warren/peerwire"
)

// FrameSize is how much the writer puts into one write: sixteen blocks with
// their headers, and some room for small messages before them.
const FrameSize = frameRoom + frameSlack

const (
	frameRoom  = 16 * blockRoom
	firstRoom  = 8 * blockRoom // until it is known how fast the peer reads
	blockRoom  = peerwire.BlockLen + peerwire.PieceHeaderLen
	frameSlack = 16 << 10
)

// Frames is a pool of write buffers. A connection holds one only while it has
// blocks to send, so memory follows the number of active uploads.
type Frames struct{ pool sync.Pool }

// NewFrames returns an empty pool.
func NewFrames() *Frames {
	return &Frames{pool: sync.Pool{New: func() any { b := make([]byte, 0, FrameSize); return &b }}}
}

func (f *Frames) get() *[]byte  { return f.pool.Get().(*[]byte) }
func (f *Frames) put(b *[]byte) { *b = (*b)[:0]; f.pool.Put(b) }

// Package piece holds pieces while they are being downloaded: the memory they
// land in, within a budget ([Buffers]), and which of their blocks are where
// ([Piece]).
package piece

import (
	"sync/atomic"

	"github.com/warren-p2p/warren/peerwire"
)

// Block states. A block moves missing → requested → receiving → received; a
// lost connection moves it back to missing.
const (
	missing uint32 = iota
	requested
	receiving
	received
	dead // the piece was given up
)

// Piece is one that is being downloaded. Blocks are claimed by atomic
// operations, so that several peers may fill it without a common lock.
type Piece struct {
	Index  int
	Buf    []byte // DataLen bytes
	blocks []atomic.Uint32
	From   []int32       // who sent each block; written before left is lowered
	cursor atomic.Uint64 // see cursorAt
	left   atomic.Int32
	Shared atomic.Bool // more than one peer works on it
}

// New returns a piece whose content goes to buf.
func New(index int, buf []byte) *Piece {
	n := (len(buf) + peerwire.BlockLen - 1) / peerwire.BlockLen
	pc := &Piece{Index: index, Buf: buf, blocks: make([]atomic.Uint32, n), From: make([]int32, n)}
	pc.left.Store(int32(n))
	return pc
}

// Blocks returns the number of blocks.
func (pc *Piece) Blocks() int { return len(pc.blocks) }

// Received returns how many blocks have arrived.
func (pc *Piece) Received() int { return len(pc.blocks) - int(pc.left.Load()) }

// Done reports whether all blocks have arrived.
func (pc *Piece) Done() bool { return pc.left.Load() == 0 }

// Lacking reports whether a block is neither asked for nor here.
func (pc *Piece) Lacking() bool {
	for b := int(uint32(pc.cursor.Load())); b < len(pc.blocks); b++ {
		if pc.blocks[b].Load() == missing {
			return true
		}
	}
	return false
}

// Requested reports whether block b was asked for and nothing of it came yet.
func (pc *Piece) Requested(b int) bool { return pc.blocks[b].Load() == requested }

// BlockLen returns the length of block b; only the last may be short.
func (pc *Piece) BlockLen(b int) int {
	return min(peerwire.BlockLen, len(pc.Buf)-b*peerwire.BlockLen)
}

// Request returns the request for block b.
func (pc *Piece) Request(b int) peerwire.Request {
	return peerwire.Request{
		Index:  uint32(pc.Index),
		Begin:  uint32(b * peerwire.BlockLen),
		Length: uint32(pc.BlockLen(b)),
	}
}

// The cursor is the block below which none is missing, in its low half. The
// high half counts how often it was moved back: a search that began before
// must not move it past what was given back since.
func cursorAt(moves uint32, block int) uint64 { return uint64(moves)<<32 | uint64(uint32(block)) }

// Take marks the first missing block as requested.
func (pc *Piece) Take() (block int, ok bool) { return pc.takeFrom(pc.cursor.Load()) }

// takeFrom searches from a cursor that was read before.
func (pc *Piece) takeFrom(c uint64) (block int, ok bool) {
	for b := int(uint32(c)); b < len(pc.blocks); b++ {
		if pc.blocks[b].CompareAndSwap(missing, requested) {
			pc.cursor.CompareAndSwap(c, cursorAt(uint32(c>>32), b+1))
			return b, true
		}
	}
	pc.cursor.CompareAndSwap(c, cursorAt(uint32(c>>32), len(pc.blocks)))
	return 0, false
}

// GiveBack makes a requested block available again.
func (pc *Piece) GiveBack(b int) {
	if pc.blocks[b].CompareAndSwap(requested, missing) {
		pc.rewind(b)
	}
}

// rewind moves the cursor back to b at least, after b was made missing.
func (pc *Piece) rewind(b int) {
	for {
		c := pc.cursor.Load()
		at := min(int(uint32(c)), b)
		if pc.cursor.CompareAndSwap(c, cursorAt(uint32(c>>32)+1, at)) {
			return
		}
	}
}

// Claim reserves a block for its payload; false if somebody else has it.
func (pc *Piece) Claim(b int) bool {
	return pc.blocks[b].CompareAndSwap(requested, receiving) || pc.blocks[b].CompareAndSwap(missing, receiving)
}

// Fill ends a claim: the payload is there. It reports whether the piece is
// complete with it; exactly one caller is told so.
func (pc *Piece) Fill(b int, by int32) bool {
	pc.From[b] = by
	// In this order: while the block is receiving, the piece is not retired.
	done := pc.left.Add(-1) == 0
	pc.blocks[b].Store(received)
	return done
}

// Drop ends a claim whose payload did not arrive.
func (pc *Piece) Drop(b int) {
	pc.blocks[b].Store(missing)
	pc.rewind(b)
}

// Retire gives the piece up unless payload is arriving, or has arrived and
// keep says that it counts, or the piece is complete. Nobody may claim a block
// of it meanwhile.
func (pc *Piece) Retire(keep bool) bool {
	for b := range pc.blocks {
		if s := pc.blocks[b].Load(); s == receiving || s == received && keep {
			return false
		}
	}
	if pc.Done() {
		return false
	}
	for b := range pc.blocks {
		pc.blocks[b].Store(dead)
	}
	return true
}

// ForgetFrom takes back the blocks of a peer that turned out to lie, unless
// the piece is complete: then its check will tell.
func (pc *Piece) ForgetFrom(id int32) {
	for b := range pc.blocks {
		if pc.blocks[b].Load() != received || pc.From[b] != id {
			continue
		}
		if !pc.lack() {
			return
		}
		pc.blocks[b].Store(missing)
		pc.rewind(b)
	}
}

// lack raises left by one, unless it is 0: a piece that was complete once is
// on its way to a worker.
func (pc *Piece) lack() bool {
	for {
		n := pc.left.Load()
		if n == 0 {
			return false
		}
		if pc.left.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

package fetch

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

// piece is one that is being downloaded. Blocks are claimed by atomic
// operations, so that several peers may fill it without a common lock.
type piece struct {
	index  int
	buf    []byte
	blocks []atomic.Uint32
	from   []PeerID // who sent each block; written before left is lowered
	cursor atomic.Int32
	left   atomic.Int32
	shared atomic.Bool // more than one peer works on it

	workers []*Peer // guarded by Fetcher.mu
}

func newPiece(index int, buf []byte) *piece {
	n := (len(buf) + peerwire.BlockLen - 1) / peerwire.BlockLen
	pc := &piece{index: index, buf: buf, blocks: make([]atomic.Uint32, n), from: make([]PeerID, n)}
	pc.left.Store(int32(n))
	return pc
}

func (pc *piece) received() int { return len(pc.blocks) - int(pc.left.Load()) }
func (pc *piece) done() bool    { return pc.left.Load() == 0 }

// blockLen returns the length of block b; only the last may be short.
func (pc *piece) blockLen(b int) int {
	return min(peerwire.BlockLen, len(pc.buf)-b*peerwire.BlockLen)
}

func (pc *piece) request(b int) peerwire.Request {
	return peerwire.Request{
		Index:  uint32(pc.index),
		Begin:  uint32(b * peerwire.BlockLen),
		Length: uint32(pc.blockLen(b)),
	}
}

// take marks the first missing block as requested.
func (pc *piece) take() (block int, ok bool) {
	for b := int(pc.cursor.Load()); b < len(pc.blocks); b++ {
		if pc.blocks[b].CompareAndSwap(missing, requested) {
			pc.cursor.Store(int32(b + 1))
			return b, true
		}
	}
	return 0, false
}

// giveBack makes a requested block available again.
func (pc *piece) giveBack(b int) {
	if pc.blocks[b].CompareAndSwap(requested, missing) {
		pc.rewind(b)
	}
}

// rewind moves the cursor back to b. Two peers may do it at once: the lower
// one must win.
func (pc *piece) rewind(b int) {
	for {
		c := pc.cursor.Load()
		if int(c) <= b || pc.cursor.CompareAndSwap(c, int32(b)) {
			return
		}
	}
}

// claim reserves a block for its payload; false if somebody else has it.
func (pc *piece) claim(b int) bool {
	return pc.blocks[b].CompareAndSwap(requested, receiving) || pc.blocks[b].CompareAndSwap(missing, receiving)
}

// fill ends a claim: the payload is there. It reports whether the piece is
// complete with it; exactly one caller is told so.
func (pc *piece) fill(b int, by PeerID) bool {
	pc.from[b] = by
	pc.blocks[b].Store(received)
	return pc.left.Add(-1) == 0
}

// drop ends a claim whose payload did not arrive.
func (pc *piece) drop(b int) {
	pc.blocks[b].Store(missing)
	pc.rewind(b)
}

// retire gives the piece up unless payload is arriving, or has arrived and
// keep says that it counts.
func (pc *piece) retire(keep bool) bool {
	for b := range pc.blocks {
		if s := pc.blocks[b].Load(); s == receiving || s == received && keep {
			return false
		}
	}
	for b := range pc.blocks {
		pc.blocks[b].Store(dead)
	}
	return true
}

// forgetFrom takes back the blocks of a peer that turned out to lie, unless
// the piece is complete: then its check will tell.
func (pc *piece) forgetFrom(id PeerID) {
	for b := range pc.blocks {
		if pc.blocks[b].Load() != received || pc.from[b] != id {
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
func (pc *piece) lack() bool {
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

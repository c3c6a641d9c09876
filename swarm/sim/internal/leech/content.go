package leech

import "slices"

// Content is what a swarm shares: so many pieces of so many blocks each.
type Content struct{ Pieces, Blocks int }

// Truth is the right content of a block.
func Truth(piece, block int) uint64 {
	x := uint64(piece)<<32 | uint64(block) + 1
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// digest is the hash of a piece.
func digest(content []uint64) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, c := range content {
		h = (h ^ c) * 0x100000001b3
		h ^= h >> 32
	}
	return h
}

// right is the hash that a piece must have.
func (c *Content) right(piece int) uint64 {
	content := make([]uint64, c.Blocks)
	for b := range content {
		content[b] = Truth(piece, b)
	}
	return digest(content)
}

// The states of a block.
const (
	missing uint8 = iota
	requested
	received
)

// progress is a piece that is being fetched.
type progress struct {
	index  int
	state  []uint8
	data   []uint64
	from   []int32 // who sent each block
	left   int
	shared bool // more than one peer works on it
	gone   bool // given up or stored
}

func newProgress(index, blocks int) *progress {
	return &progress{
		index: index, left: blocks,
		state: make([]uint8, blocks), data: make([]uint64, blocks), from: make([]int32, blocks),
	}
}

func (p *progress) done() bool { return p.left == 0 || p.gone }

// take marks the first missing block as requested.
func (p *progress) take() (int, bool) {
	if p.gone {
		return 0, false
	}
	for b, s := range p.state {
		if s == missing {
			p.state[b] = requested
			return b, true
		}
	}
	return 0, false
}

func (p *progress) lacking() bool { return slices.Contains(p.state, missing) }

func (p *progress) giveBack(b int) {
	if p.state[b] == requested {
		p.state[b] = missing
	}
}

// forgetFrom takes back the blocks of a peer that turned out to lie.
func (p *progress) forgetFrom(id int32) {
	if p.left == 0 {
		return
	}
	for b, s := range p.state {
		if s == received && p.from[b] == id {
			p.state[b] = missing
			p.left++
		}
	}
}

// suspicion is what is remembered of a piece that failed its check with several
// senders.
type suspicion struct {
	data []uint64
	from []int32
}

// guilty returns who sent blocks that differ from the right content.
func (s *suspicion) guilty(right []uint64) []int32 {
	var out []int32
	seen := make(map[int32]struct{})
	for b, c := range s.data {
		if _, known := seen[s.from[b]]; c != right[b] && !known {
			seen[s.from[b]] = struct{}{}
			out = append(out, s.from[b])
		}
	}
	return out
}

// sole returns who sent all blocks of a piece, if that was one peer.
func sole(from []int32) (int32, bool) {
	for _, id := range from {
		if id != from[0] {
			return 0, false
		}
	}
	return from[0], true
}

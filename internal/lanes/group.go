package lanes

import (
	"encoding/binary"
	"math/bits"
)

// maxStep bounds the bytes of a message that are hashed in one go: the
// scheduler cannot stop a goroutine meanwhile.
const maxStep = 64 << 10

// state holds the hash values of Width messages, word by word; SHA-1 has five
// words.
type state [8][Width]uint32

// The initial values of FIPS 180-4, 5.3.1 and 5.3.3.
var (
	initSHA1   = [8]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}
	initSHA256 = [8]uint32{
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	}
)

// group hashes up to Width messages side by side.
type group struct {
	sha256 bool
	state  state
	// todo are the whole blocks each message has ready.
	todo [Width][]byte
	// ends are the last one or two blocks of each message, of which the last
	// left bytes are to follow those of todo. (Were they put in todo, the group
	// would point to itself and could not live on the stack.)
	ends [Width][2 * BlockLen]byte
	left [Width]uint8
}

// begin starts a message in lane i.
func (g *group) begin(i int) {
	first := &initSHA1
	if g.sha256 {
		first = &initSHA256
	}
	for w := range first {
		g.state[w][i] = first[w]
	}
}

// end makes the padding of FIPS 180-4, 5.1.1 ready in lane i, for a message of
// length bytes of which the last have no block of their own.
func (g *group) end(i int, last []byte, length uint64) {
	end := g.ends[i][:]
	if len(last) < BlockLen-8 {
		end = end[BlockLen:]
	}
	n := copy(end, last)
	clear(end[n:])
	end[n] = 0x80
	binary.BigEndian.PutUint64(end[len(end)-8:], 8*length)
	g.left[i] = uint8(len(end))
}

// ready returns the blocks of lane i that can be hashed.
func (g *group) ready(i int) []byte {
	if len(g.todo[i]) > 0 {
		return g.todo[i]
	}
	return g.ends[i][len(g.ends[i])-int(g.left[i]):]
}

// step hashes as many blocks as all messages that have any have ready. It
// reports whether there were any.
func (g *group) step() bool {
	var at [Width]*byte
	var mask uint16
	n, some := maxStep, 0
	for i := range Width {
		blocks := g.ready(i)
		if len(blocks) == 0 {
			continue
		}
		n = min(n, len(blocks))
		at[i], some = &blocks[0], i
		mask |= 1 << i
	}
	if mask == 0 {
		return false
	}
	for idle := ^mask; idle != 0; idle &= idle - 1 {
		at[bits.TrailingZeros16(idle)] = at[some]
	}
	if g.sha256 {
		blocksSHA256(&g.state, &at, n/BlockLen, mask)
	} else {
		blocksSHA1(&g.state, &at, n/BlockLen, mask)
	}
	for i := range Width {
		switch {
		case mask>>i&1 == 0:
		case len(g.todo[i]) > 0:
			g.todo[i] = g.todo[i][n:]
		default:
			g.left[i] -= uint8(n)
		}
	}
	return true
}

// run hashes all that is ready.
func (g *group) run() {
	for g.step() {
	}
}

// sum writes the hash of lane i, as long as dst.
func (g *group) sum(i int, dst []byte) {
	for w := range len(dst) / 4 {
		binary.BigEndian.PutUint32(dst[4*w:], g.state[w][i])
	}
}

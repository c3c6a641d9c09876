// Package merkle computes the SHA-256 hash trees of BEP 52 and checks the
// proofs peers send for them.
//
// A tree covers one file. Layer 0 holds the hashes of the file's 16 KiB
// blocks (the last block as long as it is), filled up with all-zero hashes to
// the next power of two; each node above is the hash of its two children.
// A subtree that lies wholly beyond the end of the file has a root that
// depends on its layer alone: see [PadHash].
package merkle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/bits"
	"slices"

	"github.com/warren-p2p/warren/internal/lanes"
)

// BlockLen is the number of file bytes below one leaf (BEP 52).
const BlockLen = 16 << 10

// MaxLayers bounds the layers of a tree: 2^48 blocks are more than any file
// an int64 can measure in practice needs.
const MaxLayers = 48

// Hash is a node of a tree: a SHA-256 sum, or all zero for a leaf beyond the
// end of the file.
type Hash [sha256.Size]byte

// String returns 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is the leaf beyond the end of a file.
func (h Hash) IsZero() bool { return h == Hash{} }

// AppendBytes appends the hashes that lie end to end in b, whose length must
// be a multiple of 32.
func AppendBytes(dst []Hash, b []byte) ([]Hash, error) {
	if len(b)%sha256.Size != 0 {
		return dst, fmt.Errorf("split hashes: %d bytes are not a multiple of %d", len(b), sha256.Size)
	}
	for ; len(b) > 0; b = b[sha256.Size:] {
		dst = append(dst, Hash(b[:sha256.Size]))
	}
	return dst, nil
}

// leafBatch is how many leaves are hashed together: twice as many as fit side
// by side, so that a piece of 512 KiB is one batch.
const leafBatch = 2 * lanes.Width

// AppendLeaves appends the leaf hash of each block of data, which starts at a
// block boundary of the file.
func AppendLeaves(dst []Hash, data []byte) []Hash {
	var blocks [leafBatch][]byte
	for len(data) > 0 {
		n := 0
		for ; n < len(blocks) && len(data) > 0; n++ {
			blocks[n] = data[:min(len(data), BlockLen)]
			data = data[len(blocks[n]):]
		}
		dst = slices.Grow(dst, n)[:len(dst)+n]
		lanes.SumSHA256(dst[len(dst)-n:], blocks[:n])
	}
	return dst
}

// Parent returns the node above two siblings.
func Parent(left, right *Hash) Hash {
	var pair [2 * sha256.Size]byte
	copy(pair[:sha256.Size], left[:])
	copy(pair[sha256.Size:], right[:])
	return sha256.Sum256(pair[:])
}

// padHashes[n] is the root of 2^n zero leaves; it never changes.
var padHashes = computePadHashes()

func computePadHashes() (pads [MaxLayers + 1]Hash) {
	for i := 1; i < len(pads); i++ {
		pads[i] = Parent(&pads[i-1], &pads[i-1])
	}
	return pads
}

// PadHash returns the root of a subtree of 2^layer leaves that lie beyond the
// end of the file; layer is at most [MaxLayers].
func PadHash(layer int) Hash { return padHashes[layer] }

// Layers returns the layer of the root of a tree over n leaves: log2 of n
// rounded up to a power of two.
func Layers(n int64) int {
	if n <= 1 {
		return 0
	}
	return bits.Len64(uint64(n - 1))
}

// Blocks returns how many blocks a file of length bytes has.
func Blocks(length int64) int64 { return (length + BlockLen - 1) / BlockLen }

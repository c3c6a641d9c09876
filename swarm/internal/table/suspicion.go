package table

import (
	"crypto/sha256"
	"slices"

	"github.com/warren-p2p/warren/peerwire"
)

// Digest is the SHA-256 of a block.
type Digest = [sha256.Size]byte

// suspicion is what is remembered of a piece that failed its check with several
// senders: a digest of what each of them sent. The next attempt is made by one
// peer alone: if it fails that peer is guilty; if it succeeds the blocks that
// differ name the guilty of the first attempt. Digests are the leaves of a v2
// torrent's tree (BEP 52): where a peer can prove the right leaves, no second
// attempt is needed.
type suspicion struct {
	digests []Digest
	from    []int32
}

// suspect remembers the content of a piece, and who sent each block of it.
func suspect(content []byte, from []int32) *suspicion {
	return &suspicion{digests: digests(content), from: slices.Clone(from)}
}

// guilty returns who sent blocks that differ from the right content.
func (s *suspicion) guilty(right []byte) []int32 { return s.differ(digests(right)) }

// guiltyOf returns who sent blocks that differ from the right leaves, of which
// there may be more than blocks: trees are padded. It reports false if there
// are fewer.
func (s *suspicion) guiltyOf(leaves []Digest) ([]int32, bool) {
	if len(leaves) < len(s.digests) {
		return nil, false
	}
	return s.differ(leaves), true
}

func (s *suspicion) differ(right []Digest) []int32 {
	var guilty []int32
	for b, d := range s.digests {
		if d != right[b] && !slices.Contains(guilty, s.from[b]) {
			guilty = append(guilty, s.from[b])
		}
	}
	return guilty
}

// sole returns who sent all blocks of a piece, if that was one peer.
func sole(from []int32) (peer int32, ok bool) {
	for _, id := range from {
		if id != from[0] {
			return 0, false
		}
	}
	return from[0], true
}

func digests(content []byte) []Digest {
	var out []Digest
	for block := range slices.Chunk(content, peerwire.BlockLen) {
		out = append(out, sha256.Sum256(block))
	}
	return out
}

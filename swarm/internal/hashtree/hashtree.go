// Package hashtree answers requests for hashes of the merkle tree of a file
// (BEP 52), as far as a node that has the torrent can: its piece layer, and the
// leaves of one piece at a time. An [Exchange] bounds what one peer gets of them,
// and knows what it was asked for itself.
package hashtree

import (
	"math/bits"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// Leaves returns the hashes of the 16 KiB blocks of a piece, or false if the
// piece is not there.
type Leaves func(piece int) ([]merkle.Hash, bool)

// Reply returns the hashes that answer r, base hashes first, then uncles: a
// multiple of 32 bytes. It reports false for what has to be rejected. leaves is
// asked for one piece at most.
func (t *Trees) Reply(m *metainfo.Torrent, r peerwire.HashRequest, leaves Leaves) ([]byte, bool) {
	file := fileByRoot(&m.Info, r.PiecesRoot)
	if file < 0 || r.Check() != nil {
		return nil, false
	}
	top := merkle.Layers(merkle.Blocks(m.Info.Files[file].Length))
	q := merkle.Request{BaseLayer: int(r.BaseLayer), Index: int(r.Index), Length: int(r.Length), ProofLayers: int(r.ProofLayers)}
	if q.Check(top) != nil {
		return nil, false
	}
	v, ok := t.of(m, file)
	if !ok {
		return nil, false
	}
	var list []merkle.Hash
	switch q.BaseLayer {
	case v.at:
		list = v.reply(q)
	case 0:
		first, end := m.Info.FilePieces(file)
		height := min(v.at, top)
		if piece := first + q.Index>>height; q.Length == 1<<height && piece < end {
			list = leavesReply(q, piece, height, v, leaves)
		}
	}
	return raw(list), len(list) > 0
}

// pieceLayer is the layer of the tree whose nodes cover a piece.
func pieceLayer(info *metainfo.Info) int {
	return bits.TrailingZeros64(uint64(info.PieceLength / merkle.BlockLen))
}

// leavesReply answers a request for the leaves of one whole piece. The uncles
// are those of the piece in the layer above.
func leavesReply(q merkle.Request, piece, height int, v tree, leaves Leaves) []merkle.Hash {
	if q.Uncles() > 0 && len(v.raw) == 0 {
		return nil // nobody had the piece layer of a hybrid
	}
	list, ok := leaves(piece)
	if !ok {
		return nil
	}
	for len(list) < q.Length {
		list = append(list, merkle.Hash{})
	}
	return v.uncles(list, height, q.Index>>height, q.Uncles())
}

func raw(list []merkle.Hash) []byte {
	b := make([]byte, 0, len(list)*len(merkle.Hash{}))
	for i := range list {
		b = append(b, list[i][:]...)
	}
	return b
}

// fileByRoot finds a file by the root of its tree, -1 if there is none.
func fileByRoot(info *metainfo.Info, root [32]byte) int {
	for i := range info.Files {
		f := &info.Files[i]
		if f.PiecesRoot == root && f.Length > 0 && !f.Pad {
			return i
		}
	}
	return -1
}

// PieceRequest returns the request for all leaves of a piece; false if there is
// no use in one: the piece is one block, or has too many for a request.
func PieceRequest(info *metainfo.Info, piece int) (peerwire.HashRequest, bool) {
	if !info.HasV2() {
		return peerwire.HashRequest{}, false
	}
	f := info.PieceFile(piece)
	file := &info.Files[f]
	first, _ := info.FilePieces(f)
	height := min(merkle.Layers(merkle.Blocks(file.Length)), pieceLayer(info))
	r := peerwire.HashRequest{PiecesRoot: file.PiecesRoot, Length: 1 << height, Index: uint32(piece-first) << height}
	return r, r.Check() == nil
}

// PieceLeaves reads the answer to a PieceRequest: the leaf hashes of a piece
// whose root is given. It reports false if they do not belong to it.
func PieceLeaves(h peerwire.Hashes, root [32]byte) ([][32]byte, bool) {
	list, err := merkle.AppendBytes(nil, h.List)
	if err != nil || len(list) < int(h.Length) {
		return nil, false
	}
	list = list[:h.Length]
	if merkle.RootAt(list, 0, merkle.Layers(int64(h.Length))) != merkle.Hash(root) {
		return nil, false
	}
	leaves := make([][32]byte, len(list))
	for i := range list {
		leaves[i] = list[i]
	}
	return leaves, true
}

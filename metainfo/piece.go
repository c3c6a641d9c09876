package metainfo

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"

	"github.com/warren-p2p/warren/internal/merkle"
)

// zeros stands for padding; it is never written to.
var zeros [merkle.BlockLen]byte

// PieceHash returns the version 1 hash of piece i, if the torrent has one.
func (t *Torrent) PieceHash(i int) (HashV1, bool) {
	const n = len(HashV1{})
	if len(t.Info.pieces) == 0 {
		return HashV1{}, false
	}
	return HashV1(t.Info.pieces[i*n : i*n+n]), true
}

// PieceRoot returns the root of the subtree over piece i, if it is known: a
// node of the file's piece layer, or its pieces root if the file is not
// longer than a piece. The height of the subtree is [Torrent.PieceRootLayer].
func (t *Torrent) PieceRoot(i int) (HashV2, bool) {
	const n = len(HashV2{})
	if !t.Info.v2 {
		return HashV2{}, false
	}
	file := t.Info.PieceFile(i)
	f := &t.Info.Files[file]
	if !t.needsLayer(file) {
		return f.PiecesRoot, true
	}
	layer := t.PieceLayer(file)
	if layer == nil {
		return HashV2{}, false
	}
	i -= int(f.Offset / t.Info.PieceLength)
	return HashV2(layer[i*n : i*n+n]), true
}

// PieceRootLayer returns the layer of the node PieceRoot returns, leaves being
// layer 0: a full subtree, smaller only for a file not longer than a piece.
func (t *Torrent) PieceRootLayer(i int) int {
	f := &t.Info.Files[t.Info.PieceFile(i)]
	return min(t.Info.pieceLayer(), merkle.Layers(merkle.Blocks(f.Length)))
}

// VerifyPiece checks the content of piece i, DataLen or PieceLen bytes of it,
// against all hashes the torrent has for it. The error is a [*PieceError], or
// wraps [ErrNoHashes], or says that data has the wrong length. It is safe for
// concurrent use and does not allocate on success.
func (t *Torrent) VerifyPiece(i int, data []byte) error {
	full, n := t.Info.PieceLen(i), t.Info.DataLen(i)
	if len(data) != n && len(data) != full {
		return fmt.Errorf("check piece %d: %w: %d bytes, want %d", i, ErrRange, len(data), n)
	}
	sum, has1 := t.PieceHash(i)
	root, has2 := t.PieceRoot(i)
	if !has1 && !has2 {
		return fmt.Errorf("check piece %d: %w", i, ErrNoHashes)
	}
	var got1 HashV1
	var got2 HashV2
	if has1 && has2 {
		got1, got2 = t.sumBoth(i, data, full-len(data), n)
	} else if has1 {
		got1 = sumV1(data, full-len(data))
	} else {
		var b merkle.Builder
		b.AddBlocks(data[:n])
		got2 = b.Root(t.PieceRootLayer(i))
	}
	bad1, bad2 := has1 && got1 != sum, has2 && got2 != root
	if bad1 || bad2 {
		return &PieceError{Piece: i, V1: bad1, V2: bad2}
	}
	return nil
}

// sumBoth hashes block by block, so that SHA-256 finds in the cache what
// SHA-1 has just read.
func (t *Torrent) sumBoth(piece int, data []byte, pad, n int) (sum HashV1, root HashV2) {
	h := sha1.New()
	var b merkle.Builder
	for off := 0; off < n; off += merkle.BlockLen {
		block := data[off:min(off+merkle.BlockLen, n)]
		h.Write(block)
		b.Add(sha256.Sum256(block))
	}
	h.Write(data[n:])
	for ; pad > 0; pad -= min(pad, len(zeros)) {
		h.Write(zeros[:min(pad, len(zeros))])
	}
	h.Sum(sum[:0])
	return sum, b.Root(t.PieceRootLayer(piece))
}

func sumV1(data []byte, pad int) (sum HashV1) {
	if pad == 0 {
		return sha1.Sum(data)
	}
	h := sha1.New()
	h.Write(data)
	for ; pad > 0; pad -= min(pad, len(zeros)) {
		h.Write(zeros[:min(pad, len(zeros))])
	}
	h.Sum(sum[:0])
	return sum
}

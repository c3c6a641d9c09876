package metainfo

import (
	"crypto/sha1"
	"fmt"

	"github.com/warren-p2p/warren/internal/lanes"
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
func (t *Torrent) VerifyPiece(i int, data []byte) error { return t.verifyPiece(i, data, nil) }

// VerifyPieces checks several pieces as [Torrent.VerifyPiece] does and sets
// errs[k] to what it returns for pieces[k] and data[k]. Version 1 hashes of
// four and more whole pieces, PieceLen bytes each, are computed side by side
// where the processor can do that: sixteen take no longer than four.
func (t *Torrent) VerifyPieces(pieces []int, data [][]byte, errs []error) {
	for first := 0; first < len(pieces); first += lanes.Width {
		end := min(first+lanes.Width, len(pieces))
		t.verifyRow(pieces[first:end], data[first:end], errs[first:end])
	}
}

func (t *Torrent) verifyRow(pieces []int, data [][]byte, errs []error) {
	var (
		whole [lanes.Width][]byte
		sums  [lanes.Width]HashV1
		of    [lanes.Width]int // index in whole and sums plus 1
		n     int
	)
	for k, i := range pieces {
		if _, ok := t.PieceHash(i); ok && len(data[k]) == t.Info.PieceLen(i) {
			whole[n] = data[k]
			n++
			of[k] = n
		}
	}
	lanes.SumSHA1(sums[:n], whole[:n])
	for k, i := range pieces {
		var sum *HashV1
		if of[k] > 0 {
			sum = &sums[of[k]-1]
		}
		errs[k] = t.verifyPiece(i, data[k], sum)
	}
}

// verifyPiece checks a piece whose version 1 hash is sum, if that is known.
func (t *Torrent) verifyPiece(i int, data []byte, sum *HashV1) error {
	full, n := t.Info.PieceLen(i), t.Info.DataLen(i)
	if len(data) != n && len(data) != full {
		return fmt.Errorf("check piece %d: %w: %d bytes, want %d", i, ErrRange, len(data), n)
	}
	want1, has1 := t.PieceHash(i)
	want2, has2 := t.PieceRoot(i)
	if !has1 && !has2 {
		return fmt.Errorf("check piece %d: %w", i, ErrNoHashes)
	}
	var got1 HashV1
	var got2 HashV2
	switch {
	case sum != nil:
		got1 = *sum
		if has2 {
			got2 = t.sumV2(i, data[:n])
		}
	case has1 && has2:
		got1, got2 = t.sumBoth(i, data, full-len(data), n)
	case has1:
		got1 = sumV1(data, full-len(data))
	default:
		got2 = t.sumV2(i, data[:n])
	}
	bad1, bad2 := has1 && got1 != want1, has2 && got2 != want2
	if bad1 || bad2 {
		return &PieceError{Piece: i, V1: bad1, V2: bad2}
	}
	return nil
}

// bothLen is hashed by one function and then by the other: it stays in the
// second-level cache meanwhile, and its blocks fill the lanes of SHA-256.
const bothLen = lanes.Width * merkle.BlockLen

func (t *Torrent) sumBoth(piece int, data []byte, pad, n int) (sum HashV1, root HashV2) {
	h := sha1.New()
	var b merkle.Builder
	for off := 0; off < n; off += bothLen {
		part := data[off:min(off+bothLen, n)]
		b.AddBlocks(part)
		h.Write(part)
	}
	h.Write(data[n:])
	for ; pad > 0; pad -= min(pad, len(zeros)) {
		h.Write(zeros[:min(pad, len(zeros))])
	}
	h.Sum(sum[:0])
	return sum, b.Root(t.PieceRootLayer(piece))
}

func (t *Torrent) sumV2(piece int, data []byte) HashV2 {
	var b merkle.Builder
	b.AddBlocks(data)
	return b.Root(t.PieceRootLayer(piece))
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

// Package verify checks content against a torrent: pieces in memory as peers
// send them, and files as they lie on a disk.
package verify

import (
	"crypto/sha1"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/metainfo"
)

// ErrNoHashes reports a piece for which no hash is known: the merkle layers
// of a version 2 torrent from a magnet link are still to be fetched.
var ErrNoHashes = errors.New("no hash is known for this piece")

// PieceError reports data that does not have the hashes the torrent gives.
type PieceError struct {
	Piece  int
	V1, V2 bool // which versions' hashes failed
}

func (e *PieceError) Error() string {
	which := "version 1 and version 2 hashes differ"
	switch {
	case !e.V2:
		which = "version 1 hash differs"
	case !e.V1:
		which = "version 2 hash differs"
	}
	return fmt.Sprintf("check piece %d: %s", e.Piece, which)
}

// Piece checks the content of piece i, DataLen or PieceLen bytes of it,
// against all hashes the torrent has for it. The error is a [*PieceError], or
// wraps [ErrNoHashes], or says that data has the wrong length. It is safe for
// concurrent use and does not allocate on success.
func Piece(t *metainfo.Torrent, i int, data []byte) error { return checkPiece(t, i, data, nil) }

// Pieces checks several pieces as [Piece] does and sets errs[k] to what it
// returns for pieces[k] and data[k]. Version 1 hashes of four and more whole
// pieces, PieceLen bytes each, are computed side by side where the processor can
// do that: sixteen take no longer than four.
func Pieces(t *metainfo.Torrent, pieces []int, data [][]byte, errs []error) {
	for first := 0; first < len(pieces); first += lanes.Width {
		end := min(first+lanes.Width, len(pieces))
		checkRow(t, pieces[first:end], data[first:end], errs[first:end])
	}
}

func checkRow(t *metainfo.Torrent, pieces []int, data [][]byte, errs []error) {
	var (
		whole [lanes.Width][]byte
		sums  [lanes.Width]metainfo.HashV1
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
		var sum *metainfo.HashV1
		if of[k] > 0 {
			sum = &sums[of[k]-1]
		}
		errs[k] = checkPiece(t, i, data[k], sum)
	}
}

// checkPiece checks a piece whose version 1 hash is sum, if that is known.
func checkPiece(t *metainfo.Torrent, i int, data []byte, sum *metainfo.HashV1) error {
	full, n := t.Info.PieceLen(i), t.Info.DataLen(i)
	if len(data) != n && len(data) != full {
		return fmt.Errorf("check piece %d: %w: %d bytes, want %d", i, metainfo.ErrRange, len(data), n)
	}
	want1, has1 := t.PieceHash(i)
	want2, has2 := t.PieceRoot(i)
	if !has1 && !has2 {
		return fmt.Errorf("check piece %d: %w", i, ErrNoHashes)
	}
	var got1 metainfo.HashV1
	var got2 metainfo.HashV2
	switch {
	case sum != nil:
		got1 = *sum
		if has2 {
			got2 = sumV2(t, i, data[:n])
		}
	case has1 && has2:
		got1, got2 = sumBoth(t, i, data, full-len(data), n)
	case has1:
		got1 = sumV1(data, full-len(data))
	default:
		got2 = sumV2(t, i, data[:n])
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

func sumBoth(t *metainfo.Torrent, piece int, data []byte, pad, n int) (sum metainfo.HashV1, root metainfo.HashV2) {
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

func sumV2(t *metainfo.Torrent, piece int, data []byte) metainfo.HashV2 {
	var b merkle.Builder
	b.AddBlocks(data)
	return b.Root(t.PieceRootLayer(piece))
}

func sumV1(data []byte, pad int) (sum metainfo.HashV1) {
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

// zeros stands for padding; it is never written to.
var zeros [merkle.BlockLen]byte

package content

import (
	"github.com/warren-p2p/warren/internal/merkle"
)

// Limit returns how many bytes of a piece may be asked for. In a version 2
// torrent libtorrent (2.0.8) asks for whole blocks and whole pieces where a file
// ends, and expects zeros behind it, as if files were padded; so that is what it
// gets.
func (c *Content) Limit(piece int) int64 {
	if c.Meta.Info.HasV2() {
		return c.Meta.Info.PieceLength
	}
	return int64(c.Meta.Info.PieceLen(piece))
}

// ReadVec fills bufs in order with the bytes of a piece from begin on.
func (c *Content) ReadVec(piece, begin int, bufs [][]byte) error {
	room := max(c.Meta.Info.PieceLen(piece)-begin, 0)
	size := 0
	for _, b := range bufs {
		size += len(b)
	}
	if size <= room {
		return c.Store.ReadVec(piece, begin, bufs)
	}
	return c.readPadded(piece, begin, room, bufs)
}

func (c *Content) readPadded(piece, begin, room int, bufs [][]byte) error {
	real := make([][]byte, 0, len(bufs))
	for _, b := range bufs {
		n := min(room, len(b))
		clear(b[n:])
		if room -= n; n > 0 {
			real = append(real, b[:n])
		}
	}
	if len(real) == 0 {
		return nil
	}
	return c.Store.ReadVec(piece, begin, real)
}

// Leaves reads a piece that is there and hashes its blocks (BEP 52).
func (c *Content) Leaves(piece int) ([]merkle.Hash, bool) {
	n := c.Meta.Info.DataLen(piece)
	list := make([]merkle.Hash, 0, merkle.Blocks(int64(n)))
	buf := make([]byte, min(n, 4*merkle.BlockLen)) // a piece may have megabytes
	for at := 0; at < n; at += len(buf) {
		b := buf[:min(len(buf), n-at)]
		if c.Store.ReadVec(piece, at, [][]byte{b}) != nil {
			return nil, false
		}
		list = merkle.AppendLeaves(list, b)
	}
	return list, true
}

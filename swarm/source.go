package swarm

import (
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// source reads what peers ask for. In a version 2 torrent libtorrent (2.0.8)
// asks for whole blocks and whole pieces where a file ends, and expects zeros
// behind it, as if files were padded; so that is what it gets.
type source struct {
	info  *metainfo.Info
	store *storage.Store
}

// limit returns how many bytes of a piece may be asked for.
func (s source) limit(piece int) int64 {
	if s.info.HasV2() {
		return s.info.PieceLength
	}
	return int64(s.info.PieceLen(piece))
}

// ReadVec implements link.Source.
func (s source) ReadVec(piece, begin int, bufs [][]byte) error {
	room := max(s.info.PieceLen(piece)-begin, 0)
	size := 0
	for _, b := range bufs {
		size += len(b)
	}
	if size <= room {
		return s.store.ReadVec(piece, begin, bufs)
	}
	return s.readPadded(piece, begin, room, bufs)
}

func (s source) readPadded(piece, begin, room int, bufs [][]byte) error {
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
	return s.store.ReadVec(piece, begin, real)
}

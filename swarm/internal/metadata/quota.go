package metadata

import (
	"time"

	"github.com/warren-p2p/warren/peerwire/extension"
)

// Quota bounds what one peer gets of our info dictionary: all of it twice a
// minute, which is once and once more after an accident. The zero value is
// ready.
type Quota struct {
	since  time.Time
	served int
}

// Answer returns what a request for a piece of info is answered with: the piece,
// unless there is none or the peer has had enough. The data is a view of info.
func (q *Quota) Answer(info []byte, piece int, now time.Time) extension.Metadata {
	pieces := (len(info) + PieceLen - 1) / PieceLen
	if piece < 0 || piece >= pieces || !q.Allow(pieces, now) {
		return extension.Metadata{Type: extension.MetadataReject, Piece: piece}
	}
	begin := piece * PieceLen
	return extension.Metadata{
		Type: extension.MetadataData, Piece: piece, TotalSize: len(info),
		Data: info[begin:min(begin+PieceLen, len(info))],
	}
}

// Allow reports whether a peer gets one more of so many pieces now.
func (q *Quota) Allow(pieces int, now time.Time) bool {
	if now.Sub(q.since) >= time.Minute {
		q.since, q.served = now, 0
	}
	if q.served >= 2*pieces {
		return false
	}
	q.served++
	return true
}

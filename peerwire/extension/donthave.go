package extension

import (
	"encoding/binary"

	"github.com/warren-p2p/warren/peerwire"
)

// DontHave is an lt_donthave message (BEP 54): the sender no longer has Piece,
// which it had announced.
type DontHave struct {
	Piece uint32
}

// Append appends the payload of d to dst.
func (d DontHave) Append(dst []byte) []byte { return binary.BigEndian.AppendUint32(dst, d.Piece) }

// ParseDontHave reads the payload of an lt_donthave message. Whether the
// torrent has such a piece is for the caller to check.
func ParseDontHave(payload []byte) (DontHave, error) {
	if len(payload) != 4 {
		return DontHave{}, refuse(NameDontHave, peerwire.ErrLength, "%d bytes, want 4", len(payload))
	}
	return DontHave{binary.BigEndian.Uint32(payload)}, nil
}

package extension

import (
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/peerwire"
)

// MetadataPieceLen is how many bytes of the info dictionary one data message
// carries, save the last (BEP 9).
const MetadataPieceLen = 16384

// MetadataType is the msg_type of a ut_metadata message.
type MetadataType uint8

// The types of ut_metadata messages (BEP 9). MetadataUnknown stands for any
// other, which is to be ignored.
const (
	MetadataRequest MetadataType = 0
	MetadataData    MetadataType = 1
	MetadataReject  MetadataType = 2
	MetadataUnknown MetadataType = 3
)

// Metadata is a ut_metadata message (BEP 9). TotalSize, the bytes of the whole
// info dictionary, and Data belong to MetadataData alone.
type Metadata struct {
	Type      MetadataType
	Piece     int
	TotalSize int
	Data      []byte
}

// Append appends the payload of m to dst.
func (m Metadata) Append(dst []byte) []byte {
	dict := map[string]any{"msg_type": int(m.Type), "piece": m.Piece}
	if m.Type == MetadataData {
		dict["total_size"] = m.TotalSize
		return append(bencode.Append(dst, dict), m.Data...)
	}
	return bencode.Append(dst, dict)
}

// ParseMetadata reads the payload of a ut_metadata message. A data message
// whose Data is not exactly as long as Piece and TotalSize say is refused. Data
// is a view of payload.
func ParseMetadata(payload []byte) (Metadata, error) {
	dict, rest, err := parseDict(NameMetadata, payload)
	if err != nil {
		return Metadata{}, err
	}
	kind, ok := dict.Get("msg_type").Int()
	if !ok {
		return Metadata{}, refuse(NameMetadata, peerwire.ErrValue, "no msg_type")
	}
	if kind < 0 || kind >= int64(MetadataUnknown) {
		return Metadata{Type: MetadataUnknown}, nil
	}
	m := Metadata{Type: MetadataType(kind)}
	if m.Piece, ok = number(dict.Get("piece"), 0, MaxMetadataLen/MetadataPieceLen-1); !ok {
		return Metadata{}, refuse(NameMetadata, peerwire.ErrValue, "piece is missing or out of bounds")
	}
	if m.Type != MetadataData {
		return m, nil
	}
	begin := m.Piece * MetadataPieceLen
	if m.TotalSize, ok = number(dict.Get("total_size"), int64(begin)+1, MaxMetadataLen); !ok {
		return Metadata{}, refuse(NameMetadata, peerwire.ErrValue, "total_size is missing or out of bounds")
	}
	if want := min(MetadataPieceLen, m.TotalSize-begin); len(rest) != want {
		return Metadata{}, refuse(NameMetadata, peerwire.ErrLength, "%d bytes of data, want %d", len(rest), want)
	}
	m.Data = rest
	return m, nil
}

// Package packet reads and writes the packets of uTP (BEP 29).
//
//	0       4       8               16              24              32
//	+-------+-------+---------------+---------------+---------------+
//	| type  | ver   | extension     | connection_id                 |
//	+-------+-------+---------------+---------------+---------------+
//	| timestamp_microseconds                                        |
//	+---------------+---------------+---------------+---------------+
//	| timestamp_difference_microseconds                             |
//	+---------------+---------------+---------------+---------------+
//	| wnd_size                                                      |
//	+---------------+---------------+---------------+---------------+
//	| seq_nr                        | ack_nr                        |
//	+---------------+---------------+---------------+---------------+
package packet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Type is what a packet is for.
type Type uint8

// The types of BEP 29.
const (
	Data  Type = iota // has a payload
	Fin               // the last of a direction
	State             // an acknowledgement, without a sequence number of its own
	Reset             // the connection is gone
	Syn               // opens a connection
)

// version is the one version there is.
const version = 1

// HeaderLen is how long a header without extensions is, in bytes.
const HeaderLen = 20

// sackID is the extension of selective acknowledgements.
const sackID = 1

// MaxSACK is the longest mask of selective acknowledgements, in bytes: its
// length is one byte and a multiple of four.
const MaxSACK = 252

// maxExtensions bounds the extensions of one packet. BEP 29 has one, clients
// have a few more.
const maxExtensions = 8

// Why bytes are no packet of uTP.
var (
	ErrLength    = errors.New("too short")
	ErrVersion   = errors.New("unknown version")
	ErrType      = errors.New("unknown type")
	ErrExtension = errors.New("wrong extension")
)

// Header is everything of a packet but its payload.
type Header struct {
	Type     Type
	ConnID   uint16
	Time     uint32 // when it was sent, in microseconds of the sender's clock
	TimeDiff uint32 // how long the last one of the other side took, in microseconds; 0 if unknown
	Window   uint32 // bytes the sender has room for
	Seq, Ack uint16
	// SACK says which packets after Ack+1 have arrived: bit 0 of byte 0 is Ack+2.
	// BEP 29 wants the length to be a multiple of four; libtorrent does not keep to
	// that. Of a parsed header it lies in the bytes parsed.
	SACK []byte
}

// Len returns how many bytes Append appends.
func (h *Header) Len() int {
	if len(h.SACK) == 0 {
		return HeaderLen
	}
	return HeaderLen + 2 + len(h.SACK)
}

// Append appends a header to dst.
func (h *Header) Append(dst []byte) []byte {
	var ext byte
	if len(h.SACK) > 0 {
		ext = sackID
	}
	dst = append(dst, byte(h.Type)<<4|version, ext)
	dst = binary.BigEndian.AppendUint16(dst, h.ConnID)
	dst = binary.BigEndian.AppendUint32(dst, h.Time)
	dst = binary.BigEndian.AppendUint32(dst, h.TimeDiff)
	dst = binary.BigEndian.AppendUint32(dst, h.Window)
	dst = binary.BigEndian.AppendUint16(dst, h.Seq)
	dst = binary.BigEndian.AppendUint16(dst, h.Ack)
	if ext != 0 {
		dst = append(append(dst, 0, byte(len(h.SACK))), h.SACK...)
	}
	return dst
}

// Parse reads a packet. Extensions it does not know are skipped, as BEP 29 asks
// for. The payload lies in b.
func Parse(b []byte) (h Header, payload []byte, err error) {
	if len(b) < HeaderLen {
		return Header{}, nil, refuse(ErrLength, "%d bytes", len(b))
	}
	if v := b[0] & 0xf; v != version {
		return Header{}, nil, refuse(ErrVersion, "%d", v)
	}
	h = Header{
		Type: Type(b[0] >> 4), ConnID: binary.BigEndian.Uint16(b[2:]),
		Time: binary.BigEndian.Uint32(b[4:]), TimeDiff: binary.BigEndian.Uint32(b[8:]), Window: binary.BigEndian.Uint32(b[12:]),
		Seq: binary.BigEndian.Uint16(b[16:]), Ack: binary.BigEndian.Uint16(b[18:]),
	}
	if h.Type > Syn {
		return Header{}, nil, refuse(ErrType, "%d", h.Type)
	}
	id, rest := b[1], b[HeaderLen:]
	for n := 0; id != 0; n++ {
		if len(rest) < 2 || n == maxExtensions {
			return Header{}, nil, refuse(ErrExtension, "%d bytes left after %d of them", len(rest), n)
		}
		next, length := rest[0], int(rest[1])
		if rest = rest[2:]; length > len(rest) {
			return Header{}, nil, refuse(ErrExtension, "%d bytes of %d", len(rest), length)
		}
		if id == sackID {
			if length == 0 || h.SACK != nil {
				return Header{}, nil, refuse(ErrExtension, "selective acknowledgement of %d bytes", length)
			}
			h.SACK = rest[:length:length]
		}
		id, rest = next, rest[length:]
	}
	return h, rest, nil
}

func refuse(err error, format string, args ...any) error {
	return fmt.Errorf("utp: parse a packet: %w: "+format, append([]any{err}, args...)...)
}

// Less reports whether sequence number a comes before b.
func Less(a, b uint16) bool { return int16(a-b) < 0 }

package peerwire

import "fmt"

// HandshakeLen is the length of a handshake in bytes.
const HandshakeLen = 68

// protocol is the fixed beginning of every handshake: its length and name.
const protocol = "\x13BitTorrent protocol"

// Handshake opens a connection in both directions (BEP 3). InfoHash is the v1
// info-hash, or the v2 one cut to 20 bytes (BEP 52).
type Handshake struct {
	Reserved Reserved
	InfoHash [20]byte
	PeerID   [20]byte
}

// Append appends the 68 bytes of h to dst.
func (h Handshake) Append(dst []byte) []byte {
	dst = append(dst, protocol...)
	dst = append(dst, h.Reserved[:]...)
	dst = append(dst, h.InfoHash[:]...)
	return append(dst, h.PeerID[:]...)
}

// ParseHandshake reads a handshake from exactly HandshakeLen bytes. Reserved
// bits it does not know are kept.
func ParseHandshake(b []byte) (Handshake, error) {
	if len(b) != HandshakeLen {
		return Handshake{}, &Error{"handshake", fmt.Errorf("%w: %d bytes, want %d", ErrLength, len(b), HandshakeLen)}
	}
	if string(b[:len(protocol)]) != protocol {
		return Handshake{}, &Error{"handshake", ErrProtocol}
	}
	return Handshake{
		Reserved: Reserved(b[20:28]),
		InfoHash: [20]byte(b[28:48]),
		PeerID:   [20]byte(b[48:68]),
	}, nil
}

// Reserved is the eight bytes of a handshake that tell what a peer can do.
type Reserved [8]byte

// Capability is one bit of Reserved, counted from the most significant bit of
// the first byte.
type Capability uint8

// The capabilities in use.
const (
	CapExtended Capability = 43 // extended messages: byte 5, 0x10 (BEP 10)
	CapV2       Capability = 59 // a hybrid's other info-hash: byte 7, 0x10 (BEP 52)
	CapFast     Capability = 61 // fast extension: byte 7, 0x04 (BEP 6)
	CapDHT      Capability = 63 // port messages: byte 7, 0x01 (BEP 5)
)

// With returns r with the bits of all capabilities set as well.
func (r Reserved) With(all ...Capability) Reserved {
	for _, c := range all {
		r[c/8] |= 0x80 >> (c % 8)
	}
	return r
}

// Has tells whether the bit of c is set.
func (r Reserved) Has(c Capability) bool { return r[c/8]&(0x80>>(c%8)) != 0 }

package message

import (
	"net/netip"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// Pin is the SHA-256 of the SubjectPublicKeyInfo of the certificate that a peer
// shows. The zero Pin is none.
type Pin = [32]byte

// TLS is what a client says of BitTorrent over TLS to an HTTP tracker, in the way
// of supportcrypto and requirecrypto. As parameters, behind all others:
//
//	supporttls=1  the sender accepts peers over TLS on its port
//	requiretls=1  it takes no others, and is to be told of none
//	tlspin=       its Pin, 32 bytes, escaped as info_hash is
//
// The tracker says of each peer what it knows, in strings beside the peers:
//
//	tls_flags   a byte for each peer of peers, in their order, compact or not
//	tls_flags6  the same for peers6
//	tls_pins    32 bytes for each byte with 0x02, in the order of peers and then
//	            of peers6
//
// Of a byte, 0x01 says that the peer accepts TLS and 0x02, beside it, that its pin
// is in tls_pins; other bits are to be 0 and are not looked at. Strings that are
// too short say nothing of the peers behind.
type TLS struct {
	Support, Require bool
	Pin              Pin
}

// The bits of tls_flags.
const (
	flagTLS = 0x01
	flagPin = 0x02
)

func (q *query) tls(t TLS) {
	if t.Support {
		q.number("supporttls", 1)
	}
	if t.Require {
		q.number("requiretls", 1)
	}
	if t.Pin != (Pin{}) {
		q.bytes("tlspin", t.Pin[:])
	}
}

// flags reads what an answer says of TLS, peer by peer: whoever reads the peers
// calls next for each, whether it is kept or not.
type flags struct {
	bits, pins []byte
	of         map[netip.AddrPort]Pin
}

func newFlags(v bencode.Value) *flags {
	f := &flags{}
	f.pins, _ = v.Get("tls_pins").Bytes()
	return f
}

// list begins with the peers that one string of flags is about.
func (f *flags) list(v bencode.Value, key string) { f.bits, _ = v.Get(key).Bytes() }

// next takes the flags of a peer, which kept says whether it is of use.
func (f *flags) next(peer netip.AddrPort, kept bool) {
	if len(f.bits) == 0 {
		return
	}
	b := f.bits[0]
	f.bits = f.bits[1:]
	var pin Pin
	if b&flagPin != 0 && len(f.pins) >= len(pin) {
		pin = Pin(f.pins)
		f.pins = f.pins[len(pin):]
	}
	if b&flagTLS == 0 || !kept {
		return
	}
	if f.of == nil {
		f.of = make(map[netip.AddrPort]Pin)
	}
	f.of[peer] = pin
}

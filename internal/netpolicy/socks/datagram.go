package socks

import (
	"bytes"
	"net/netip"
)

// MaxHeader is the most bytes that come before a datagram of an address.
const MaxHeader = 3 + 1 + 16 + 2

// AppendDatagram appends a datagram for an address, as a server passes it on (RFC
// 1928, section 7).
func AppendDatagram(b []byte, to netip.AddrPort, payload []byte) []byte {
	return append(appendAddrPort(append(b, 0, 0, 0), to), payload...)
}

// ParseDatagram returns what a datagram from a server holds, and from whom. Of those
// in pieces, and of those from names, there is no use: ok is false.
func ParseDatagram(b []byte) (from netip.AddrPort, payload []byte, ok bool) {
	if len(b) < 4 || b[0] != 0 || b[1] != 0 || b[2] != 0 {
		return from, nil, false
	}
	r := bytes.NewReader(b[4:])
	from, err := readAddr(r, b[3])
	if err != nil || !from.IsValid() {
		return from, nil, false
	}
	return from, b[len(b)-r.Len():], true
}

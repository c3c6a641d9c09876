// Package opening tells what a connection is by its first bytes.
package opening

import (
	"fmt"
	"net"
	"strings"
)

// Protocol is what the first bytes of a connection are.
type Protocol uint8

// The protocols. Whatever is none of the others is MSE, which looks like noise,
// or noise.
const (
	undecided  Protocol = iota // more bytes are needed
	TLS                        // a client hello
	BitTorrent                 // BEP 3, in clear
	HTTP                       // in clear
	MSE
)

// peekLen is how many bytes decide in every case.
const peekLen = 20

// firstRead is how much is read to begin with, in bytes: all of a client hello, as
// a rule, so that reading it again needs no system call.
const firstRead = 2 << 10

// Magic is how a handshake of BEP 3 begins.
const Magic = "\x13BitTorrent protocol"

// classify tells a protocol by the first bytes b. With peekLen bytes the
// answer is never undecided. A random MSE key looks like a TLS record once in
// 2^31.
func classify(b []byte) Protocol {
	if len(b) == 0 {
		return undecided
	}
	switch b[0] {
	case 0x16:
		return classifyRecord(b)
	case Magic[0]:
		return matchMagic(b, Magic, BitTorrent)
	case 'G':
		return matchMagic(b, "GET ", HTTP)
	case 'H':
		return matchMagic(b, "HEAD ", HTTP)
	}
	return MSE
}

func matchMagic(b []byte, magic string, p Protocol) Protocol {
	switch {
	case strings.HasPrefix(string(b), magic):
		return p
	case strings.HasPrefix(magic, string(b)):
		return undecided
	}
	return MSE
}

// classifyRecord recognises a TLS handshake record that starts with a client
// hello (RFC 8446 sections 5.1 and 4).
func classifyRecord(b []byte) Protocol {
	want := []func(byte) bool{
		func(v byte) bool { return v == 0x16 },
		func(v byte) bool { return v == 3 },
		func(v byte) bool { return v <= 4 },
		func(v byte) bool { return v <= 0x40 }, // at most 2^14 bytes
		func(byte) bool { return true },
		func(v byte) bool { return v == 1 },
	}
	for i, ok := range want {
		if i == len(b) {
			return undecided
		}
		if !ok(b[i]) {
			return MSE
		}
	}
	return TLS
}

// Peek reads until the protocol is decided and returns a connection that still
// has every byte. The caller bounds it by closing c.
func Peek(c net.Conn) (*Conn, Protocol, error) {
	var buf [firstRead]byte
	n := 0
	for {
		m, err := c.Read(buf[n:])
		n += m
		if p := classify(buf[:n]); p != undecided {
			return &Conn{Conn: c, prefix: append([]byte(nil), buf[:n]...)}, p, nil
		}
		if err != nil {
			return nil, undecided, fmt.Errorf("opening: read first bytes: %w", err)
		}
	}
}

package transport

import (
	"fmt"
	"net"
	"strings"
)

// protocol is what the first bytes of a connection are.
type protocol uint8

const (
	undecided protocol = iota // more bytes are needed
	tlsHello
	bitTorrent
	clearHTTP
	mseOrNoise
)

// peekLen is how many bytes decide in every case.
const peekLen = 20

const bitTorrentMagic = "\x13BitTorrent protocol"

// classify tells a protocol by the first bytes b. With peekLen bytes the
// answer is never undecided. A random MSE key looks like a TLS record once in
// 2^31.
func classify(b []byte) protocol {
	if len(b) == 0 {
		return undecided
	}
	switch b[0] {
	case 0x16:
		return classifyRecord(b)
	case bitTorrentMagic[0]:
		return matchMagic(b, bitTorrentMagic, bitTorrent)
	case 'G':
		return matchMagic(b, "GET ", clearHTTP)
	case 'H':
		return matchMagic(b, "HEAD ", clearHTTP)
	}
	return mseOrNoise
}

func matchMagic(b []byte, magic string, p protocol) protocol {
	switch {
	case strings.HasPrefix(string(b), magic):
		return p
	case strings.HasPrefix(magic, string(b)):
		return undecided
	}
	return mseOrNoise
}

// classifyRecord recognises a TLS handshake record that starts with a client
// hello (RFC 8446 sections 5.1 and 4).
func classifyRecord(b []byte) protocol {
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
			return mseOrNoise
		}
	}
	return tlsHello
}

// peek reads until the protocol is decided and returns a connection that still
// has every byte. The caller bounds it by closing c.
func peek(c net.Conn) (*Conn, protocol, error) {
	var buf [peekLen]byte
	n := 0
	for {
		m, err := c.Read(buf[n:])
		n += m
		if p := classify(buf[:n]); p != undecided {
			return newConn(c, append([]byte(nil), buf[:n]...)), p, nil
		}
		if err != nil {
			return nil, undecided, fmt.Errorf("transport: read first bytes: %w", err)
		}
	}
}

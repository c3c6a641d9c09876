// Package hello is how a client looks: to the network by its client hello and to
// the server by its request, which are to be of one kind. [Go] looks like a
// program written in Go; package parrot looks like a browser.
//
// A Hello makes the handshake only. Once the switch to the peer wire is made,
// package btls reads and writes the records itself, for which it is told the
// traffic secrets by way of a key log; so every Hello is as fast as any other.
package hello

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
)

// Hello looks like something. It must be safe for concurrent use, and no two of
// its connections may be linked by what they send: it resumes no session and
// sends no early data.
type Hello interface {
	// Client returns the client's side of TLS over raw, before its handshake. It
	// offers TLS 1.3, http/1.1 (RFC 7301) alone, a cipher suite with AES-GCM and
	// ECDSA signatures over P-256: what a server of BitTorrent over TLS has.
	Client(raw net.Conn, p Params) (Client, error)
	// Request returns a request that opens a WebSocket (RFC 6455, section 4.1), with
	// the empty line it ends with.
	Request(r Request) ([]byte, error)
}

// Params are what the handshake of one connection needs.
type Params struct {
	// ServerName goes into the client hello; with "" there is no such extension.
	ServerName string
	// Verify judges the server's certificates, leaf first and at least one, once
	// the server has shown that it has the key. It must be called within the
	// handshake, which ends with an alert and its error if it returns one.
	Verify func(chain []*x509.Certificate) error
	// KeyLog takes one line of a key log (RFC 9850) with each call, before the
	// handshake returns.
	KeyLog io.Writer
}

// Client is the client's side of one connection over TLS. Its Read returns
// what was decrypted together with an error that a later call returns.
type Client interface {
	net.Conn
	// HandshakeContext makes the handshake.
	HandshakeContext(ctx context.Context) error
	// State tells what the handshake came to.
	State() State
}

// State is what a finished handshake came to.
type State struct {
	Version     uint16 // as in crypto/tls
	CipherSuite uint16
	Leaf        []byte // the server's certificate, DER; nil on the server's side
	// Export is the exporter of RFC 8446, section 7.5.
	Export func(label string, context []byte, length int) ([]byte, error)
}

// Request is what differs between the requests of a client.
type Request struct {
	Host   string // as a URL has it: with a port unless that is 443
	Path   string // absolute
	Cookie string // name=value
	Key    string // Sec-WebSocket-Key: base64 of 16 bytes
}

// ErrName reports a host that cannot be one.
var ErrName = errors.New("not the name of a host")

// ServerName returns what a browser puts into the client hello for a host name or
// address: nothing for an address (RFC 6066, section 3). It returns ErrName for
// what could not stand in a URL.
func ServerName(host string) (string, error) {
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		if a.Zone() != "" {
			return "", ErrName
		}
		return "", nil
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	if name == "" && host != "" || len(name) > 253 || strings.Contains(name, ":") || !plain(name) {
		return "", ErrName
	}
	return name, nil
}

// plain reports whether a host, with or without a port, is made of what a host is
// made of, and nothing that could end a line.
func plain(host string) bool {
	for _, c := range []byte(host) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._:[]", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// Check returns ErrName if the host could not stand in a request.
func (r *Request) Check() error {
	if r.Host == "" || !plain(r.Host) {
		return ErrName
	}
	return nil
}

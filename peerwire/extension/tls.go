package extension

import (
	"strings"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// maxNameLen is how long a DNS name can be (RFC 1035, section 2.3.4), in text.
const maxNameLen = 253

// TLSVersion is the version of BitTorrent over TLS that key tls speaks of.
const TLSVersion = 1

// TLS is the key tls of an extended handshake: the sender accepts peers of this
// torrent over TLS. It is a dictionary:
//
//	v  integer, 1 to 255: the version, 1 for package btls; without it the key counts for nothing
//	p  integer, 1 to 65535: the TCP port, if it is not that of key p of the handshake
//	n  string: the DNS name that the certificate is valid for, at most 253 bytes; optional
//	h  string of 32 bytes: SHA-256 of the certificate's SubjectPublicKeyInfo; optional
//
// A value of the wrong type, length or range counts as absent, unknown keys are
// passed over. The zero TLS is that of a handshake without the key.
type TLS struct {
	V int
	P int
	N string
	H [32]byte
}

// dict returns what Append encodes.
func (t TLS) dict() map[string]any {
	d := map[string]any{"v": t.V}
	if t.P != 0 {
		d["p"] = t.P
	}
	if t.N != "" {
		d["n"] = t.N
	}
	if t.H != ([32]byte{}) {
		d["h"] = t.H[:]
	}
	return d
}

func parseTLS(v bencode.Value) (t TLS) {
	version, ok := number(v.Get("v"), 1, 255)
	if !ok {
		return TLS{}
	}
	t.V = version
	t.P, _ = number(v.Get("p"), 1, 65535)
	if n, ok := v.Get("n").Text(); ok && hostname(n) {
		t.N = n
	}
	if h, ok := v.Get("h").Bytes(); ok && len(h) == len(t.H) {
		t.H = [32]byte(h)
	}
	return t
}

// hostname reports whether s may be a DNS name. It ends up in a client hello and
// on screens.
func hostname(s string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	return s != "" && len(s) <= maxNameLen &&
		strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune(allowed, r) }) < 0
}

// Package btls carries the BitTorrent peer wire inside ordinary HTTPS.
//
// A client that knows a torrent opens a TLS 1.3 connection and sends what
// looks like a WebSocket request. It names the torrent by a tag that only
// those who know the torrent's key can compute and proves, by a MAC over this
// connection's TLS exporter (RFC 5705, RFC 8446 section 7.5), that it does.
// The server answers 101 with its own proof and from then on both directions
// are the raw peer wire of BEP 3. Whoever cannot prove anything is a visitor
// and is answered by the website, by the same net/http server.
//
//	IH  = 32-byte v2 info-hash if the torrent has one, else the 20-byte v1
//	K   = HKDF-SHA256(IH, salt "bittorrent-tls/1 basic", info "key", 32)                Basic
//	K   = HKDF-SHA256(SECRET || IH, salt "bittorrent-tls/1 strict", info "key", 32)     Strict
//	      the same with the salt "bittorrent-tls/1 full strict"                         Full Strict
//	CH  = SHA-256(server's leaf certificate, DER)
//	TAG = HMAC-SHA256(K, 0x01 || CH)[0:16]
//	X   = TLS-Exporter("EXPERIMENTAL-BitTorrent-TLS", no context, 32)
//	Pc  = HMAC-SHA256(K, 0x02 || X || TAG)
//	Ps  = HMAC-SHA256(K, 0x03 || X || Pc)
//
//	D   = HMAC-SHA256(K, 0x04 || "discovery" || week, 8 bytes)[0:20]   where peers find each other
//	T   = HMAC-SHA256(K, 0x05 || "credential")                         what a credential is for
//	E   = HMAC-SHA256(K, 0x06 || "enrol")[0:16]                        the path that hands it out
//	B   = TLS-Exporter("EXPERIMENTAL-BitTorrent-TLS-Channel", no context, 32)
//
//	C: GET /<any path> HTTP/1.1          S: HTTP/1.1 101 Switching Protocols
//	   Upgrade: websocket                   Upgrade: websocket
//	   Sec-WebSocket-Key: base64(TAG)       Sec-WebSocket-Accept: as RFC 6455
//	   Cookie: <any>=base64url(Pc||pad)     Set-Cookie: <any>=base64url(Ps||pad)
//
// The exporter is what makes a proof worthless on any other connection, as
// RFC 9266 explains for channel bindings. The tag is bound to the server's
// certificate so that a server finds the torrent with one map lookup while
// two servers see unrelated tags for it.
//
// Basic keeps out those who do not know the info-hash. It does not stop a man
// in the middle who holds a list of info-hashes; a pin of the server's key
// ([DialOptions].Pin) does. Strict keeps out all who were not told the secret,
// whatever they know of the torrent. Full Strict has each peer sign B with a key
// that the torrent's authority vouches for, once the switch is made.
//
// The same is written down for other implementers, with test vectors, in
// docs/beps. Package server accepts for engines that have an accept loop.
package btls

import (
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/record"
	"github.com/warren-p2p/warren/btls/internal/upgrade"
)

// exporterLabel starts with EXPERIMENTAL because RFC 5705 section 4 asks that
// of every label that is not in the IANA registry.
const (
	exporterLabel = "EXPERIMENTAL-BitTorrent-TLS"
	bindingLabel  = "EXPERIMENTAL-BitTorrent-TLS-Channel"
)

var (
	// ErrKey reports a Key that was not derived from anything, or an info-hash
	// of a length no torrent has.
	ErrKey = errors.New("not a key of a torrent")
	// ErrNotPeer reports that the server answered as a website: it does not
	// have the torrent, or does not speak this protocol. Errors that match it
	// are a [*NotPeerError].
	ErrNotPeer = upgrade.ErrNotPeer
	// ErrProof reports a server that switched protocols without proving that
	// it knows the torrent.
	ErrProof = upgrade.ErrProof
	// ErrPin reports a server whose public key is not the pinned one.
	ErrPin = errors.New("server's public key is not the pinned one")
	// ErrAlert reports that the other end has ended a connection with a TLS alert
	// after its handshake: it may have refused our certificate.
	ErrAlert = record.ErrAlert
	// ErrVersion reports a server that does not speak TLS 1.3.
	ErrVersion = errors.New("server does not speak TLS 1.3")
)

// NotPeerError is the answer of a server that stayed a website.
type NotPeerError = upgrade.NotPeerError

// exporter returns X. It fails on connections that a proof cannot be bound to.
func exporter(st hello.State) ([32]byte, error) { return export(st, exporterLabel) }

func export(st hello.State, label string) (x [32]byte, err error) {
	if st.Version != tls.VersionTLS13 {
		return x, ErrVersion
	}
	b, err := st.Export(label, nil, len(x))
	if err != nil {
		return x, fmt.Errorf("btls: export keying material: %w", err)
	}
	return [32]byte(b), nil
}

// Package transport brings peers in and out: plain, MSE and TLS, over TCP and
// uTP, all on one port.
//
// A [Port] looks at the first bytes of a connection, runs the handshake they
// ask for, and hands what proved to be a peer to its owner. Everybody else is
// a visitor of a website. The Dial functions are the other direction.
//
//	16 03 0x LL LL 01          TLS client hello    → net/http: peer or visitor;
//	                           peer, if its server name is that of an SSL torrent
//	13 "BitTorrent protocol"   BEP 3 handshake     → peer
//	"GET ", "HEAD"             HTTP in clear       → redirected to https
//	anything else              MSE                 → peer
//
// What a port is told not to accept is treated as TLS, so that it answers as
// any HTTPS server answers nonsense. So is everything without TLS while all
// its torrents are for TLS alone.
package transport

import (
	"fmt"
	"net"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
)

// Kind is how a connection is protected.
type Kind uint8

// The kinds, weakest first.
const (
	Plain Kind = iota
	MSE
	TLS
)

// String returns "plain", "mse" or "tls".
func (k Kind) String() string {
	switch k {
	case Plain:
		return "plain"
	case MSE:
		return "mse"
	case TLS:
		return "tls"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ID is what a torrent is known by: its v1 info-hash, its v2 info-hash, or, of
// a hybrid torrent, both; and what peers need beside them.
type ID struct {
	V1           [20]byte
	V2           [32]byte
	HasV1, HasV2 bool
	Access       Access
}

// Access is what lets peers in to a torrent over TLS beside its info-hash. The
// zero value is level Basic, where nothing else does.
type Access struct {
	Level  btls.Level
	Secret btls.Secret
	// SSL is what an SSL torrent of libtorrent's is spoken to peers by, and then by
	// this alone; nil for all others.
	SSL *ssltorrent.Member
	// Members decides who is a member of a torrent of level Full Strict; nil for all
	// others.
	Members Members
}

// Members exchanges credentials (package credential) with a peer that has proved
// to know the secret of a torrent of level Full Strict. The error says why the
// peer, or we, are no member. It must be comparable, and is called by several
// goroutines.
type Members interface {
	Connect(*btls.Conn) error // as the client
	Accept(*btls.Conn) error
}

// Only returns the ID of one version of a hybrid torrent.
func (id ID) Only(v2 bool) ID {
	if v2 {
		return ID{V2: id.V2, HasV2: true, Access: id.Access}
	}
	return ID{V1: id.V1, HasV1: true, Access: id.Access}
}

// Wire returns the 20 bytes that stand for the torrent in a BEP 3 handshake
// and in MSE: the v1 info-hash if there is one, else the truncated v2 one.
func (id ID) Wire() [20]byte {
	if id.HasV1 {
		return id.V1
	}
	return [20]byte(id.V2[:20])
}

// Incoming is a peer that connected to a [Port].
type Incoming struct {
	// Conn is a *btls.Conn, a *mse.Conn or a *Conn.
	Conn net.Conn
	Kind Kind
	// InfoHash is what the handshake proved that the peer knows: a v1
	// info-hash or a truncated v2 one. It is zero for Plain, where the BEP 3
	// handshake is still to be read.
	InfoHash [20]byte
}

// Package disclosure decides what is told of a torrent where peers are looked for:
// its info-hash, an id that stands for it, or nothing.
//
// A torrent that does not insist on TLS is told of by its info-hash, as ever. One
// that does (policy require, and with it the levels Strict and Full Strict) is told
// of by its discovery id instead, because whoever reads along, a node of the DHT for
// instance, would learn from the info-hash what is exchanged. The id is
//
//	D(e) = HMAC-SHA256(K, 0x04 || "discovery" || e as 8 bytes big endian)[0:20]
//	e    = floor(seconds since 1970 / 604800)
//
// with the key K of package btls, one id for each info-hash of a hybrid. It is put
// where the 20-byte info-hash is otherwise: info_hash of trackers (BEP 3, 15), the
// target of get_peers and announce_peer (BEP 5), the Infohash header of BEP 14, in
// hexadecimal. It changes every week, so that a list of ids is soon worth nothing;
// within an hour of a change that of the other week is looked up as well, and
// trackers, which cannot be asked without being told, are told of both.
//
// It hides the info-hash from those who lack it, and does no more: who has the
// info-hash (of Strict, the secret beside it) computes the id. So id and info-hash
// are never announced by one node at the same time, which would link them, and
// trackers get another peer id and key with each id. BEP 8 tried the same with a
// hash of the info-hash. What is found under an id anybody may have put there: see
// package targets.
//
// A torrent with a [Sole] tracker, that of a private share, is told of nowhere else, by
// no name: that tracker is asked over TLS that shows the right key, and knows the torrent.
//
// Nothing here does I/O or reads a clock.
package disclosure

import (
	"strings"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
)

// Place is where peers are looked for.
type Place uint8

// The places. Trackers come first.
const (
	Alone Place = iota // the tracker that a torrent has alone
	HTTPS              // a tracker
	HTTP               // a tracker, in clear
	UDP                // a tracker, in clear (BEP 15)
	DHT                // BEP 5
	LSD                // BEP 14
)

// Tracker returns what kind of tracker a URL is of. What is not known to be
// protected is in clear.
func Tracker(url string) Place {
	scheme, _, _ := strings.Cut(url, ":")
	switch strings.ToLower(scheme) {
	case "https":
		return HTTPS
	case "udp":
		return UDP
	}
	return HTTP
}

// Show is what is told of a torrent.
type Show uint8

// What there is to tell.
const (
	Nothing Show = iota
	Hash         // the info-hash
	ID           // the discovery id
)

// Sole is the tracker that alone is told of a torrent.
type Sole struct {
	URL string   // https
	Pin [32]byte // SHA-256 of the SubjectPublicKeyInfo that it has to show
}

// Torrent is what the decision depends on.
type Torrent struct {
	ID     transport.ID
	Policy btls.Policy
	// Passphrase says that the secret comes from a passphrase: with an id made of
	// it, others could try passphrases at home (docs/threat-model.md, S4).
	Passphrase bool
	Private    bool // BEP 27
	// AnnounceID lets trackers in clear know a private torrent by its id. A tracker
	// that has a list of torrents refuses it.
	AnnounceID bool
	Sole       *Sole // nil: it may be told of wherever the rest allows it
}

// Where returns what a tracker is to the torrent.
func (t Torrent) Where(url string) Place {
	if t.Sole != nil && t.Sole.URL == url {
		return Alone
	}
	return Tracker(url)
}

// Shows returns what is told of the torrent at a place. SSL torrents are found by
// their info-hash: other clients know no other way.
func (t Torrent) Shows(p Place) Show {
	switch {
	case t.Sole != nil && p == Alone:
		return Hash
	case t.Sole != nil, p == Alone, t.Private && p > UDP:
		return Nothing
	case t.Policy != btls.Require, t.ID.Access.SSL != nil:
		return Hash
	case t.Passphrase:
		return Nothing
	case !t.Private:
		return ID
	case p == HTTPS:
		return Hash
	case t.AnnounceID:
		return ID
	}
	return Nothing
}

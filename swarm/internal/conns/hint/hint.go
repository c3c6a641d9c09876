// Package hint is what sources tell of a peer beside its address.
package hint

import (
	"net/netip"

	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// Hint is an address, with what a source says of TLS there.
type Hint struct {
	Addr netip.AddrPort
	// TLS says that the peer accepts BitTorrent over TLS. It is tried with TLS
	// first, whatever was found out before, until that fails.
	TLS bool
	// Face is what it shows there, zero if that is not known. If it is, the peer is
	// not tried in clear at all, unless TLS is off.
	verdict.Face
}

// Plain returns addresses of which nothing is said.
func Plain(addrs []netip.AddrPort) []Hint {
	list := make([]Hint, len(addrs))
	for i, a := range addrs {
		list[i].Addr = a
	}
	return list
}

// Said is what was said of one peer. The zero value is that of one of which
// nothing was.
type Said struct {
	tls, refuted bool
	named        bool // by the user
	face         verdict.Face
}

// Take adds a hint. What it shows is what was said last.
func (s *Said) Take(h Hint) {
	s.tls = s.tls || h.TLS
	if h.Face != (verdict.Face{}) && !s.named {
		s.face = h.Face
	}
}

// Name adds a hint of the user's, by a link for instance. What that shows nobody else
// can change: it is there against who would answer in the peer's place.
func (s *Said) Name(h Hint) {
	s.named = s.named && h.Face == (verdict.Face{})
	s.Take(h)
	s.named = s.named || h.Face != (verdict.Face{})
}

// Named reports whether the user has said what the peer shows.
func (s *Said) Named() bool { return s.named }

// Refute notes that there was no TLS, which counts if it was said that there is.
func (s *Said) Refute() { s.refuted = s.tls }

// TLS reports whether the peer is said to have TLS, and has not shown otherwise.
func (s *Said) TLS() bool { return s.tls && !s.refuted }

// Face returns what the peer is said to show, zero if nobody has said that.
func (s *Said) Face() verdict.Face { return s.face }

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
	// Pin is the key that it must show, zero if that is not known. With one it is
	// not tried in clear at all, unless TLS is off.
	Pin verdict.Pin
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
	pin          verdict.Pin
}

// Take adds a hint. Of two pins the later one counts.
func (s *Said) Take(h Hint) {
	s.tls = s.tls || h.TLS
	if h.Pin != (verdict.Pin{}) {
		s.pin = h.Pin
	}
}

// Refute notes that there was no TLS, which counts if it was said that there is.
func (s *Said) Refute() { s.refuted = s.tls }

// TLS reports whether the peer is said to have TLS, and has not shown otherwise.
func (s *Said) TLS() bool { return s.tls && !s.refuted }

// Pin returns which key it is said to have, zero if nobody has said that.
func (s *Said) Pin() verdict.Pin { return s.pin }

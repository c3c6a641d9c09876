package punch

import (
	"net/netip"

	"github.com/warren-p2p/warren/peerwire/extension"
)

// Peer is what a relay knows of a connection.
type Peer struct {
	From     netip.AddrPort // where it is connected from
	Endpoint netip.AddrPort // where it can be reached over uTP; invalid if unknown
	Punches  bool           // it knows the extension
}

// Introduce decides on a request for an introduction to target: it returns which
// of peers to introduce asker to, or -1 and why not.
func Introduce(asker Peer, target netip.AddrPort, peers []Peer) (other int, code extension.HolepunchCode) {
	if target.Port() == 0 {
		return -1, extension.HolepunchNoSuchPeer
	}
	for i, q := range peers {
		if q.Endpoint != target && q.From != target {
			continue
		}
		switch {
		case q == asker:
			return -1, extension.HolepunchNoSelf
		case !q.Punches:
			return -1, extension.HolepunchNoSupport
		case !asker.Endpoint.IsValid():
			return -1, extension.HolepunchNoSuchPeer
		}
		return i, 0
	}
	return -1, extension.HolepunchNotConnected
}

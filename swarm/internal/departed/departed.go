// Package departed remembers peers that have gone and had given us something:
// what they gave may turn out to be wrong.
package departed

import (
	"net/netip"

	"github.com/warren-p2p/warren/swarm/internal/fetch"
)

// most is how many are remembered.
const most = 256

// Book is where the last of them were. The zero Book is empty.
type Book struct {
	addrs map[fetch.PeerID]netip.Addr
	order []fetch.PeerID
}

// Add notes a peer that goes.
func (b *Book) Add(id fetch.PeerID, a netip.Addr) {
	if b.addrs == nil {
		b.addrs = make(map[fetch.PeerID]netip.Addr)
	}
	if len(b.order) == most {
		delete(b.addrs, b.order[0])
		b.order = b.order[1:]
	}
	b.addrs[id] = a
	b.order = append(b.order, id)
}

// Find returns where a peer was.
func (b *Book) Find(id fetch.PeerID) (a netip.Addr, ok bool) {
	a, ok = b.addrs[id]
	return a, ok
}

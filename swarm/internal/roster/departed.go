package roster

import (
	"net/netip"

	"github.com/warren-p2p/warren/swarm/internal/fetch"
)

// departed remembers the addresses of peers that have gone and gave us
// something: what they gave may turn out to be wrong.
type departed struct {
	addrs map[fetch.PeerID]netip.Addr
	order []fetch.PeerID
}

const maxDeparted = 256

func (d *departed) add(id fetch.PeerID, a netip.Addr) {
	if d.addrs == nil {
		d.addrs = make(map[fetch.PeerID]netip.Addr)
	}
	if len(d.order) == maxDeparted {
		delete(d.addrs, d.order[0])
		d.order = d.order[1:]
	}
	d.addrs[id] = a
	d.order = append(d.order, id)
}

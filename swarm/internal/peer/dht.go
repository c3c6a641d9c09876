package peer

import (
	"net/netip"

	"github.com/warren-p2p/warren/peerwire"
)

// DHT is our node of the DHT, as peers see it (BEP 5).
type DHT struct {
	Port uint16 // UDP
	// Hear takes the address of what may be a node. It must not wait.
	Hear func(netip.AddrPort)
}

// introduceDHT tells a peer with a node where ours is.
func (p *Peer) introduceDHT() {
	if p.cfg.DHT != nil && p.Theirs.Reserved.Has(peerwire.CapDHT) {
		p.link.Send(func(b []byte) []byte { return peerwire.AppendPort(b, p.cfg.DHT.Port) })
	}
}

// onPort hears where the node of a peer is. One message is enough of a peer: more
// would have us send to whatever ports it names.
func (p *Peer) onPort(payload []byte) error {
	port, err := peerwire.ParsePort(payload)
	if err == nil && p.cfg.DHT != nil && !p.toldPort {
		p.toldPort = true
		p.cfg.DHT.Hear(netip.AddrPortFrom(p.From.Addr().Unmap(), port))
	}
	return err
}

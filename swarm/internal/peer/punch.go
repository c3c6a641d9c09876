package peer

import (
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/dialect"
)

// Puncher introduces peers to each other (BEP 55).
type Puncher interface {
	// Holepunch takes what a peer says of another.
	Holepunch(p *Peer, h extension.Holepunch)
}

// onHolepunch takes a message about introductions.
func (p *Peer) onHolepunch(msg []byte) error {
	h, err := p.punches.Read(msg)
	if err == nil && p.cfg.Puncher != nil {
		p.cfg.Puncher.Holepunch(p, h)
	}
	return err
}

// CanPunch reports whether the peer takes part in introductions.
func (p *Peer) CanPunch() bool { return p.dialect.Understands(dialect.Holepunch) }

// TellHolepunch sends the peer a message about an introduction, if it understands
// that.
func (p *Peer) TellHolepunch(h extension.Holepunch) { p.tell(dialect.Holepunch, h.Append(nil)) }

// Endpoint returns where others can send to the peer over UDP: its end of a uTP
// connection, which its NAT knows, or else where it listens.
func (p *Peer) Endpoint() netip.AddrPort {
	if transport.Over(p.Stream) == "utp" {
		return p.From
	}
	return p.dialable()
}

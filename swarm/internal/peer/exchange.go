package peer

import (
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/dialect"
	"github.com/warren-p2p/warren/swarm/internal/pex"
)

// exchanges reports whether peers of the torrent are told of each other: those
// of a private one come from its trackers alone (BEP 27).
func (p *Peer) exchanges() bool { return !p.known.Load() || !p.cfg.Content.Meta.Info.Private }

// onPex takes what the peer tells of others (BEP 11).
func (p *Peer) onPex(msg []byte) error {
	if !p.exchanges() {
		return nil
	}
	hints, err := p.heard.Read(msg, p.From.Addr(), p.cfg.Clock.Now())
	if len(hints) > 0 {
		p.cfg.Owner.Heard(hints)
	}
	return err
}

// Contact returns where others can dial the peer and what they should know of it
// (BEP 11); false if nobody may be told.
func (p *Peer) Contact() (extension.PexPeer, bool) {
	if !p.exchanges() {
		return extension.PexPeer{}, false
	}
	tls := !p.Incoming && p.Kind == transport.TLS || p.dialable() == p.Listen() && p.dialect.Listen().TLS
	c := extension.PexPeer{Addr: p.dialable(), Flags: pex.Flags(!p.Incoming, p.Kind != transport.Plain, tls, p.Done())}
	return c, c.Addr.IsValid()
}

// dialable returns where others can dial the peer, invalid if that is not known.
func (p *Peer) dialable() netip.AddrPort {
	if !p.Incoming {
		return p.At
	}
	return p.Listen()
}

// TellPex tells the peer of others, if it understands that and next, which is
// given where the peer is and where others can dial it, has something to tell.
func (p *Peer) TellPex(next func(at netip.Addr, self netip.AddrPort) (extension.Pex, bool)) {
	if !p.dialect.Understands(dialect.Pex) || !p.exchanges() {
		return
	}
	if m, ok := next(p.From.Addr(), p.dialable()); ok {
		p.tell(dialect.Pex, m.Append(nil))
	}
}

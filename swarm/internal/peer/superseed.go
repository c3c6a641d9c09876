package peer

import "github.com/warren-p2p/warren/peerwire"

// hide makes the peer believe that we have next to nothing, if the torrent is
// super-seeded (BEP 16) and we have everything. It is decided once: what the peer
// was told first cannot be taken back.
func (p *Peer) hide() bool {
	p.hiding = p.cfg.Super != nil && p.cfg.Content.Full()
	return p.hiding
}

// showSome begins to tell the peer of pieces.
func (p *Peer) showSome() {
	p.cfg.Super.Join(p.dl.ID, p.cfg.Clock.Now(), func(piece int) {
		p.link.Send(func(b []byte) []byte { return peerwire.AppendHave(b, uint32(piece)) })
	})
}

// shows reports whether the peer may be sent a piece that we have.
func (p *Peer) shows(piece int) bool { return !p.hiding || p.cfg.Super.May(p.dl.ID, piece) }

// heardOf notes pieces that the peer has.
func (p *Peer) heardOf(pieces ...int) {
	if !p.hiding {
		return
	}
	for _, i := range pieces {
		p.cfg.Super.Has(p.dl.ID, i, p.cfg.Clock.Now())
	}
}

// heardOfAll notes what the peer says of all pieces; nil means everything.
func (p *Peer) heardOfAll(bits peerwire.Bitfield) {
	for i := range p.numPieces() {
		if bits == nil || bits.Has(i) {
			p.heardOf(i)
		}
	}
}

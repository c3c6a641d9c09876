package peer

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/serve"
)

// stock is what a peer may be sent.
type stock struct{ *Peer }

var _ serve.Stock = stock{}

func (s stock) Serving() bool         { return s.cfg.Owner.Serving() }
func (s stock) NumPieces() int        { return s.numPieces() }
func (s stock) Limit(piece int) int64 { return s.cfg.Content.Limit(piece) }
func (s stock) Offers(piece int) bool { return s.cfg.Content.Has(piece) && s.shown.May(piece) }

// Requests implements link.Handler: the peer asks for blocks.
func (p *Peer) Requests(reqs []peerwire.Request) error {
	if !p.known.Load() {
		p.serve.Refuse(reqs) // nobody knows these pieces
		return nil
	}
	p.started = true
	return conduct.Breach(p.serve.Requests(reqs, stock{p}))
}

// Choke stops answering the peer; what it asked for is dropped.
func (p *Peer) Choke() { p.serve.Choke() }

// Unchoke begins to answer the peer.
func (p *Peer) Unchoke() { p.serve.Unchoke() }

// setInterested notes what the peer wants; a free slot is given soon. The owner's
// loop does it: a peer that changes its mind all the time must not make us weigh
// all others each time.
func (p *Peer) setInterested(on bool) {
	if !p.wants.SetTheirs(on) {
		return
	}
	p.cfg.Owner.Poke()
	if on {
		p.advise()
	}
}

// Announce tells the peer of a verified piece: at once, or with what is sent
// next and within two seconds. To a seed it is never urgent.
func (p *Peer) Announce(piece int, atOnce bool) {
	// Who has the piece is told, too: a seed has to know what there is besides its
	// own to suggest something else, or to show us more (BEP 16), and it may look
	// like any other peer.
	if !p.known.Load() {
		return
	}
	have := func(b []byte) []byte { return peerwire.AppendHave(b, uint32(piece)) }
	if atOnce && !p.dl.Seed() {
		p.link.Send(have)
	} else {
		p.link.SendLazily(have)
	}
}

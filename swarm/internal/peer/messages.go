package peer

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/hear"
	"github.com/warren-p2p/warren/swarm/internal/serve"
)

// Message implements link.Handler: everything but blocks and requests.
func (p *Peer) Message(id peerwire.ID, payload []byte) error {
	return conduct.Breach(p.onMessage(id, payload), ErrBoth, ErrForgot)
}

func (p *Peer) onMessage(id peerwire.ID, payload []byte) error {
	if id == peerwire.IDPort {
		return p.onPort(payload)
	}
	if !p.known.Load() {
		if done, err := p.hearEarly(id, payload); done {
			return err
		}
	}
	return p.message(id, payload)
}

func (p *Peer) message(id peerwire.ID, payload []byte) error {
	first := !p.started
	if id != peerwire.IDExtended {
		p.started = true
	}
	said, err := hear.Read(id, payload, p.numPieces())
	if err != nil {
		return err
	}
	switch id {
	case peerwire.IDChoke:
		p.wants.SetChoking(true)
		p.dl.Choked()
	case peerwire.IDUnchoke:
		p.wants.SetChoking(false)
		p.dl.Unchoked()
	case peerwire.IDInterested:
		p.setInterested(true)
	case peerwire.IDNotInterested:
		p.setInterested(false)
	case peerwire.IDBitfield, peerwire.IDHaveAll:
		return p.onBitfield(said.Bits, first)
	case peerwire.IDHave:
		return p.onHave(said.Piece)
	case peerwire.IDReject:
		p.dl.Rejected(said.Request)
	case peerwire.IDCancel:
		p.serve.Cancel(said.Request)
	case peerwire.IDAllowedFast:
		p.dl.AllowedFast(said.Piece)
	case peerwire.IDSuggest:
		p.dl.Suggested(said.Piece)
	case peerwire.IDExtended:
		return p.onExtended(payload)
	case peerwire.IDHashRequest, peerwire.IDHashes, peerwire.IDHashReject:
		return p.onHashMessage(id, payload)
	}
	return nil // what BEP 4 leaves open needs no answer
}

// introduce queues what is said right after the handshake.
func (p *Peer) introduce() {
	have, n := p.cfg.Content.Have(), p.numPieces()
	full, done := have.Full(n), p.cfg.Done.Load()
	if p.cfg.Super != nil && full {
		p.shown.Hide(p.cfg.Super, p.dl.ID, p.cfg.Clock.Now)
		have, done = nil, false
	}
	p.send(serve.Introduction(have, n, p.fast))
	p.introduceExtended(done)
	p.introduceDHT()
	p.shown.Show(func(piece int) {
		p.link.Send(func(b []byte) []byte { return peerwire.AppendHave(b, uint32(piece)) })
	})
}

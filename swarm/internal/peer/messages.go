package peer

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/hear"
)

// Message implements link.Handler: everything but blocks and requests.
func (p *Peer) Message(id peerwire.ID, payload []byte) error {
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
		p.setChoking(true)
		p.dl.Choked()
	case peerwire.IDUnchoke:
		p.setChoking(false)
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

func (p *Peer) setChoking(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isChoking = on
}

// introduce queues what is said right after the handshake.
func (p *Peer) introduce() {
	have := p.cfg.Content.Have()
	full, empty := have.Full(p.numPieces()), have.Count() == 0
	if p.hide() {
		full, empty = false, true
	}
	p.link.Send(func(b []byte) []byte {
		switch {
		case p.fast && full:
			b = peerwire.AppendHaveAll(b)
		case p.fast && empty:
			b = peerwire.AppendHaveNone(b)
		case !empty:
			b = peerwire.AppendBitfield(b, have)
		}
		return b
	})
	p.introduceExtended(full)
	p.introduceDHT()
	if p.hiding {
		p.showSome()
	}
}

package peer

import "github.com/warren-p2p/warren/peerwire"

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
	case peerwire.IDBitfield, peerwire.IDHaveAll, peerwire.IDHaveNone:
		return p.onBitfield(id, payload, first)
	case peerwire.IDHave:
		return p.onHave(payload)
	case peerwire.IDReject:
		r, err := peerwire.ParseRequest(payload)
		if err != nil {
			return err
		}
		p.dl.Rejected(r)
	case peerwire.IDCancel:
		r, err := peerwire.ParseRequest(payload)
		if err != nil {
			return err
		}
		if p.link.CancelUpload(r) && p.fast {
			p.reject([]peerwire.Request{r})
		}
	case peerwire.IDAllowedFast:
		i, err := p.index(peerwire.ParseAllowedFast(payload))
		if err != nil {
			return err
		}
		p.dl.AllowedFast(i)
	case peerwire.IDSuggest:
		i, err := p.index(peerwire.ParseSuggest(payload))
		if err != nil {
			return err
		}
		p.dl.Suggested(i)
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
	full, empty := have.Full(p.cfg.Content.Meta.Info.NumPieces()), have.Count() == 0
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

func (p *Peer) introduceExtended(seed bool) {
	if p.extended {
		p.link.Send(func(b []byte) []byte {
			return peerwire.AppendExtended(b, extHandshake, p.extendedHandshake(seed).Append(nil))
		})
	}
}

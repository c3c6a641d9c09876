package swarm

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
)

// errBoth ends a connection between two peers that want nothing of each other.
var errBoth = errors.New("both sides have everything")

// Message implements link.Handler: everything but blocks and requests.
func (p *peer) Message(id peerwire.ID, payload []byte) error {
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
		p.t.setInterested(p, true)
	case peerwire.IDNotInterested:
		p.t.setInterested(p, false)
	case peerwire.IDBitfield, peerwire.IDHaveAll, peerwire.IDHaveNone:
		if !first {
			return fmt.Errorf("%v after other messages", id)
		}
		return p.onBitfield(id, payload)
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
	case peerwire.IDExtended:
		return p.onExtended(payload)
	case peerwire.IDHashRequest, peerwire.IDHashes, peerwire.IDHashReject:
		return p.onHashMessage(id, payload)
	}
	return nil // suggest, port and what BEP 4 leaves open need no answer
}

func (p *peer) setChoking(on bool) {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.isChoking = on
}

// index checks a piece index that a parser returned.
func (p *peer) index(i uint32, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	if int64(i) >= int64(p.t.meta.Info.NumPieces()) {
		return 0, fmt.Errorf("peer speaks of piece %d of %d", i, p.t.meta.Info.NumPieces())
	}
	return int(i), nil
}

func (p *peer) onHave(payload []byte) error {
	i, err := p.index(peerwire.ParseHave(payload))
	if err != nil {
		return err
	}
	p.dl.Has(i)
	if !p.t.content.Has(i) {
		p.updateInterest()
	}
	return p.checkBothSeeds()
}

func (p *peer) onBitfield(id peerwire.ID, payload []byte) error {
	n := p.t.meta.Info.NumPieces()
	switch id {
	case peerwire.IDHaveAll:
		p.dl.HasSet(nil)
	case peerwire.IDHaveNone:
		return nil
	default:
		if err := peerwire.CheckBitfield(payload, n); err != nil {
			return err
		}
		p.dl.HasSet(append(peerwire.Bitfield(nil), payload...))
	}
	p.updateInterest()
	return p.checkBothSeeds()
}

// checkBothSeeds ends connections that serve nobody (BEP 3 leaves it open; all
// clients do it).
func (p *peer) checkBothSeeds() error {
	if p.t.fetch.Left() > 0 || !p.t.content.Full() {
		return nil
	}
	if p.dl.Seed() {
		return errBoth
	}
	return nil
}

// Ids under which the peer is to send us extended messages (BEP 10).
const (
	extHandshake  = 0
	extDontHave   = 7
	extUploadOnly = 3
)

func (p *peer) onExtended(payload []byte) error {
	id, msg, err := peerwire.ParseExtended(payload)
	if err != nil {
		return err
	}
	switch id {
	case extHandshake:
		return p.onExtendedHandshake(msg)
	case extDontHave:
		m, err := extension.ParseDontHave(msg)
		if err != nil {
			return err
		}
		i, err := p.index(m.Piece, nil)
		if err != nil {
			return err
		}
		p.dl.Lost(i)
		p.updateInterest()
	case extUploadOnly:
		p.t.mu.Lock()
		p.uploadOnly = len(msg) > 0 && msg[0] != 0
		p.t.mu.Unlock()
	}
	return nil
}

func (p *peer) onExtendedHandshake(msg []byte) error {
	h, err := extension.ParseHandshake(msg)
	if err != nil {
		return err
	}
	if h.Reqq > 0 {
		p.dl.SetReqq(h.Reqq)
	}
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.client = h.V
	p.uploadOnly = h.UploadOnly
	p.dontHaveID = h.M["lt_donthave"]
	p.uploadOnlyID = h.M["upload_only"]
	// Once: what is kept of peers seen with TLS is bounded, and must not be
	// flushed by one that names port after port.
	if p.listen.IsValid() || h.P <= 0 || h.P >= 1<<16 {
		return nil
	}
	p.listen = netip.AddrPortFrom(p.addr.Addr(), uint16(h.P))
	if p.kind == transport.TLS {
		p.t.s.verdicts.NoteTLS(p.listen, p.t.id.Wire())
	}
	return nil
}

// introduce queues what is said right after the handshake. The caller holds
// t.mu.
func (p *peer) introduce() {
	t := p.t
	have := t.content.Have()
	full, empty := have.Full(t.meta.Info.NumPieces()), have.Count() == 0
	p.link.Send(func(b []byte) []byte {
		switch {
		case p.fast && full:
			b = peerwire.AppendHaveAll(b)
		case p.fast && empty:
			b = peerwire.AppendHaveNone(b)
		case !empty:
			b = peerwire.AppendBitfield(b, have)
		}
		if p.extended {
			b = peerwire.AppendExtended(b, extHandshake, t.extendedHandshake(p, full).Append(nil))
		}
		return b
	})
}

func (t *Torrent) extendedHandshake(p *peer, seed bool) extension.Handshake {
	h := extension.Handshake{
		M:          map[string]byte{"lt_donthave": extDontHave, "upload_only": extUploadOnly},
		V:          t.s.cfg.Client,
		Reqq:       maxQueue,
		UploadOnly: seed,
		YourIP:     p.addr.Addr(),
	}
	if port := t.s.Port(); port != 0 {
		h.P = int(port)
	}
	return h
}

package peer

import (
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
)

// Ids under which the peer is to send us extended messages (BEP 10).
const (
	extHandshake  = 0
	extPex        = 1
	extMetadata   = 2
	extDontHave   = 7
	extHolepunch  = 4
	extUploadOnly = 3 // accepted, and of no consequence
)

func (p *Peer) extendedHandshake(seed bool) extension.Handshake {
	m := map[string]byte{extension.NameDontHave: extDontHave, extension.NameMetadata: extMetadata, "upload_only": extUploadOnly}
	if p.exchanges() {
		m[extension.NamePex] = extPex
	}
	if p.cfg.Puncher != nil {
		m[extension.NameHolepunch] = extHolepunch
	}
	return extension.Handshake{
		M:            m,
		V:            p.cfg.Client,
		Reqq:         maxQueue,
		UploadOnly:   seed,
		MetadataSize: len(p.infoBytes()),
		YourIP:       p.From.Addr(),
		P:            int(p.cfg.Port),
	}
}

func (p *Peer) onExtended(payload []byte) error {
	id, msg, err := peerwire.ParseExtended(payload)
	if err != nil {
		return err
	}
	switch id {
	case extHandshake:
		return p.onExtendedHandshake(msg)
	case extPex:
		return p.onPex(msg)
	case extHolepunch:
		return p.onHolepunch(msg)
	case extMetadata:
		return p.onMetadata(msg)
	case extDontHave:
		if !p.known.Load() {
			return nil // what is asked for in vain will be rejected
		}
		m, err := extension.ParseDontHave(msg)
		if err != nil {
			return err
		}
		i, err := p.index(m.Piece, nil)
		if err != nil {
			return err
		}
		p.dl.Lost(i)
		p.UpdateInterest()
	}
	return nil
}

func (p *Peer) onExtendedHandshake(msg []byte) error {
	h, err := extension.ParseHandshake(msg)
	if err != nil {
		return err
	}
	p.mu.Lock()
	if h.Reqq > 0 {
		p.reqq = h.Reqq
		if p.dl != nil {
			p.dl.SetReqq(h.Reqq)
		}
	}
	p.client = h.V
	p.dontHaveID = h.M[extension.NameDontHave]
	p.punchID = h.M[extension.NameHolepunch]
	p.pexID = h.M[extension.NamePex]
	p.metadataID = h.M[extension.NameMetadata]
	// Once: what is kept of peers seen with TLS is bounded, and must not be
	// flushed by one that names port after port.
	at := netip.AddrPortFrom(p.From.Addr(), uint16(max(h.P, 0)))
	told := !p.listen.IsValid() && h.P > 0 && h.P < 1<<16
	if told {
		p.listen = at
	}
	p.mu.Unlock()
	if told && p.Kind == transport.TLS {
		p.cfg.Owner.SeenTLS(at)
	}
	if !p.known.Load() && h.M[extension.NameMetadata] != 0 {
		p.cfg.Seeker.Offer(p.early.ID(), h.MetadataSize)
	}
	return nil
}

// TellLost tells the peer which pieces we do not have any more (BEP 54), if it
// understands that. What it has asked for until then may still be answered.
func (p *Peer) TellLost(pieces []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dontHaveID == 0 {
		return
	}
	p.link.Send(func(b []byte) []byte {
		for _, i := range pieces {
			b = peerwire.AppendExtended(b, p.dontHaveID, extension.DontHave{Piece: uint32(i)}.Append(nil))
		}
		return b
	})
}

package peer

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/dialect"
	"github.com/warren-p2p/warren/swarm/internal/hear"
	"github.com/warren-p2p/warren/swarm/internal/serve"
)

// introduceExtended tells a peer that wants to know what we understand (BEP 10).
func (p *Peer) introduceExtended(done bool) {
	if !p.extended {
		return
	}
	p.send(p.dialect.Introduce(dialect.Ours{
		Client: p.cfg.Client, Port: p.cfg.Port(), Queue: serve.MaxQueue, Done: done,
		InfoLen: len(p.infoBytes()), YourIP: p.From.Addr(),
		Exchange: p.exchanges(), Punch: p.cfg.Puncher != nil, TLS: p.cfg.TLS(),
	}))
}

// send queues a message, if there is one.
func (p *Peer) send(m []byte) {
	if len(m) > 0 {
		p.link.Send(func(b []byte) []byte { return append(b, m...) })
	}
}

// tell queues an extended message, if the peer understands it.
func (p *Peer) tell(number byte, payload []byte) { p.send(p.dialect.Append(nil, number, payload)) }

func (p *Peer) onExtended(payload []byte) error {
	id, msg, err := peerwire.ParseExtended(payload)
	if err != nil {
		return err
	}
	switch id {
	case dialect.Handshake:
		return p.onExtendedHandshake(msg)
	case dialect.Pex:
		return p.onPex(msg)
	case dialect.Holepunch:
		return p.onHolepunch(msg)
	case dialect.Metadata:
		return p.onMetadata(msg)
	case dialect.UploadOnly:
		p.dialect.Hear(msg)
		return p.checkBothDone()
	case dialect.DontHave:
		if !p.known.Load() {
			return nil // what is asked for in vain will be rejected
		}
		said, err := hear.DontHave(msg, p.numPieces())
		if err != nil {
			return err
		}
		p.dl.Lost(said.Piece)
		p.UpdateInterest()
	}
	return nil
}

func (p *Peer) onExtendedHandshake(msg []byte) error {
	h, err := extension.ParseHandshake(msg)
	if err != nil {
		return err
	}
	if h.Reqq > 0 {
		p.setReqq(h.Reqq)
	}
	if p.cfg.Seen != nil && h.YourIP.IsValid() {
		p.cfg.Seen(p.From.Addr(), h.YourIP)
	}
	if at, told := p.dialect.Learn(h, p.Reached()); told {
		p.cfg.Owner.Listens(p, at)
	}
	if !p.known.Load() && p.dialect.Understands(dialect.Metadata) {
		p.cfg.Seeker.Offer(p.early.ID(), h.MetadataSize)
	}
	p.TellDone() // it may have changed since we introduced ourselves
	return nil
}

// setReqq notes how many requests the peer accepts; it may have to be told who
// takes part in fetching later.
func (p *Peer) setReqq(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reqq = n
	if p.dl != nil {
		p.dl.SetReqq(n)
	}
}

// TellLost tells the peer which pieces we do not have any more (BEP 54), if it
// understands that. What it has asked for until then may still be answered.
func (p *Peer) TellLost(pieces []int) {
	payloads := make([][]byte, len(pieces))
	for k, i := range pieces {
		payloads[k] = extension.DontHave{Piece: uint32(i)}.Append(nil)
	}
	m := p.dialect.Append(nil, dialect.DontHave, payloads...)
	p.serve.Between(func() { p.send(m) })
}

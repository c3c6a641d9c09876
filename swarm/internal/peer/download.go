package peer

import (
	"bytes"
	"errors"
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
)

// ErrBoth ends a connection between two peers that want nothing of each other.
var ErrBoth = errors.New("neither side wants anything")

var _ fetch.Requester = (*Peer)(nil)

// Request implements fetch.Requester.
func (p *Peer) Request(reqs []peerwire.Request) {
	p.link.Send(func(b []byte) []byte {
		for _, r := range reqs {
			b = peerwire.AppendRequest(b, r)
		}
		return b
	})
}

// Cancel implements fetch.Requester: it takes a request back.
func (p *Peer) Cancel(r peerwire.Request) {
	p.link.Send(func(b []byte) []byte { return peerwire.AppendCancel(b, r) })
}

// Block implements link.Handler.
func (p *Peer) Block(index, begin uint32, n int) []byte {
	if !p.known.Load() {
		p.link.Close(errEarlyBlock)
		return nil
	}
	p.started = true
	return p.dl.Block(index, begin, n)
}

// BlockDone implements link.Handler.
func (p *Peer) BlockDone(ok bool) {
	if p.known.Load() {
		p.dl.BlockDone(ok)
	}
}

func (p *Peer) onHave(i int) error {
	p.dl.Has(i)
	p.shown.Has(i)
	if !p.cfg.Content.Has(i) {
		p.UpdateInterest()
	}
	p.advise()
	return p.checkBothDone()
}

// advise has the owner suggest pieces to a peer that may want some of us.
func (p *Peer) advise() {
	if p.fast && !p.shown.Hides() && p.known.Load() && p.cfg.Content.Full() && !p.dl.Seed() {
		p.cfg.Owner.Lacking(p)
	}
}

// Suggest suggests a piece to the peer (BEP 6).
func (p *Peer) Suggest(piece int) {
	p.link.Send(func(b []byte) []byte { return peerwire.AppendSuggest(b, uint32(piece)) })
}

// onBitfield handles what a peer says of all pieces at once. After other messages
// that should not be (BEP 3), but aria2 sends one in place of a few that say have:
// then it adds to what is known, which costs us no more than these would. Of nil
// it has everything.
func (p *Peer) onBitfield(bits peerwire.Bitfield, first bool) error {
	switch {
	case first:
		p.dl.HasSet(bytes.Clone(bits))
	case !p.dl.HasMore(bits):
		return nil
	}
	p.shown.HasSet(bits, p.numPieces())
	p.UpdateInterest()
	return p.checkBothDone()
}

// UpdateInterest tells the peer whether we want something of it, if that
// changed.
func (p *Peer) UpdateInterest() {
	if !p.known.Load() {
		return
	}
	want := func() bool { return p.cfg.Fetch.Interested(p.dl) }
	p.wants.Decide(want, func(on bool) {
		if on {
			p.link.Send(peerwire.AppendInterested)
		} else {
			p.link.Send(peerwire.AppendNotInterested)
		}
	})
}

// TellDone tells the peer whether we want nothing any more (BEP 21), if it knows
// otherwise and understands that, and ends the connection if it serves nobody.
func (p *Peer) TellDone() {
	if p.known.Load() {
		p.send(p.dialect.Tell(p.cfg.Done.Load() && !p.shown.Hides()))
	}
	if err := p.checkBothDone(); err != nil {
		p.link.Close(err)
	}
}

// acquaintance is how long two that want nothing, and lack some, stay together: a
// peer exchange (BEP 11) comes once a minute, and nobody else may know of both them
// and those who want something.
const acquaintance = 90 * time.Second

// BothDone reports whether neither side wants anything.
func (p *Peer) BothDone() bool {
	return p.known.Load() && p.cfg.Done.Load() && p.cfg.Fetch.Left() == 0 && p.Done()
}

// checkBothDone ends connections that serve nobody.
func (p *Peer) checkBothDone() error {
	lacking := !p.Seed() || !p.cfg.Content.Full()
	if !p.BothDone() || lacking && p.extended && p.exchanges() && p.dialect.MayTell() && p.cfg.Clock.Now().Sub(p.Since) < acquaintance {
		return nil
	}
	return ErrBoth
}

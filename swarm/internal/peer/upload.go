package peer

import (
	"fmt"

	"github.com/warren-p2p/warren/peerwire"
)

// maxQueue is how many requests of a peer may wait; we advertise it as reqq.
// At 16 KiB a block it covers 4 MiB in flight with as much again on its way.
const maxQueue = 512

// maxRequest is the longest block we serve. BEP 3 says 16 KiB is what everyone
// uses; longer answers would be refused by many as well.
const maxRequest = peerwire.BlockLen

// Requests implements link.Handler: the peer asks for blocks.
func (p *Peer) Requests(reqs []peerwire.Request) error {
	if !p.known.Load() {
		p.refuse(reqs)
		return nil
	}
	p.started = true
	for _, r := range reqs {
		if err := p.checkRequest(r); err != nil {
			return err
		}
	}
	// Queued under the lock: a choke must find them, and who is told that pieces
	// are lost gets none of them from then on.
	p.mu.Lock()
	defer p.mu.Unlock()
	serve := !p.amChoking && p.cfg.Owner.Serving()
	good := reqs[:0]
	var refused []peerwire.Request
	for _, r := range reqs {
		if serve && p.cfg.Content.Has(int(r.Index)) && p.shows(int(r.Index)) {
			good = append(good, r)
		} else if p.fast {
			refused = append(refused, r)
		}
	}
	if len(refused) > 0 {
		p.reject(refused)
	}
	if len(good) == 0 {
		return nil
	}
	if n := p.link.Upload(good); n > 4*maxQueue {
		return fmt.Errorf("peer has %d requests waiting, more than four times what we accept", n)
	}
	return nil
}

// checkRequest refuses what no honest peer asks for.
func (p *Peer) checkRequest(r peerwire.Request) error {
	if n := p.cfg.Content.Meta.Info.NumPieces(); int64(r.Index) >= int64(n) {
		return fmt.Errorf("request for piece %d of %d", r.Index, n)
	}
	if r.Length == 0 || r.Length > maxRequest || int64(r.Begin)+int64(r.Length) > p.cfg.Content.Limit(int(r.Index)) {
		return fmt.Errorf("request for %d bytes at %d of piece %d", r.Length, r.Begin, r.Index)
	}
	return nil
}

func (p *Peer) reject(reqs []peerwire.Request) {
	p.link.Send(func(b []byte) []byte {
		for _, r := range reqs {
			b = peerwire.AppendReject(b, r)
		}
		return b
	})
}

// Choke stops answering the peer; what it asked for is dropped.
func (p *Peer) Choke() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.amChoking = true
	p.link.DropUploads(func(b []byte, dropped []peerwire.Request) []byte {
		b = peerwire.AppendChoke(b)
		if p.fast {
			for _, r := range dropped {
				b = peerwire.AppendReject(b, r)
			}
		}
		return b
	})
}

// Unchoke begins to answer the peer.
func (p *Peer) Unchoke() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.amChoking = false
	p.link.Send(peerwire.AppendUnchoke)
}

// setInterested notes what the peer wants; a free slot is given soon. The owner's
// loop does it: a peer that changes its mind all the time must not make us weigh
// all others each time.
func (p *Peer) setInterested(on bool) {
	p.mu.Lock()
	changed := p.isInterested != on
	p.isInterested = on
	p.mu.Unlock()
	if changed {
		p.cfg.Owner.Poke()
	}
	if changed && on {
		p.advise()
	}
}

// Announce tells the peer of a verified piece: at once, or with what is sent
// next and within a second.
func (p *Peer) Announce(piece int, atOnce bool) {
	// Who has the piece is told, too: a seed has to know what there is besides its
	// own to suggest something else, or to show us more (BEP 16), and it may look
	// like any other peer.
	if !p.known.Load() {
		return
	}
	have := func(b []byte) []byte { return peerwire.AppendHave(b, uint32(piece)) }
	if atOnce {
		p.link.Send(have)
	} else {
		p.link.SendLazily(have)
	}
}

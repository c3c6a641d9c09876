package swarm

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/meter"
)

// peer is one connection of a torrent after the handshake. Its Handler methods
// run in the reader goroutine of its link.
type peer struct {
	greeting.Met
	t        *Torrent
	link     *link.Conn
	dl       *fetch.Peer
	kind     transport.Kind
	addr     netip.AddrPort // where the connection goes
	at       netip.AddrPort // under which conns knows it
	incoming bool
	since    time.Time
	remote   peerwire.Handshake
	fast     bool
	extended bool

	gone chan struct{} // closed at the end

	started bool // a message other than extended ones was read: no bitfield any more

	// Guarded by Torrent.mu.
	amChoking    bool
	amInterested bool
	isInterested bool
	isChoking    bool
	uploadOnly   bool
	client       string
	listen       netip.AddrPort // where the peer can be dialled, if it said so
	replaced     bool           // another connection took its place
	up, down     meter.Meter
	hashAsked    map[peerwire.HashRequest]int // piece of each hash request
	hashServed   int                          // pieces hashed for it lately
	dontHaveID   byte
	uploadOnlyID byte
}

// newPeer sets up a connection whose handshakes are done.
func (t *Torrent) newPeer(m greeting.Met) *peer {
	p := &peer{
		t: t, Met: m, kind: m.Kind, remote: m.Theirs, at: m.At, incoming: m.Incoming, addr: m.From,
		since:     t.s.cfg.Clock.Now(),
		fast:      m.Theirs.Reserved.Has(peerwire.CapFast),
		extended:  m.Theirs.Reserved.Has(peerwire.CapExtended),
		amChoking: true, isChoking: true,
		gone: make(chan struct{}),
	}
	p.link = link.New(link.Config{
		Conn: m.Stream, Handler: p, Source: t.content,
		Up: t.up, Down: t.down,
		Clock: t.s.cfg.Clock, Frames: t.s.frames,
		NumPieces: t.meta.Info.NumPieces(),
		Records:   m.Kind == transport.TLS, MaxRecords: t.s.maxRecords,
	})
	return p
}

// Request and Cancel make peer a fetch.Requester.
func (p *peer) Request(reqs []peerwire.Request) {
	p.link.Send(func(b []byte) []byte {
		for _, r := range reqs {
			b = peerwire.AppendRequest(b, r)
		}
		return b
	})
}

// Cancel takes a request back.
func (p *peer) Cancel(r peerwire.Request) {
	p.link.Send(func(b []byte) []byte { return peerwire.AppendCancel(b, r) })
}

// Block implements link.Handler.
func (p *peer) Block(index, begin uint32, n int) []byte {
	p.started = true
	return p.dl.Block(index, begin, n)
}

// BlockDone implements link.Handler.
func (p *peer) BlockDone(ok bool) { p.dl.BlockDone(ok) }

// maxQueue is how many requests of a peer may wait; we advertise it as reqq.
// At 16 KiB a block it covers 4 MiB in flight with as much again on its way.
const maxQueue = 512

// Requests implements link.Handler: the peer asks for blocks.
func (p *peer) Requests(reqs []peerwire.Request) error {
	p.started = true
	t := p.t
	for _, r := range reqs {
		if err := t.checkRequest(r); err != nil {
			return err
		}
	}
	// Queued under the lock: a choke must find them, and pieces may be lost.
	t.mu.Lock()
	defer t.mu.Unlock()
	serve := !p.amChoking && t.state.serves()
	good := reqs[:0]
	var refused []peerwire.Request
	for _, r := range reqs {
		if serve && t.content.Has(int(r.Index)) {
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
func (t *Torrent) checkRequest(r peerwire.Request) error {
	if int64(r.Index) >= int64(t.meta.Info.NumPieces()) {
		return fmt.Errorf("request for piece %d of %d", r.Index, t.meta.Info.NumPieces())
	}
	if r.Length == 0 || r.Length > maxRequest || int64(r.Begin)+int64(r.Length) > t.content.Limit(int(r.Index)) {
		return fmt.Errorf("request for %d bytes at %d of piece %d", r.Length, r.Begin, r.Index)
	}
	return nil
}

// maxRequest is the longest block we serve. BEP 3 says 16 KiB is what everyone
// uses; longer answers would be refused by many as well.
const maxRequest = peerwire.BlockLen

func (p *peer) reject(reqs []peerwire.Request) {
	p.link.Send(func(b []byte) []byte {
		for _, r := range reqs {
			b = peerwire.AppendReject(b, r)
		}
		return b
	})
}

// choke stops answering the peer; what it asked for is dropped.
func (p *peer) choke() {
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

func (p *peer) unchoke() { p.link.Send(peerwire.AppendUnchoke) }

// updateInterest tells the peer whether we want something of it, if that
// changed.
func (p *peer) updateInterest() {
	// Under the lock: of two that are at it the later must know more.
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	want := p.t.fetch.Interested(p.dl)
	changed := want != p.amInterested
	p.amInterested = want
	switch {
	case changed && want:
		p.link.Send(peerwire.AppendInterested)
	case changed:
		p.link.Send(peerwire.AppendNotInterested)
	}
}

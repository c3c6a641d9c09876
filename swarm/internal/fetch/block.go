package fetch

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Block finds the place of a payload that is about to arrive, nil if nobody
// asked for it or somebody else delivered it.
func (p *Peer) Block(index, begin uint32, n int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.landing = piece.Ask{}
	a, ok := p.asks.Answer(peerwire.Request{Index: index, Begin: begin, Length: uint32(n)})
	if !ok && p.snubbed { // late, but alive
		p.snubbed, p.hold = false, time.Time{}
	}
	// Claimed under the lock: a release must see that the buffer is in use.
	if !ok || !a.Piece.Claim(a.Block) {
		return nil
	}
	p.landing = a
	return a.Place()
}

// BlockDone reports that the payload announced last arrived, or did not. A piece
// that is complete by it is on disk when BlockDone returns, or could not be
// stored: the reader, which calls it, goes on only then, so that a kill costs
// one piece of the connection at most.
func (p *Peer) BlockDone(ok bool) {
	a := p.landing
	p.landing = piece.Ask{}
	var done, last bool
	switch {
	case a.Piece != nil && ok:
		done, last = p.landed(a)
	case a.Piece != nil:
		a.Piece.Drop(a.Block)
		return // the connection ends
	}
	now := p.f.cfg.Clock.Now()
	p.mu.Lock()
	if a.Piece != nil {
		p.last, p.rejects, p.snubbed = now, 0, false
		p.f.landed.Store(now.UnixNano())
		p.win.OnBlocks(1, a.Piece.BlockLen(a.Block), now)
	}
	p.fill(now)
	p.unlock()
	if done { // not before the peer knows what to send meanwhile
		p.f.intake.Take(a.Piece, last)
	}
}

// landed enters a block into its piece. It reports whether the piece is complete
// with it, and whether that is the last of the torrent.
func (p *Peer) landed(a piece.Ask) (done, last bool) {
	var others []*Peer
	if a.Piece.Shared.Load() {
		others = p.f.helpers(a.Piece, p)
	}
	r := a.Piece.Request(a.Block)
	done = a.Piece.Fill(a.Block, p.ID)
	for _, w := range others {
		w.withdraw(r)
	}
	if done {
		last = p.f.complete(a.Piece)
	}
	return done, last
}

// helpers returns who else works on a shared piece.
func (f *Fetcher) helpers(pc *piece.Piece, but *Peer) []*Peer {
	f.mu.Lock()
	defer f.mu.Unlock()
	var buf [picker.MaxWorkers]PeerID
	var others []*Peer
	for _, id := range f.table.Pick.Workers(pc.Index, buf[:0]) {
		if w := f.peers[id]; w != nil && w != but {
			others = append(others, w)
		}
	}
	return others
}

// withdraw takes back a request for a block that somebody else delivered, and
// asks for another in its place.
func (p *Peer) withdraw(r peerwire.Request) {
	p.mu.Lock()
	if _, ok := p.asks.Answer(r); ok {
		p.out.Cancel(r)
		p.fill(p.f.cfg.Clock.Now())
	}
	p.unlock()
}

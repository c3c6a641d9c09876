package fetch

import (
	"sync"
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/pipeline"
)

// Requester sends requests to the peer. It must not call back.
type Requester interface {
	Request(reqs []peerwire.Request)
	Cancel(req peerwire.Request)
}

// Peer is the downloading half of one connection.
type Peer struct {
	ID  PeerID
	f   *Fetcher
	out Requester

	// Guarded by Fetcher.mu.
	has     piece.Set
	allowed piece.Set // empty until the peer allows something
	idle    bool      // nothing to ask for; Wake will tell

	landing piece.Ask // the block whose payload is arriving; reader goroutine only

	mu      sync.Mutex
	gone    bool
	choked  bool
	fast    bool
	win     *pipeline.Window
	asks    piece.Asks
	work    []*piece.Piece
	reqs    []peerwire.Request
	last    time.Time // of a block, or since when we wait for one
	hold    time.Time // no requests before
	rejects int       // rounds of requests rejected since the last block
	snubbed bool      // hold is because the peer was silent
	slow    bool      // as the picker knows it
	rouse   bool      // others may find something to ask for
}

// Join adds a peer, choked as every peer is at first. reqq is how many
// requests it accepts at a time.
func (f *Fetcher) Join(out Requester, fast bool, reqq int) *Peer {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	p := &Peer{ID: f.next, f: f, out: out, choked: true, fast: fast, win: pipeline.New(reqq)}
	p.has = piece.NewSet(f.n)
	f.peers[p.ID] = p
	return p
}

// SetReqq sets how many requests the peer accepts at a time (BEP 10).
func (p *Peer) SetReqq(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.win.SetReqq(n)
}

// Leave removes the peer and gives back what it was asked for.
func (p *Peer) Leave() {
	p.mu.Lock()
	p.gone = true
	p.release()
	p.mu.Unlock()
	f := p.f
	f.mu.Lock()
	delete(f.peers, p.ID)
	f.table.LoseSet(&p.has)
	f.table.Pick.LeaveAll(p.ID) // only the mark of slowness is left
	f.mu.Unlock()
	if f.cfg.Buffers.Starved(f) {
		f.Release()
	}
	f.Wake()
}

// release gives up all requests and pieces. The caller holds p.mu.
func (p *Peer) release() {
	if p.asks.GiveBack() > 0 {
		p.rouse = true
	}
	p.f.mu.Lock()
	for _, pc := range p.work {
		if !pc.Done() {
			p.rouse = p.rouse || pc.Lacking()
			p.f.table.Leave(p.ID, pc)
		}
	}
	p.f.mu.Unlock()
	clear(p.work)
	p.work = p.work[:0]
}

// settle lets others have the pieces of a peer that may not be asked for more
// of them now. The caller holds p.mu.
func (p *Peer) settle(now time.Time) {
	if p.asks.Len() == 0 && len(p.work) > 0 && (p.choked || now.Before(p.hold)) {
		p.release()
	}
}

// unlock gives p.mu back, then wakes others if they may find something to ask
// for now.
func (p *Peer) unlock() {
	rouse := p.rouse
	p.rouse = false
	p.mu.Unlock()
	if rouse {
		p.f.Wake()
	}
}

// AwaitingSince returns since when we have waited for a block in vain, zero if
// nothing is asked.
func (p *Peer) AwaitingSince() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asks.Len() == 0 {
		return time.Time{}
	}
	return p.last
}

// Outstanding returns the number of requests under way.
func (p *Peer) Outstanding() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asks.Len()
}

package fetch

import (
	"sync"
	"time"

	"github.com/warren-p2p/warren/peerwire"
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
	has     Pieces
	allowed Pieces
	idle    bool // nothing to ask for; Wake will tell
	left    bool // gone

	mu      sync.Mutex
	choked  bool
	fast    bool
	win     *pipeline.Window
	asked   []ask // outstanding requests, oldest first
	head    int
	work    []*work
	reqs    []peerwire.Request
	landing ask       // the block whose payload is arriving; reader goroutine only
	last    time.Time // of a block, or of the unchoke
	hold    time.Time // no requests before, after a reject
}

// ask is a request under way.
type ask struct {
	pc    *work
	block int
}

// Pieces is the set of pieces a peer has.
type Pieces struct {
	all  bool
	bits peerwire.Bitfield
}

// Has reports whether piece i is in the set.
func (s *Pieces) Has(i int) bool { return s.all || s.bits.Has(i) }

// Join adds a peer, choked as every peer is at first. reqq is how many
// requests it accepts at a time.
func (f *Fetcher) Join(out Requester, fast bool, reqq int) *Peer {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	n := f.cfg.Torrent.Info.NumPieces()
	p := &Peer{ID: f.next, f: f, out: out, choked: true, fast: fast, win: pipeline.New(reqq)}
	p.has.bits = peerwire.NewBitfield(n)
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
	p.release()
	p.mu.Unlock()
	f := p.f
	f.mu.Lock()
	p.left = true
	delete(f.peers, p.ID)
	if p.has.all {
		f.pick.LoseAll()
	} else {
		f.pick.LoseSet(&p.has)
	}
	for _, i := range f.pick.LeaveAll(p.ID) {
		_ = i // every piece was left in release already
	}
	f.mu.Unlock()
	f.Wake()
}

// release gives up all requests and pieces. The caller holds p.mu.
func (p *Peer) release() {
	for _, a := range p.asked[p.head:] {
		a.pc.GiveBack(a.block)
	}
	p.asked, p.head = p.asked[:0], 0
	p.f.mu.Lock()
	for _, pc := range p.work {
		if !pc.Done() {
			p.f.leave(p, pc)
		}
	}
	p.f.mu.Unlock()
	p.work = p.work[:0]
}

// Block finds the place of a payload that is about to arrive, nil if nobody
// asked for it or somebody else delivered it.
func (p *Peer) Block(index, begin uint32, n int) []byte {
	p.mu.Lock()
	a, ok := p.answered(index, begin, n)
	p.mu.Unlock()
	if !ok || !a.pc.Claim(a.block) {
		p.landing = ask{}
		return nil
	}
	p.landing = a
	off := a.block * peerwire.BlockLen
	return a.pc.Buf[off : off+n]
}

// answered removes a request from the outstanding ones. Peers answer in order,
// so it is the first one nearly always.
func (p *Peer) answered(index, begin uint32, n int) (ask, bool) {
	for i := p.head; i < len(p.asked); i++ {
		a := p.asked[i]
		if uint32(a.pc.Index) != index || uint32(a.block*peerwire.BlockLen) != begin || a.pc.BlockLen(a.block) != n {
			continue
		}
		if i == p.head {
			p.head++
		} else {
			p.asked = append(p.asked[:i], p.asked[i+1:]...)
		}
		if p.head == len(p.asked) {
			p.asked, p.head = p.asked[:0], 0
		}
		return a, true
	}
	return ask{}, false
}

// BlockDone reports that the payload announced last arrived, or did not.
func (p *Peer) BlockDone(ok bool) {
	a := p.landing
	p.landing = ask{}
	if a.pc == nil {
		return
	}
	if !ok {
		a.pc.Drop(a.block)
		return
	}
	r := a.pc.Request(a.block)
	var others []*Peer
	if a.pc.Shared.Load() {
		others = p.f.helpers(a.pc, p)
	}
	if a.pc.Fill(a.block, p.ID) {
		p.f.complete(a.pc)
	}
	for _, w := range others {
		w.withdraw(r)
	}
	now := p.f.cfg.Clock.Now()
	p.mu.Lock()
	p.last = now
	p.win.OnBlocks(1, int(r.Length), now)
	p.fill(now)
	p.mu.Unlock()
}

// refill asks for more if there is room.
func (p *Peer) refill(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fill(now)
}

// fill asks for as many blocks as the window wants now. The caller holds p.mu.
func (p *Peer) fill(now time.Time) {
	want := p.win.Want(len(p.asked) - p.head)
	if want <= 0 || now.Before(p.hold) {
		return
	}
	p.reqs = p.reqs[:0]
	for len(p.reqs) < want {
		pc, b, ok := p.nextBlock(now)
		if !ok {
			break
		}
		p.push(ask{pc, b})
		p.reqs = append(p.reqs, pc.Request(b))
	}
	if len(p.reqs) > 0 {
		p.win.OnSent(len(p.reqs), now)
		p.out.Request(p.reqs)
	}
}

func (p *Peer) push(a ask) {
	if p.head > 0 && len(p.asked) == cap(p.asked) {
		p.asked = p.asked[:copy(p.asked, p.asked[p.head:])]
		p.head = 0
	}
	p.asked = append(p.asked, a)
}

// nextBlock finds a block to ask for: in the pieces at hand, in a new one, or
// at last one that somebody else owes us.
func (p *Peer) nextBlock(now time.Time) (*work, int, bool) {
	for _, pc := range p.work {
		if b, ok := pc.Take(); ok {
			return pc, b, true
		}
	}
	p.tidy()
	if pc := p.f.acquire(p, now); pc != nil {
		p.work = append(p.work, pc)
		if b, ok := pc.Take(); ok {
			return pc, b, true
		}
	}
	for _, pc := range p.work {
		if b, ok := p.duplicate(pc); ok {
			return pc, b, true
		}
	}
	return nil, 0, false
}

// tidy forgets finished pieces.
func (p *Peer) tidy() {
	kept := p.work[:0]
	for _, pc := range p.work {
		if !pc.Done() {
			kept = append(kept, pc)
		}
	}
	clear(p.work[len(kept):])
	p.work = kept
}

// duplicate finds a block of a shared piece that another peer was asked for
// and this one was not: the end of a download must not wait for the slowest.
func (p *Peer) duplicate(pc *work) (int, bool) {
	if !pc.Shared.Load() {
		return 0, false
	}
	for b := range pc.Blocks() {
		if pc.Requested(b) && !p.hasAsked(pc, b) {
			return b, true
		}
	}
	return 0, false
}

func (p *Peer) hasAsked(pc *work, b int) bool {
	for _, a := range p.asked[p.head:] {
		if a.pc == pc && a.block == b {
			return true
		}
	}
	return false
}

// helpers returns who else works on a shared piece.
func (f *Fetcher) helpers(pc *work, but *Peer) []*Peer {
	f.mu.Lock()
	defer f.mu.Unlock()
	var others []*Peer
	for _, w := range pc.workers {
		if w != but {
			others = append(others, w)
		}
	}
	return others
}

// withdraw takes back a request for a block that somebody else delivered.
func (p *Peer) withdraw(r peerwire.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.answered(r.Index, r.Begin, int(r.Length)); ok {
		p.out.Cancel(r)
	}
}

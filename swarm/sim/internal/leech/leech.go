// Package leech is the downloading half of a simulated node: which blocks to ask
// of which peer, and who sent wrong ones. It does what packages fetch, table and
// piece do, in the same order and by the same rules, and leaves the decisions to
// those that make them there, pickers and windows.
package leech

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/pipeline"
	"github.com/warren-p2p/warren/swarm/internal/pulse"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
)

// Owner is told what became of pieces and peers.
type Owner interface {
	// Verified tells of a piece that is right.
	Verified(piece int, content []uint64)
	// Guilty tells of a peer that sent wrong blocks.
	Guilty(id int32)
	// Store writes a piece of so many blocks to the disk and calls done when it may
	// be checked. It returns for how long the reader is busy with that.
	Store(blocks int, last bool, done func()) (busy time.Duration)
}

// Requester sends requests to a peer.
type Requester interface {
	Request(reqs []Request)
	Cancel(reqs []Request)
}

// Leech downloads.
type Leech struct {
	Pick     *picker.Picker
	Progress time.Duration // the last time a block came that counts
	Wasted   int64         // blocks that came twice or were wrong

	content  *Content
	time     *events.Queue
	owner    Owner
	peers    []*Peer     // in order of arrival
	pieces   []*progress // by index, nil if nothing of it is here
	ending   bool        // the picker was in endgame when it was looked at last
	whole    int         // pieces that are complete and not judged yet
	suspects map[int]*suspicion
}

// New returns a leech without peers.
func New(c *Content, pick *picker.Picker, q *events.Queue, owner Owner) *Leech {
	return &Leech{
		Pick: pick, Progress: q.Elapsed(), content: c, time: q, owner: owner,
		pieces: make([]*progress, c.Pieces), suspects: make(map[int]*suspicion),
	}
}

// Peer is the downloading half of one connection.
type Peer struct {
	ID int32

	l       *Leech
	out     Requester
	gone    bool
	has     set
	count   int
	choked  bool
	idle    bool // nothing to ask for; wake will tell
	win     *pipeline.Window
	asks    []ask
	work    []*progress
	last    time.Duration // of a block, or since when we wait for one
	hold    time.Duration // no requests before
	rejects int
	vain    pulse.Vain
	snubbed bool
	slow    bool
	rouse   bool // others may find something to ask for
}

// Join adds a peer that has nothing, choked as every peer is at first.
func (l *Leech) Join(id int32, reqq int, out Requester) *Peer {
	p := &Peer{ID: id, l: l, out: out, choked: true, win: pipeline.New(reqq), has: newSet(l.content.Pieces)}
	l.peers = append(l.peers, p)
	return p
}

// ask is a request under way.
type ask struct {
	piece *progress
	block int
}

// set is the pieces a peer has; a picker.Set.
type set struct {
	bits []uint64
	all  bool
}

func newSet(n int) set { return set{bits: make([]uint64, (n+63)/64)} }

func (s *set) add(i int) { s.bits[i/64] |= 1 << (i % 64) }

// Has implements picker.Set.
func (s *set) Has(i int) bool { return s.all || s.bits[i/64]&(1<<(i%64)) != 0 }

// trusted leaves out pieces that failed with several senders, as package table
// does.
type trusted struct {
	*set
	suspects map[int]*suspicion
}

// Has implements picker.Set.
func (t trusted) Has(i int) bool { return t.suspects[i] == nil && t.set.Has(i) }

// Request names a block.
type Request struct{ Piece, Block int32 }

// fill asks for as many blocks as the window wants now.
func (c *Peer) fill() {
	if c.gone {
		return
	}
	now := c.l.time.Now()
	want := c.win.Want(len(c.asks))
	if want > 0 && c.l.time.Elapsed() >= c.hold && c.l.Pick.Left() > 0 {
		waiting := len(c.asks)
		c.request(want, now)
		if waiting == 0 {
			c.last = c.l.time.Elapsed()
		}
	}
	c.settle()
}

func (c *Peer) request(want int, now time.Time) {
	var reqs []Request
	for len(reqs) < want {
		p, b, ok := c.nextBlock(now)
		if !ok {
			break
		}
		c.asks = append(c.asks, ask{p, b})
		reqs = append(reqs, Request{int32(p.index), int32(b)})
	}
	if len(reqs) > 0 {
		c.win.OnSent(len(reqs), now)
		c.out.Request(reqs)
	}
}

// nextBlock finds a block to ask for: in the pieces at hand, in a new one, or at
// last one that somebody else owes us.
func (c *Peer) nextBlock(now time.Time) (*progress, int, bool) {
	if c.choked {
		c.acquire(now)
		return nil, 0, false
	}
	for _, p := range c.work {
		if b, ok := p.take(); ok {
			return p, b, true
		}
	}
	kept := c.work[:0]
	for _, p := range c.work {
		if !p.done() {
			kept = append(kept, p)
		}
	}
	c.work = kept
	for p := c.acquire(now); p != nil; p = c.acquire(now) {
		c.work = append(c.work, p)
		if b, ok := p.take(); ok {
			return p, b, true
		}
		if b, ok := c.duplicate(p); ok {
			return p, b, true
		}
	}
	for _, p := range c.work {
		if b, ok := c.duplicate(p); ok {
			return p, b, true
		}
	}
	return nil, 0, false
}

// duplicate finds a block of a shared piece that another peer was asked for and
// this one was not.
func (c *Peer) duplicate(p *progress) (int, bool) {
	if !p.shared || p.gone {
		return 0, false
	}
	for b, s := range p.state {
		if s == requested && !c.asked(p, b) {
			return b, true
		}
	}
	return 0, false
}

func (c *Peer) asked(p *progress, b int) bool {
	for _, a := range c.asks {
		if a.piece == p && a.block == b {
			return true
		}
	}
	return false
}

// acquire finds the next piece, or marks the peer idle.
func (c *Peer) acquire(now time.Time) *progress {
	n := c.l
	if !c.choked {
		if i, ok := n.Pick.Start(c.ID, &c.has, now); ok {
			p := n.open(i)
			p.shared = false
			before := n.ending
			n.ending = n.Pick.Endgame()
			c.rouse = c.rouse || n.ending && !before
			return p
		}
		if i, ok := n.Pick.Join(c.ID, trusted{&c.has, n.suspects}, now); ok {
			n.pieces[i].shared = true
			return n.pieces[i]
		}
	}
	c.idle = true
	return nil
}

// answer takes out the request for a block.
func (c *Peer) answer(piece, block int32) (*progress, bool) {
	for i, a := range c.asks {
		if int32(a.piece.index) == piece && int32(a.block) == block {
			c.asks = append(c.asks[:i], c.asks[i+1:]...)
			return a.piece, true
		}
	}
	return nil, false
}

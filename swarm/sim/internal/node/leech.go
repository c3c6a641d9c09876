package node

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/pipeline"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// leech is the downloading half of a connection, as package fetch has it.
type leech struct {
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
	snubbed bool
	slow    bool
	rouse   bool // others may find something to ask for
}

// ask is a request under way.
type ask struct {
	piece *progress
	block int
}

// set is the pieces a peer has; a picker.Set.
type set struct {
	bits []bool
	all  bool
}

// Has implements picker.Set.
func (s *set) Has(i int) bool { return s.all || s.bits[i] }

// trusted leaves out pieces that failed with several senders, as package table
// does.
type trusted struct {
	*set
	suspects map[int]*suspicion
}

// Has implements picker.Set.
func (t trusted) Has(i int) bool { return t.suspects[i] == nil && t.set.Has(i) }

// request names a block.
type request struct{ piece, block int32 }

// fill asks for as many blocks as the window wants now.
func (c *Conn) fill() {
	if c.closed {
		return
	}
	now := c.n.time.Now()
	want := c.win.Want(len(c.asks))
	if want > 0 && c.n.time.Elapsed() >= c.hold && c.n.pick.Left() > 0 {
		waiting := len(c.asks)
		c.request(want, now)
		if waiting == 0 {
			c.last = c.n.time.Elapsed()
		}
	}
	c.settle()
}

func (c *Conn) request(want int, now time.Time) {
	var reqs []request
	for len(reqs) < want {
		p, b, ok := c.nextBlock(now)
		if !ok {
			break
		}
		c.asks = append(c.asks, ask{p, b})
		reqs = append(reqs, request{int32(p.index), int32(b)})
	}
	if len(reqs) > 0 {
		c.win.OnSent(len(reqs), now)
		c.tell(func(p *Conn) { p.onRequests(reqs) })
	}
}

// nextBlock finds a block to ask for: in the pieces at hand, in a new one, or at
// last one that somebody else owes us.
func (c *Conn) nextBlock(now time.Time) (*progress, int, bool) {
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
func (c *Conn) duplicate(p *progress) (int, bool) {
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

func (c *Conn) asked(p *progress, b int) bool {
	for _, a := range c.asks {
		if a.piece == p && a.block == b {
			return true
		}
	}
	return false
}

// acquire finds the next piece, or marks the peer idle.
func (c *Conn) acquire(now time.Time) *progress {
	n := c.n
	if !c.choked {
		if i, ok := n.pick.Start(c.id, &c.has, now); ok {
			p := n.open(i)
			p.shared = false
			before := n.ending
			n.ending = n.pick.Endgame()
			c.rouse = c.rouse || n.ending && !before
			return p
		}
		if i, ok := n.pick.Join(c.id, trusted{&c.has, n.suspects}, now); ok {
			n.pieces[i].shared = true
			return n.pieces[i]
		}
	}
	c.idle = true
	return nil
}

// answer takes out the request for a block.
func (c *Conn) answer(piece, block int32) (*progress, bool) {
	for i, a := range c.asks {
		if int32(a.piece.index) == piece && int32(a.block) == block {
			c.asks = append(c.asks[:i], c.asks[i+1:]...)
			return a.piece, true
		}
	}
	return nil, false
}

// Land implements network.Sink: a block has arrived.
func (c *Conn) Land(b network.Block) (busy time.Duration) {
	if c.closed {
		return 0
	}
	n, now := c.n, c.n.time.Elapsed()
	c.heard = now
	n.Stats.Down++
	c.received += pipeline.BlockLen
	p, ok := c.answer(b.Piece, b.Index)
	if !ok && c.snubbed {
		c.snubbed, c.hold = false, 0
	}
	counts := ok && !p.gone && p.state[b.Index] != received
	var whole bool
	if counts {
		whole = c.landed(p, b)
		c.last, c.rejects, c.snubbed = now, 0, false
		c.win.OnBlocks(1, pipeline.BlockLen, n.time.Now())
	} else {
		n.Stats.Wasted++
	}
	c.fill()
	c.unlock()
	if whole {
		busy = n.complete(p)
	}
	return busy
}

// landed enters a block into its piece, and reports whether that is complete.
func (c *Conn) landed(p *progress, b network.Block) bool {
	p.state[b.Index], p.data[b.Index], p.from[b.Index] = received, b.Content, c.id
	p.left--
	c.n.senders[c.id] = c.peer.n
	c.n.Stats.Progress = c.n.time.Elapsed()
	if p.shared {
		for _, id := range c.n.pick.Workers(p.index, nil) {
			if w := c.n.byID[id]; w != nil && w != c {
				w.withdraw(b.Piece, b.Index)
			}
		}
	}
	if p.left > 0 {
		return false
	}
	c.n.pick.Writing(p.index)
	c.n.whole++
	return true
}

// withdraw takes back a request for a block that somebody else delivered.
func (c *Conn) withdraw(piece, block int32) {
	if _, ok := c.answer(piece, block); ok {
		c.tell(func(p *Conn) { p.onCancel(request{piece, block}) })
		c.fill()
	}
}

package node

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/pipeline"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// seed is the uploading half of a connection, as packages peer and link have it.
type seed struct {
	queue          []leech.Request // to be answered
	lazy           []int           // pieces to tell of with the next message
	received, sent int64           // bytes of content
	granted        bool            // the limiter was asked for the next block
	due            time.Duration
}

func (c *Conn) onInterest(on bool) {
	if c.isInterested != on {
		c.isInterested, c.n.changed = on, true
		c.n.poke()
	}
}

func (c *Conn) onRequests(reqs []leech.Request) {
	var refused []leech.Request
	for _, r := range reqs {
		if !c.amChoking && c.n.have[r.Piece] {
			c.queue = append(c.queue, r)
		} else {
			refused = append(refused, r)
		}
	}
	c.reject(refused)
	c.out.Kick()
}

func (c *Conn) reject(reqs []leech.Request) {
	if len(reqs) == 0 {
		return
	}
	c.tell(func(p *Conn) {
		for _, r := range reqs {
			p.dl.Rejected(r)
		}
	})
}

func (c *Conn) onCancel(r leech.Request) {
	for i, q := range c.queue {
		if q == r {
			c.queue = append(c.queue[:i], c.queue[i+1:]...)
			c.reject([]leech.Request{r})
			return
		}
	}
}

// silent reports whether the node keeps what was asked for to itself.
func (c *Conn) silent() bool {
	return c.n.Hoard || c.n.Stall > 0 && c.n.time.Elapsed()-c.since >= c.n.Stall
}

// Waiting implements network.Source.
func (c *Conn) Waiting() bool {
	if c.closed || len(c.queue) == 0 || c.silent() {
		return false
	}
	n := c.n
	if n.up.Rate() == 0 {
		return true
	}
	if !c.granted {
		c.granted = true
		wait := n.up.Reserve(network.BlockLen, n.time.Now())
		c.due = n.time.Elapsed() + wait
		if wait > 0 {
			n.time.At(c.due, events.Step, n.Host.ID, n.Host.ID, c.out.Kick)
		}
	}
	return n.time.Elapsed() >= c.due
}

// Next implements network.Source.
func (c *Conn) Next() (network.Block, bool) {
	r := c.queue[0]
	c.queue = c.queue[1:]
	c.granted = false
	c.said = c.n.time.Elapsed()
	c.sent += pipeline.BlockLen
	c.n.Stats.Up++
	if len(c.lazy) > 0 {
		c.tell(nil)
	}
	b := network.Block{Piece: r.Piece, Index: r.Block, Content: leech.Truth(int(r.Piece), int(r.Block))}
	if c.n.Lie > 0 && c.n.rng.Float64() < c.n.Lie {
		b.Content = ^b.Content
	}
	return b, true
}

// returnGrant gives back what the limiter granted and was not used.
func (c *Conn) returnGrant() {
	if c.granted {
		c.granted = false
		c.n.up.Return(network.BlockLen, c.n.time.Now())
	}
}

// rechoke carries out what the choker says. Between its rounds it is asked only
// when something has changed: it would say nothing else.
func (n *Node) rechoke() {
	if !n.changed && n.time.Elapsed()-n.round < choker.RechokePeriod {
		return
	}
	if n.changed = false; n.time.Elapsed()-n.round >= choker.RechokePeriod {
		n.round = n.time.Elapsed()
	}
	now := n.time.Now()
	states := make([]choker.PeerState, 0, len(n.conns))
	for _, c := range n.conns {
		st := choker.PeerState{
			ID: c.id, Interested: c.isInterested && !n.FreeRide, Connected: now.Add(c.since - n.time.Elapsed()),
			Downloaded: c.received, Uploaded: c.sent, Weight: 1,
		}
		if since, ok := c.dl.AwaitingSince(); ok {
			st.AwaitingSince = now.Add(since - n.time.Elapsed())
		}
		states = append(states, st)
	}
	for _, ch := range n.choke.Rechoke(now, states) {
		c := n.byID[ch.ID]
		switch {
		case c == nil:
		case ch.Unchoke:
			c.amChoking = false
			n.serving++
			c.tell(func(p *Conn) { p.dl.Unchoked() })
		default:
			c.onSlotLost()
		}
	}
}

// onSlotLost stops answering the peer; what it asked for is rejected.
func (c *Conn) onSlotLost() {
	c.amChoking = true
	c.n.serving--
	dropped := c.queue
	c.queue = nil
	c.tell(func(p *Conn) {
		p.dl.Choked()
		for _, r := range dropped {
			p.dl.Rejected(r)
		}
	})
}

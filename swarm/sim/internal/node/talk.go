package node

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/pipeline"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

var (
	_ leech.Requester = (*Conn)(nil)
	_ network.Source  = (*Conn)(nil)
	_ network.Sink    = (*Conn)(nil)
)

// Request implements leech.Requester.
func (c *Conn) Request(reqs []leech.Request) {
	c.tell(func(p *Conn) { p.onRequests(reqs) })
}

// Cancel implements leech.Requester.
func (c *Conn) Cancel(reqs []leech.Request) {
	c.tell(func(p *Conn) {
		for _, r := range reqs {
			p.onCancel(r)
		}
	})
}

// Land implements network.Sink: a block has arrived.
func (c *Conn) Land(b network.Block) (busy time.Duration) {
	if c.closed {
		return 0
	}
	n := c.n
	c.heard = n.time.Elapsed()
	n.Stats.Down++
	c.received += pipeline.BlockLen
	n.senders[c.id] = c.peer.n
	return c.dl.Land(b)
}

func (c *Conn) onBitfield(have []bool, full bool) {
	c.dl.HasSet(have, full)
	c.updateInterest()
	c.partSeeds()
}

func (c *Conn) onHave(i int) {
	c.dl.Has(i)
	if !c.n.have[i] {
		c.updateInterest()
	}
	c.partSeeds()
}

func (c *Conn) updateInterest() {
	if c.closed {
		return
	}
	want := c.dl.Interesting()
	if want == c.amInterested {
		return
	}
	c.amInterested = want
	c.tell(func(p *Conn) { p.onInterest(want) })
}

// partSeeds ends the connection if it serves nobody.
func (c *Conn) partSeeds() {
	if !c.closed && c.n.leech.Pick.Left() == 0 && c.dl.Seed() {
		c.Close()
	}
}

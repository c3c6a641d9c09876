package node

import "time"

// release gives up all requests and pieces.
func (c *Conn) release() {
	for _, a := range c.asks {
		a.piece.giveBack(a.block)
		c.rouse = true
	}
	c.asks = nil
	for _, p := range c.work {
		if !p.done() {
			c.rouse = c.rouse || p.lacking()
			c.n.leave(c.id, p)
		}
	}
	c.work = nil
}

// settle lets others have the pieces of a peer that may not be asked for more of
// them now.
func (c *Conn) settle() {
	if len(c.asks) == 0 && len(c.work) > 0 && (c.choked || c.n.time.Elapsed() < c.hold) {
		c.release()
	}
}

// unlock wakes others if they may find something to ask for now.
func (c *Conn) unlock() {
	if c.rouse {
		c.rouse = false
		c.n.wake()
	}
}

// leave ends the downloading half.
func (c *Conn) leave() {
	c.release()
	n := c.n
	if c.has.all {
		n.pick.LoseAll()
	} else {
		n.pick.LoseSet(&c.has)
	}
	n.pick.LeaveAll(c.id)
	n.wake()
}

// wake makes peers that have nothing to do look again, and again if what they
// found lets others find more.
func (n *Node) wake() {
	for more := n.online; more; {
		more = false
		for _, c := range append([]*Conn(nil), n.conns...) {
			if !c.idle || c.closed {
				continue
			}
			c.idle = false
			c.fill()
			more = more || c.rouse
			c.rouse = false
		}
	}
}

func (c *Conn) onUnchoke() {
	if c.choked {
		c.choked, c.snubbed, c.hold = false, false, 0
		c.last = c.n.time.Elapsed()
	}
	c.fill()
}

// onChoke: what was asked for is answered or rejected still (BEP 6).
func (c *Conn) onChoke() {
	c.choked = true
	c.settle()
}

// maxHold bounds for how long a peer is left alone that rejects whatever it is
// asked for, or does not answer.
const maxHold = 60 * time.Second

func (c *Conn) onReject(r request) {
	p, ok := c.answer(r.piece, r.block)
	if !ok {
		return
	}
	p.giveBack(int(r.block))
	c.rouse = true
	now := c.n.time.Elapsed()
	if !c.choked && now >= c.hold {
		c.hold = now + min(time.Second<<min(c.rejects, 6), maxHold)
		c.rejects++
	}
	c.settle()
}

// look is what a peer's downloading half does once a second.
func (c *Conn) look() {
	now := c.n.time.Now()
	c.fill()
	if slow := c.win.Stalled(now); slow != c.slow {
		c.slow = slow
		c.rouse = c.rouse || slow
		c.n.pick.Slow(c.id, slow)
	}
	if c.win.Snubbed(now) && len(c.asks) > 0 {
		var reqs []request
		for _, a := range c.asks {
			reqs = append(reqs, request{int32(a.piece.index), int32(a.block)})
		}
		c.tell(func(p *Conn) {
			for _, r := range reqs {
				p.onCancel(r)
			}
		})
		c.release()
		c.snubbed, c.hold = true, c.n.time.Elapsed()+maxHold
	}
	c.unlock()
}

func (c *Conn) onBitfield(have []bool, full bool) {
	if full {
		c.has = set{all: true}
		c.count = len(have)
		c.n.pick.GainAll()
	} else {
		c.has = set{bits: have}
		c.count = 0
		for _, h := range have {
			if h {
				c.count++
			}
		}
		c.n.pick.GainSet(&c.has)
	}
	c.nudge()
	c.updateInterest()
	c.partSeeds()
}

func (c *Conn) onHave(i int) {
	if !c.has.Has(i) {
		c.has.bits[i] = true
		c.count++
		c.n.pick.Gain(i)
	}
	c.nudge()
	if !c.n.have[i] {
		c.updateInterest()
	}
	c.partSeeds()
}

// nudge looks for work, for this peer and then for those whom that helps.
func (c *Conn) nudge() {
	if c.idle {
		c.idle = false
		c.fill()
	}
}

func (c *Conn) updateInterest() {
	if c.closed {
		return
	}
	want := c.n.pick.Interested(&c.has)
	if want == c.amInterested {
		return
	}
	c.amInterested = want
	c.tell(func(p *Conn) { p.onInterest(want) })
}

// partSeeds ends the connection if it serves nobody.
func (c *Conn) partSeeds() {
	if !c.closed && c.n.pick.Left() == 0 && c.count == c.n.Content.Pieces {
		c.Close()
	}
}

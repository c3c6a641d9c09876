package leech

import (
	"slices"
	"time"
)

// release gives up all requests and pieces.
func (c *Peer) release() {
	for _, a := range c.asks {
		a.piece.giveBack(a.block)
		c.rouse = true
	}
	c.asks = nil
	for _, p := range c.work {
		if !p.done() {
			c.rouse = c.rouse || p.lacking()
			c.l.leave(c.ID, p)
		}
	}
	c.work = nil
}

// settle lets others have the pieces of a peer that may not be asked for more of
// them now.
func (c *Peer) settle() {
	if len(c.asks) == 0 && len(c.work) > 0 && (c.choked || c.l.time.Elapsed() < c.hold) {
		c.release()
	}
}

// unlock wakes others if they may find something to ask for now.
func (c *Peer) unlock() {
	if c.rouse {
		c.rouse = false
		c.l.wake()
	}
}

// Leave removes the peer and gives back what it was asked for.
func (c *Peer) Leave() {
	c.gone = true
	c.release()
	l := c.l
	if at := slices.Index(l.peers, c); at >= 0 {
		l.peers = slices.Delete(l.peers, at, at+1)
	}
	c.lose()
	l.Pick.LeaveAll(c.ID)
	l.wake()
}

func (c *Peer) lose() {
	if c.has.all {
		c.l.Pick.LoseAll()
	} else {
		c.l.Pick.LoseSet(&c.has)
	}
}

// wake makes peers that have nothing to do look again, and again if what they
// found lets others find more.
func (l *Leech) wake() {
	for more := true; more; {
		more = false
		for _, c := range l.peers {
			if !c.idle {
				continue
			}
			c.idle = false
			c.fill()
			more = more || c.rouse
			c.rouse = false
		}
	}
}

// Unchoked reports that the peer answers requests from now on.
func (c *Peer) Unchoked() {
	if c.choked {
		c.choked, c.snubbed, c.hold = false, false, 0
		c.last = c.l.time.Elapsed()
	}
	c.fill()
}

// Choked reports that the peer will reject what it does not answer (BEP 6).
func (c *Peer) Choked() {
	c.choked = true
	c.settle()
}

// maxHold bounds for how long a peer is left alone that rejects whatever it is
// asked for, or does not answer.
const maxHold = 60 * time.Second

// Rejected reports that the peer will not answer a request (BEP 6).
func (c *Peer) Rejected(r Request) {
	p, ok := c.answer(r.Piece, r.Block)
	if !ok {
		return
	}
	p.giveBack(int(r.Block))
	c.rouse = true
	now := c.l.time.Elapsed()
	if !c.choked && now >= c.hold {
		c.hold = now + min(time.Second<<min(c.rejects, 6), maxHold)
		c.rejects++
	}
	c.settle()
}

// Tick looks at requests that take too long. It is called once a second.
func (c *Peer) Tick() {
	now := c.l.time.Now()
	c.fill()
	if slow := c.win.Stalled(now); slow != c.slow {
		c.slow = slow
		c.rouse = c.rouse || slow
		c.l.Pick.Slow(c.ID, slow)
	}
	if c.win.Snubbed(now) && len(c.asks) > 0 {
		var reqs []Request
		for _, a := range c.asks {
			reqs = append(reqs, Request{int32(a.piece.index), int32(a.block)})
		}
		c.out.Cancel(reqs)
		c.release()
		c.snubbed, c.hold = true, c.l.time.Elapsed()+maxHold
	}
	c.unlock()
}

// Wake lets others use what this peer gave back, if anything.
func (c *Peer) Wake() { c.unlock() }

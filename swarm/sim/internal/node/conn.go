package node

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/pulse"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// Conn is one end of a connection, as package peer sees it.
type Conn struct {
	n        *Node
	peer     *Conn // the other end
	out      *network.Pipe
	id       int32
	at       netip.AddrPort // where it was dialled or comes from
	incoming bool
	since    time.Duration
	closed   bool
	heard    time.Duration // the last sign of life
	said     time.Duration

	amChoking, amInterested bool
	isInterested            bool

	dl *leech.Peer
	seed
}

// reqq is how many requests are accepted at a time.
const reqq = 512

// enter makes c one of the connections of its node.
func (c *Conn) enter() {
	n := c.n
	n.next++
	c.id, c.since, c.amChoking = n.next, n.time.Elapsed(), true
	c.heard, c.said = c.since, c.since
	c.dl = n.leech.Join(c.id, reqq, c)
	c.out = network.NewPipe(n.Host, c.peer.n.Host, c, c.peer)
	n.conns = append(n.conns, c)
	n.byID[c.id] = c
	n.changed = true
}

// introduce tells the peer what we have.
func (c *Conn) introduce() {
	have := append([]bool(nil), c.n.have...)
	full := c.n.Full()
	c.tell(func(p *Conn) { p.onBitfield(have, full) })
}

// tell delivers a message to the other end, and with it what could wait.
func (c *Conn) tell(do func(p *Conn)) {
	c.said = c.n.time.Elapsed()
	lazy := c.lazy
	c.lazy = nil
	p := c.peer
	c.out.Tell(func() {
		if p.closed {
			return
		}
		p.heard = p.n.time.Elapsed()
		if do != nil {
			do(p)
		}
		for _, i := range lazy {
			if !p.closed {
				p.onHave(i)
			}
		}
		p.dl.Wake()
	})
}

// Close ends the connection. The other end learns of it later.
func (c *Conn) Close() {
	if c.closed {
		return
	}
	c.depart()
	c.out.Close()
	c.n.time.After(c.n.net.Delay(c.n.Host, c.peer.n.Host), events.Told, c.n.Host.ID, c.peer.n.Host.ID, c.hangUp)
}

// hangUp tells the other end, once it can be reached.
func (c *Conn) hangUp() {
	if c.peer.closed {
		return
	}
	if c.n.net.Apart(c.n.Host, c.peer.n.Host) {
		c.n.time.After(time.Second, events.Told, c.n.Host.ID, c.peer.n.Host.ID, c.hangUp)
		return
	}
	c.peer.depart()
	c.peer.out.Close()
}

// depart takes c out of the books of its node.
func (c *Conn) depart() {
	n := c.n
	c.closed = true
	for i, o := range n.conns {
		if o == c {
			n.conns = append(n.conns[:i], n.conns[i+1:]...)
			break
		}
	}
	delete(n.byID, c.id)
	n.changed = true
	n.mgr.Closed(c.at, n.time.Now())
	c.returnGrant()
	if !c.amChoking {
		c.amChoking = true
		n.serving--
	}
	c.dl.Leave()
	n.poke()
}

func (c *Conn) tick(long bool) {
	if c.closed {
		return
	}
	now := c.n.time.Elapsed()
	sign, err := c.dl.Judge(pulse.Signs{Read: now - c.heard, Write: now - c.said, Writing: c.out.Stuck()}, c.peer.out.Moving(), c.received)
	if err != nil {
		c.expel(err)
		return
	}
	if sign || len(c.lazy) > 0 {
		c.tell(nil)
	}
	c.out.Kick()
	c.dl.Tick()
	if long {
		c.updateInterest()
	}
}

// expel ends the connection for what the peer did not do.
func (c *Conn) expel(why error) {
	c.Close()
	if n, peer := c.n, c.peer.n.Addr; n.conduct.Note(peer.Addr(), why, c.received, c.sent, n.time.Now()) {
		n.mgr.Shun(n.time.Now(), peer)
	}
}

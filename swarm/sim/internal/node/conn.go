package node

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/pipeline"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
	"net/netip"
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

	leech
	seed
}

// How long a connection may be without a sign of life, and how long before one
// is given.
const (
	silence   = 150 * time.Second
	keepalive = 100 * time.Second
	stuckTime = 60 * time.Second
)

// reqq is how many requests are accepted at a time.
const reqq = 512

// enter makes c one of the connections of its node.
func (c *Conn) enter() {
	n := c.n
	n.next++
	c.id, c.since = n.next, n.time.Elapsed()
	c.heard, c.said = c.since, c.since
	c.amChoking, c.choked = true, true
	c.win = pipeline.New(reqq)
	c.has = set{bits: make([]bool, n.Content.Pieces)}
	c.out = network.NewPipe(n.Host, c.peer.n.Host, c, c.peer)
	n.conns = append(n.conns, c)
	n.byID[c.id] = c
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
		p.unlock()
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
	n.mgr.Closed(c.at, n.time.Now())
	c.returnGrant()
	c.leave()
	n.poke()
}

func (c *Conn) tick(long bool) {
	if c.closed {
		return
	}
	now := c.n.time.Elapsed()
	switch {
	case c.out.Stuck() > stuckTime, now-c.heard > silence:
		c.Close()
		return
	case now-c.said > keepalive:
		c.tell(nil)
	}
	if len(c.lazy) > 0 {
		c.tell(nil)
	}
	c.out.Kick()
	c.look()
	if long {
		c.updateInterest()
	}
}

// dialMore starts the dials that are due.
func (n *Node) dialMore() {
	for n.online {
		a, ok := n.mgr.Next(n.time.Now())
		if !ok {
			return
		}
		n.dial(a)
	}
}

// dial makes one attempt. A connection takes a round trip for TCP, one for TLS
// and one for the handshakes.
func (n *Node) dial(a conns.Attempt) {
	to, session := n.world.At(a.Addr), n.session
	wait := a.Timeout
	reached := to != nil && n.net.Reaches(n.Host, to.Host)
	if reached {
		wait = 3 * (n.net.Delay(n.Host, to.Host) + n.net.Delay(to.Host, n.Host))
	}
	other := n.Host.ID
	if to != nil {
		other = to.Host.ID
	}
	n.time.After(wait, events.Dialled, n.Host.ID, other, func() {
		if n.session != session || !n.online {
			return
		}
		n.dialled(a, to, reached)
		n.poke()
	})
}

func (n *Node) dialled(a conns.Attempt, to *Node, reached bool) {
	now := n.time.Now()
	switch {
	case !reached:
		n.mgr.Result(a, conns.TimedOut, now)
		return
	case !to.online:
		n.mgr.Result(a, conns.Refused, now)
		return
	}
	n.next++
	from := netip.AddrPortFrom(n.Addr.Addr(), uint16(32768+n.next%16384))
	c := &Conn{n: n, at: a.Addr}
	d := &Conn{n: to, at: from, incoming: true, peer: c}
	c.peer = d
	if !c.admitted() || !d.admitted() {
		n.mgr.Result(a, conns.Duplicate, now)
		return
	}
	if !n.mgr.Result(a, conns.Connected, now) {
		return
	}
	evicted, ok := to.mgr.Accept(from, now)
	if !ok {
		n.mgr.Closed(a.Addr, now)
		return
	}
	to.part(evicted)
	c.replace()
	d.replace()
	c.enter()
	d.enter()
	c.introduce()
	d.introduce()
}

// part closes the connection that had to make room.
func (n *Node) part(evicted netip.AddrPort) {
	for _, c := range n.conns {
		if evicted.IsValid() && c.at == evicted {
			c.Close()
			return
		}
	}
}

// rival returns the connection with the same node, if there is one.
func (c *Conn) rival() *Conn {
	for _, o := range c.n.conns {
		if o.peer.n == c.peer.n {
			return o
		}
	}
	return nil
}

func (c *Conn) admitted() bool {
	if c.n == c.peer.n {
		return false
	}
	o := c.rival()
	return o == nil || greeting.Replaces(c.met(), o.met(), c.n.peerID(), c.peer.n.peerID())
}

func (c *Conn) replace() {
	if o := c.rival(); o != nil {
		o.Close()
	}
}

func (c *Conn) met() greeting.Conn {
	return greeting.Conn{Incoming: c.incoming, Addr: c.peer.n.Addr.Addr()}
}

func (n *Node) peerID() (id [20]byte) {
	a := n.Addr.Addr().As4()
	copy(id[:], a[:])
	return id
}

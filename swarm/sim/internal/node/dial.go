package node

import (
	"net/netip"

	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
)

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
	reached := n.net.Reaches(n.Host, to.Host)
	if reached {
		wait = 3 * (n.net.Delay(n.Host, to.Host) + n.net.Delay(to.Host, n.Host))
	}
	n.time.After(wait, events.Dialled, n.Host.ID, to.Host.ID, func() {
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
	if !c.admitted() || !d.admitted() || to.conduct.Out(from.Addr(), now) {
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

package bound

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// packetConn is a UDP socket by the interface.
type packetConn struct {
	*sock[net.PacketConn]

	dmu      sync.Mutex
	deadline time.Time // for reading
	losses   int       // of inner that a reader was told of
	moved    chan struct{}
}

func newPacketConn(k *sock[net.PacketConn]) *packetConn {
	return &packetConn{sock: k, moved: make(chan struct{})}
}

// ReadFrom reads a datagram. Each time the socket below goes, one read fails with a
// [*DownError]; while the interface is away further ones wait, up to the deadline.
func (c *packetConn) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		inner, there, changed, err := c.current()
		if err != nil {
			return 0, nil, c.wrap("read", err)
		}
		if err := c.lost(); err != nil {
			return 0, nil, c.wrap("read", err)
		}
		if !there {
			if err := c.wait(changed); err != nil {
				return 0, nil, c.wrap("read", err)
			}
			continue
		}
		c.dmu.Lock()
		_ = inner.SetReadDeadline(c.deadline) // on a closed one the read says it
		c.dmu.Unlock()
		n, from, err := inner.ReadFrom(p)
		if err == nil || errors.Is(err, os.ErrDeadlineExceeded) || !c.replaced(changed) {
			return n, from, err
		}
	}
}

// lost returns an error if the socket below has gone and no reader knows.
func (c *packetConn) lost() error {
	c.mu.Lock()
	n := c.sock.losses
	c.mu.Unlock()
	c.dmu.Lock()
	defer c.dmu.Unlock()
	if c.losses == n {
		return nil
	}
	c.losses = n
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	return c.b.state.Down(c.b.cfg.Interface)
}

// wait waits until the interface is back, or the deadline has passed.
func (c *packetConn) wait(changed <-chan struct{}) error {
	c.dmu.Lock()
	at, moved := c.deadline, c.moved
	c.dmu.Unlock()
	var late <-chan time.Time
	if !at.IsZero() {
		t := time.NewTimer(time.Until(at))
		defer t.Stop()
		late = t.C
	}
	select {
	case <-changed:
	case <-moved:
	case <-late:
		return os.ErrDeadlineExceeded
	}
	return nil
}

// WriteTo sends a datagram. The error matches [*DownError] while the interface is
// away.
func (c *packetConn) WriteTo(p []byte, to net.Addr) (int, error) {
	inner, there, _, err := c.current()
	if err != nil {
		return 0, c.wrap("write", err)
	}
	c.b.mu.Lock()
	s := c.b.state
	c.b.mu.Unlock()
	if !there || s.Why != "" {
		return 0, c.wrap("write", s.Down(c.b.cfg.Interface))
	}
	if u, ok := to.(*net.UDPAddr); ok {
		if err := s.Reaches(u.AddrPort().Addr()); err != nil {
			return 0, c.wrap("write", err)
		}
	}
	return inner.WriteTo(p, to)
}

func (c *packetConn) wrap(op string, err error) error {
	return &net.OpError{Op: op, Net: "udp", Addr: c.LocalAddr(), Err: err}
}

// Close closes the socket.
func (c *packetConn) Close() error { return c.end(c) }

// LocalAddr returns where it is.
func (c *packetConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.local()) }

// SetDeadline sets that of reads: a write does not wait.
func (c *packetConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetWriteDeadline does nothing.
func (c *packetConn) SetWriteDeadline(time.Time) error { return nil }

// SetReadDeadline sets until when a read waits; the zero time means without end.
func (c *packetConn) SetReadDeadline(t time.Time) error {
	inner, there, _, err := c.current()
	if err != nil {
		return c.wrap("set", err)
	}
	c.dmu.Lock()
	defer c.dmu.Unlock()
	c.deadline = t
	close(c.moved)
	c.moved = make(chan struct{})
	if there {
		return inner.SetReadDeadline(t)
	}
	return nil
}

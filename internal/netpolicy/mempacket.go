package netpolicy

import (
	"context"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// datagrams is how many of them a socket in memory holds; further ones are
// lost, as they are on a network.
const datagrams = 256

// memPacketConn is a UDP socket in memory.
type memPacketConn struct {
	m     *Mem
	at    netip.AddrPort
	queue chan datagram

	mu       sync.Mutex
	closed   chan struct{}
	deadline chan struct{} // closed when it has passed; replaced with each deadline
	changed  chan struct{} // closed when that is replaced
	timer    *time.Timer
}

type datagram struct {
	from netip.AddrPort
	b    []byte
}

// ListenPacket opens a UDP socket on addr; an unspecified address means the
// host's own, port 0 a free one.
func (h memHost) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	at, err := h.parse(ctx, addr)
	if err == nil && (network == "udp4" && !at.Addr().Is4() || network == "udp6" && at.Addr().Is4()) {
		err = &net.AddrError{Err: "no address of " + network, Addr: addr}
	}
	if err != nil {
		return nil, packetError("listen", nil, err)
	}
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if at.Port() == 0 {
		at = netip.AddrPortFrom(at.Addr(), h.m.freePort(at.Addr()))
	}
	if h.m.packets[at] != nil {
		return nil, packetError("listen", net.UDPAddrFromAddrPort(at), syscall.EADDRINUSE)
	}
	c := &memPacketConn{
		m: h.m, at: at, queue: make(chan datagram, datagrams),
		closed: make(chan struct{}), deadline: make(chan struct{}), changed: make(chan struct{}),
	}
	h.m.packets[at] = c
	return c, nil
}

func (c *memPacketConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.at) }

func (c *memPacketConn) ReadFrom(p []byte) (int, net.Addr, error) {
	for {
		c.mu.Lock()
		deadline, changed := c.deadline, c.changed
		c.mu.Unlock()
		select {
		case <-c.closed: // first: a select would choose by chance
			return 0, nil, packetError("read", c.LocalAddr(), net.ErrClosed)
		case <-deadline:
			return 0, nil, packetError("read", c.LocalAddr(), os.ErrDeadlineExceeded)
		default:
		}
		select {
		case d := <-c.queue:
			return copy(p, d.b), net.UDPAddrFromAddrPort(d.from), nil
		case <-c.closed:
		case <-deadline:
		case <-changed:
		}
	}
}

// WriteTo sends a datagram. Where nobody listens it is lost without an error.
func (c *memPacketConn) WriteTo(p []byte, to net.Addr) (int, error) {
	select {
	case <-c.closed:
		return 0, packetError("write", to, net.ErrClosed)
	default:
	}
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, packetError("write", to, syscall.EINVAL)
	}
	at := udp.AddrPort()
	c.m.mu.Lock()
	far := c.m.packets[netip.AddrPortFrom(at.Addr().Unmap(), at.Port())]
	c.m.mu.Unlock()
	if far != nil {
		select {
		case far.queue <- datagram{c.at, append([]byte(nil), p...)}:
		default:
		}
	}
	return len(p), nil
}

func (c *memPacketConn) Close() error {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	if c.m.packets[c.at] != c {
		return packetError("close", c.LocalAddr(), net.ErrClosed)
	}
	delete(c.m.packets, c.at)
	close(c.closed)
	return c.SetReadDeadline(time.Time{})
}

func (c *memPacketConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetWriteDeadline does nothing: a write never waits.
func (c *memPacketConn) SetWriteDeadline(time.Time) error { return nil }

func (c *memPacketConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	passed := make(chan struct{})
	c.deadline = passed
	close(c.changed)
	c.changed = make(chan struct{})
	switch wait := time.Until(t); {
	case t.IsZero():
	case wait <= 0:
		close(passed)
	default:
		c.timer = time.AfterFunc(wait, func() { close(passed) })
	}
	return nil
}

func packetError(op string, addr net.Addr, err error) error {
	return &net.OpError{Op: op, Net: "udp", Addr: addr, Err: err}
}

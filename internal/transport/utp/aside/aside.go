// Package aside is the part of a UDP socket for what is not uTP: a net.PacketConn
// of its own for the DHT (BEP 5), which shares the port.
package aside

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// waiting is how many datagrams of others are kept until they are read.
const waiting = 256

// Conn is the part. Closing it leaves the socket open.
type Conn struct {
	sock   net.PacketConn
	clock  clock.Clock
	queue  chan other
	closed chan struct{}
	once   sync.Once

	mu       sync.Mutex
	deadline chan struct{} // closed when it has passed
	timer    *time.Timer
	used     bool // somebody reads
}

type other struct {
	from netip.AddrPort
	b    []byte
}

// New returns a part of a socket.
func New(sock net.PacketConn, c clock.Clock) *Conn {
	return &Conn{sock: sock, clock: c, queue: make(chan other, waiting), closed: make(chan struct{}), deadline: make(chan struct{})}
}

// Use says that somebody reads from now on; until then nothing is kept.
func (o *Conn) Use() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.used = true
}

// Take puts a datagram of the socket into the part.
func (o *Conn) Take(b []byte, from netip.AddrPort) {
	o.mu.Lock()
	used := o.used
	o.mu.Unlock()
	if !used {
		return
	}
	select {
	case o.queue <- other{from, append([]byte(nil), b...)}:
	default: // lost, as it might be on the way
	}
}

// ReadFrom reads what came.
func (o *Conn) ReadFrom(p []byte) (int, net.Addr, error) {
	o.mu.Lock()
	deadline := o.deadline
	o.mu.Unlock()
	select {
	case <-o.closed:
		return 0, nil, o.err("read", net.ErrClosed)
	case <-deadline:
		return 0, nil, o.err("read", os.ErrDeadlineExceeded)
	default:
	}
	select {
	case d := <-o.queue:
		return copy(p, d.b), net.UDPAddrFromAddrPort(d.from), nil
	case <-o.closed:
		return 0, nil, o.err("read", net.ErrClosed)
	case <-deadline:
		return 0, nil, o.err("read", os.ErrDeadlineExceeded)
	}
}

// WriteTo sends a datagram from the socket.
func (o *Conn) WriteTo(p []byte, to net.Addr) (int, error) {
	select {
	case <-o.closed:
		return 0, o.err("write", net.ErrClosed)
	default:
		return o.sock.WriteTo(p, to)
	}
}

// LocalAddr returns the address of the socket.
func (o *Conn) LocalAddr() net.Addr { return o.sock.LocalAddr() }

// Close ends reads; the socket stays.
func (o *Conn) Close() error {
	o.once.Do(func() { close(o.closed) })
	return nil
}

// SetDeadline is SetReadDeadline.
func (o *Conn) SetDeadline(t time.Time) error { return o.SetReadDeadline(t) }

// SetWriteDeadline does nothing: a write hardly waits.
func (o *Conn) SetWriteDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.PacketConn.
func (o *Conn) SetReadDeadline(t time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	passed := make(chan struct{})
	o.deadline = passed
	switch wait := t.Sub(o.clock.Now()); {
	case t.IsZero():
	case wait <= 0:
		close(passed)
	default:
		o.timer = time.AfterFunc(wait, func() { close(passed) })
	}
	return nil
}

func (o *Conn) err(op string, err error) error {
	return &net.OpError{Op: op, Net: "udp", Addr: o.LocalAddr(), Err: err}
}

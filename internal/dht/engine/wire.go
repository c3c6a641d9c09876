package engine

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// packet is one that passed the gate.
type packet struct {
	data []byte
	from netip.AddrPort
}

// wire is what the library takes for its socket.
type wire struct {
	local  netip.AddrPort
	send   func(b []byte, to netip.AddrPort) error
	in     chan packet
	once   sync.Once
	closed chan struct{}
}

// waiting is how many packets may wait for the engine; what comes on top is lost.
const waiting = 64

func newWire(local netip.AddrPort, send func([]byte, netip.AddrPort) error) *wire {
	return &wire{local: local, send: send, in: make(chan packet, waiting), closed: make(chan struct{})}
}

// offer gives the engine a packet, or drops it.
func (w *wire) offer(p packet) {
	select {
	case w.in <- p:
	default:
	}
}

// give waits until the engine takes a packet or is closed.
func (w *wire) give(p packet) {
	select {
	case w.in <- p:
	case <-w.closed:
	}
}

// ReadFrom implements net.PacketConn. It fails at the end alone: the library
// panics over an error before.
func (w *wire) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-w.in:
		return copy(b, p.data), net.UDPAddrFromAddrPort(p.from), nil
	case <-w.closed:
		return 0, nil, net.ErrClosed
	}
}

// WriteTo implements net.PacketConn.
func (w *wire) WriteTo(b []byte, to net.Addr) (int, error) {
	at := to.(*net.UDPAddr).AddrPort() // the engine knows no others
	if err := w.send(b, netip.AddrPortFrom(at.Addr().Unmap(), at.Port())); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close implements net.PacketConn.
func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

// LocalAddr implements net.PacketConn.
func (w *wire) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(w.local) }

// SetDeadline implements net.PacketConn; the engine sets none.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.PacketConn; the engine sets none.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.PacketConn; the engine sets none.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// Package segment moves many datagrams with one call where the system can
// (generic segmentation and receive offload of Linux), and one by one elsewhere.
//
// Without it a transfer over UDP spends most of its time entering the kernel.
package segment

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// MaxBytes is how many bytes of datagrams one call may move. Shorter buffers cut
// what is read.
const MaxBytes = 64 << 10

// ErrTooLong is returned by Probe for a datagram that does not fit the
// interface, or where nobody can tell.
var ErrTooLong = errors.New("datagram is too long to leave in one piece")

// Conn is a UDP socket. Its methods are safe for concurrent use.
type Conn struct {
	net.PacketConn
	udp     *net.UDPConn // nil for a socket of another make
	send    atomic.Bool  // the kernel splits
	receive bool         // the kernel joins
	v6      bool
	probing sync.Mutex
}

// New returns a Conn on c, which it owns from then on.
func New(c net.PacketConn) *Conn {
	s := &Conn{PacketConn: c}
	if s.udp, _ = c.(*net.UDPConn); s.udp != nil {
		s.v6 = c.LocalAddr().(*net.UDPAddr).IP.To4() == nil
		// A megabyte is what a fast path delivers while a goroutine waits for its
		// turn. The system may grant less.
		_ = s.udp.SetReadBuffer(buffer)
		_ = s.udp.SetWriteBuffer(buffer)
		s.setup()
	}
	return s
}

const buffer = 4 << 20

// Read reads datagrams of one sender into b: n bytes, of which each size are a
// datagram; the last may be shorter.
func (c *Conn) Read(b []byte) (n, size int, from netip.AddrPort, err error) {
	if c.udp == nil {
		var a net.Addr
		if n, a, err = c.ReadFrom(b); err != nil {
			return 0, 0, from, err
		}
		if u, ok := a.(*net.UDPAddr); ok {
			from = u.AddrPort()
		}
		return n, n, unmap(from), nil
	}
	n, size, from, err = c.read(b)
	return n, size, unmap(from), err
}

// Write sends b as datagrams of size bytes; the last may be shorter.
func (c *Conn) Write(b []byte, size int, to netip.AddrPort) error {
	if len(b) > size && c.send.Load() && c.writeJoined(b, size, to) {
		return nil
	}
	var err error
	for len(b) > 0 && err == nil {
		n := min(size, len(b))
		if c.udp != nil {
			_, err = c.udp.WriteToUDPAddrPort(b[:n], to)
		} else {
			_, err = c.WriteTo(b[:n], net.UDPAddrFromAddrPort(to))
		}
		b = b[n:]
	}
	return err
}

func unmap(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

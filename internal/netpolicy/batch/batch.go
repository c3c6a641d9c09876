// Package batch moves several datagrams with one system call, where there is one
// (recvmmsg and sendmmsg of Linux). A server of small datagrams spends most of its
// time in the kernel; half of that is the way there and back.
package batch

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

// Messages are datagrams that were read or are to be sent, with their buffers. They
// are used by one goroutine.
type Messages struct {
	list []ipv4.Message
}

// NewMessages returns n datagrams with buffers of size bytes.
func NewMessages(n, size int) *Messages {
	m := &Messages{list: make([]ipv4.Message, n)}
	for i := range m.list {
		m.list[i].Buffers = [][]byte{make([]byte, size)}
	}
	return m
}

// Len is how many datagrams there is room for.
func (m *Messages) Len() int { return len(m.list) }

// Read returns the i-th datagram that was read, and from where; IPv4 is not mapped
// into IPv6.
func (m *Messages) Read(i int) (b []byte, from netip.AddrPort) {
	msg := &m.list[i]
	if a, ok := msg.Addr.(*net.UDPAddr); ok {
		from = a.AddrPort()
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	}
	return msg.Buffers[0][:msg.N], from
}

// Buffer is where the i-th datagram to be sent may be put; it is empty.
func (m *Messages) Buffer(i int) []byte { return m.list[i].Buffers[0][:0] }

// Answer makes b the i-th datagram to be sent, to where the j-th of asked came from.
func (m *Messages) Answer(i int, b []byte, asked *Messages, j int) {
	m.list[i].Buffers[0], m.list[i].Addr = b, asked.list[j].Addr
}

// Conn is a UDP socket. Its methods are safe for concurrent use.
type Conn struct {
	plain net.PacketConn
	many  *ipv4.PacketConn // nil if there is no system call for it
}

// New returns a socket that reads and writes through c.
func New(c net.PacketConn) *Conn {
	b := &Conn{plain: c}
	if u, ok := c.(*net.UDPConn); ok {
		b.many = ipv4.NewPacketConn(u) // it reads sockets of both families
	}
	return b
}

// ReadBatch waits for datagrams and returns how many of m were read, at least one if
// there is no error.
func (c *Conn) ReadBatch(m *Messages) (int, error) {
	if c.many != nil {
		return c.many.ReadBatch(m.list, 0)
	}
	msg := &m.list[0]
	n, from, err := c.plain.ReadFrom(msg.Buffers[0])
	if err != nil {
		return 0, err
	}
	msg.N, msg.Addr = n, from
	return 1, nil
}

// WriteBatch sends the first n of m. What cannot be sent is lost, as any datagram may
// be; the error is the last one of those.
func (c *Conn) WriteBatch(m *Messages, n int) (err error) {
	for rest := m.list[:n]; len(rest) > 0; {
		if c.many == nil {
			if _, e := c.plain.WriteTo(rest[0].Buffers[0], rest[0].Addr); e != nil {
				err = e
			}
			rest = rest[1:]
			continue
		}
		sent, e := c.many.WriteBatch(rest, 0)
		if e != nil {
			err, sent = e, max(sent, 0)+1 // the first of the rest is not wanted
		}
		rest = rest[min(sent, len(rest)):]
	}
	return err
}

// Close closes the socket; who reads gets an error that matches net.ErrClosed.
func (c *Conn) Close() error { return c.plain.Close() }

// LocalAddr is where the socket listens.
func (c *Conn) LocalAddr() net.Addr { return c.plain.LocalAddr() }

package transport

import (
	"net"
	"sync/atomic"
)

// Conn is a connection whose first bytes were looked at. Read returns them
// again. One goroutine may read while another writes.
type Conn struct {
	net.Conn
	prefix  []byte
	drained atomic.Bool
}

func newConn(c net.Conn, prefix []byte) *Conn {
	p := &Conn{Conn: c, prefix: prefix}
	p.drained.Store(len(prefix) == 0)
	return p
}

// Read reads the bytes looked at, then the connection.
func (c *Conn) Read(p []byte) (int, error) {
	if c.drained.Load() {
		return c.Conn.Read(p)
	}
	n := copy(p, c.prefix)
	if c.prefix = c.prefix[n:]; len(c.prefix) == 0 {
		c.prefix = nil
		c.drained.Store(true)
	}
	return n, nil
}

// NetConn returns the TCP connection below, for those who can do more with it
// (writev, sendfile), once all bytes looked at were read. Until then, and if
// the connection is not TCP, it returns nil.
func (c *Conn) NetConn() *net.TCPConn {
	if !c.drained.Load() {
		return nil
	}
	t, _ := c.Conn.(*net.TCPConn)
	return t
}

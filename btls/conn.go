package btls

import (
	"crypto/tls"
	"net"
)

// Conn is a TLS connection that carries the peer wire. Bytes that came in the
// same read as the HTTP exchange come out of Read first. One goroutine may
// read while another writes.
type Conn struct {
	*tls.Conn
	prefix []byte
}

var _ net.Conn = (*Conn)(nil)

// Read reads from the peer wire.
func (c *Conn) Read(p []byte) (int, error) {
	if len(c.prefix) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.prefix)
	if c.prefix = c.prefix[n:]; len(c.prefix) == 0 {
		c.prefix = nil
	}
	return n, nil
}

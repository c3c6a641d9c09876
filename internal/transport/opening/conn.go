package opening

import "net"

// Conn is a connection whose first bytes were looked at. Read returns them
// again. One goroutine may read while another writes.
type Conn struct {
	net.Conn
	prefix []byte
}

// Read reads the bytes looked at, then the connection.
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

package server

import (
	"net"
	"slices"
	"sync"
)

// strangers are the connections of those that have proved nothing so far, the
// oldest first.
type strangers struct {
	limit int

	mu     sync.Mutex
	list   []*stranger
	closed bool
}

// stranger is a connection that takes a place until it is closed or leaves.
type stranger struct {
	net.Conn
	among *strangers
	once  sync.Once
	gone  chan struct{}
}

// add takes a connection in and closes the oldest if there are too many. It
// returns nil, and closes c, after close.
func (s *strangers) add(c net.Conn) *stranger {
	n := &stranger{Conn: c, among: s, gone: make(chan struct{})}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		c.Close()
		return nil
	}
	var oldest *stranger
	if len(s.list) >= s.limit {
		oldest = s.list[0]
	}
	s.list = append(s.list, n)
	s.mu.Unlock()
	if oldest != nil {
		oldest.hangUp()
	}
	return n
}

// close closes all there are, and all that are to come.
func (s *strangers) close() {
	s.mu.Lock()
	s.closed = true
	all := slices.Clone(s.list)
	s.mu.Unlock()
	for _, c := range all {
		c.hangUp()
	}
}

// leave gives the place up. It reports whether it was still taken.
func (c *stranger) leave() (first bool) {
	c.once.Do(func() {
		first = true
		close(c.gone)
		c.among.mu.Lock()
		defer c.among.mu.Unlock()
		c.among.list = slices.DeleteFunc(c.among.list, func(o *stranger) bool { return o == c })
	})
	return first
}

// Close gives the place up and closes the connection. It does not wait.
func (c *stranger) Close() error {
	c.leave()
	return c.Conn.Close()
}

// hangUp is Close for those who have nothing to do with its error.
func (c *stranger) hangUp() { _ = c.Close() }

// NetConn returns the connection below.
func (c *stranger) NetConn() net.Conn { return c.Conn }

// strangerOf returns what lies below the TLS of a connection, nil if it did not
// come through a Listener.
func strangerOf(c net.Conn) *stranger {
	for {
		switch below := c.(type) {
		case *stranger:
			return below
		case interface{ NetConn() net.Conn }:
			c = below.NetConn()
		default:
			return nil
		}
	}
}

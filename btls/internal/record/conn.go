package record

import (
	"net"
	"sync"
	"time"
)

// Conn is a TLS 1.3 connection after its handshake. One goroutine may read
// while another writes.
type Conn struct {
	raw   net.Conn
	in    reader
	out   writer
	limit uint64 // see fresh; 0 for the default
}

var _ net.Conn = (*Conn)(nil)

// fresh is for how many records keys are used: half as many as may be at most
// (RFC 8446, section 5.5: AES-GCM is good for 2^24.5). crypto/tls never changes its
// keys unasked, so the peer is asked too.
func (c *Conn) fresh() uint64 {
	if c.limit > 0 {
		return c.limit
	}
	return 1 << 23
}

// closeTimeout bounds the last alert; crypto/tls gives it as long.
const closeTimeout = 5 * time.Second

// Close tells the peer that no more will come, unless a write is under way,
// and closes the connection.
func (c *Conn) Close() error {
	if c.out.mu.TryLock() {
		if c.out.err == nil {
			c.lastWords(alertWarning, alertCloseNotify)
			c.out.err = ErrClosed
		}
		c.out.mu.Unlock()
	}
	return c.raw.Close()
}

// NetConn returns the connection below.
func (c *Conn) NetConn() net.Conn { return c.raw }

// LocalAddr returns the address of this end.
func (c *Conn) LocalAddr() net.Addr { return c.raw.LocalAddr() }

// RemoteAddr returns the address of the other end.
func (c *Conn) RemoteAddr() net.Addr { return c.raw.RemoteAddr() }

// SetDeadline bounds reads and writes. After a write that ran out of time the
// connection cannot be written to any more.
func (c *Conn) SetDeadline(t time.Time) error { return c.raw.SetDeadline(t) }

// SetReadDeadline bounds reads, which can go on afterwards.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.raw.SetReadDeadline(t) }

// SetWriteDeadline bounds writes, as SetDeadline does.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.raw.SetWriteDeadline(t) }

// batchLen is how many bytes of records are read or written in one call: two
// records, of 1, 2, 4, 8 and 16 the fastest in BenchmarkTransfer, and little
// memory.
const batchLen = 2 * (maxContent + overhead)

// batches lends buffers to connections that have something to read or write
// at the moment.
var batches = sync.Pool{New: func() any { return new([batchLen]byte) }}

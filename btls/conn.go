package btls

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/record"
)

// Conn is a TLS connection that carries the peer wire. Bytes that came in the
// same read as the HTTP exchange come out of Read first. One goroutine may
// read while another writes.
type Conn struct {
	net.Conn // a *record.Conn, or what made the handshake where that is not possible
	prefix   []byte
	binding  [32]byte
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

// Padding says what is added to the records of a connection, so that their lengths
// say less.
type Padding = record.Padding

// What can be added: something to the first records of a connection, or to all that
// are small.
const (
	PadOpening = record.Opening // the default
	PadBuckets = record.Buckets
)

// SetPadding changes what is added to the records that follow. It does nothing to a
// connection that crypto/tls goes on with, which cannot pad.
func (c *Conn) SetPadding(p Padding) {
	if r, ok := c.Conn.(*record.Conn); ok {
		r.SetPadding(p)
	}
}

// Binding returns a value that both ends of this connection know and that no
// other connection has (RFC 9266): whatever is signed inside should cover it.
func (c *Conn) Binding() [32]byte { return c.binding }

// NetConn returns the connection below TLS.
func (c *Conn) NetConn() net.Conn {
	n, ok := c.Conn.(interface{ NetConn() net.Conn })
	if !ok {
		return nil
	}
	return n.NetConn()
}

// ofTLS does what newConn does with a connection of crypto/tls.
func ofTLS(tc *tls.Conn, behind []byte) (*Conn, error) {
	st := tc.ConnectionState()
	tap, _ := tc.NetConn().(*record.Tap)
	return newConn(tc, tap, hello.Of(&st), behind)
}

// newConn makes the peer's connection of tc, once the switch is made. tap is what
// tc lies on, nil if it lies on none. behind are bytes of the peer wire that were
// read already.
func newConn(tc net.Conn, tap *record.Tap, st hello.State, behind []byte) (*Conn, error) {
	binding, err := export(st, bindingLabel)
	if err != nil {
		return nil, err
	}
	c := &Conn{Conn: tc, prefix: behind, binding: binding}
	if tap == nil {
		return c, nil
	}
	fast, rest, err := tap.TakeOver(tc, st.CipherSuite)
	switch {
	case errors.Is(err, record.ErrNotPossible):
		return c, nil
	case err != nil:
		return nil, fmt.Errorf("btls: switch: %w", err)
	}
	c.Conn, c.prefix = fast, append(c.prefix, rest...)
	return c, nil
}

package record

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/warren-p2p/warren/btls/internal/schedule"
)

// Tap is the network as crypto/tls sees it: raw, one record at a time.
// The zero value is of no use; see [NewTap].
type Tap struct {
	net.Conn
	client bool

	// The key log is written by the goroutine of the handshake.
	clientSecret, serverSecret []byte

	// Read and Write may be called at the same time; each has its own fields.
	head    [headerLen]byte // of the record being read
	got     int             // bytes of head that are there
	left    int             // bytes of its body to come
	in, out uint64          // protected records since the handshake
	ahead   [aheadLen]byte
	r, w    int   // ahead[r:w] was read and not passed on
	probe   *half // of a server: what it sends after the handshake
	ready   bool  // the handshake is over
	refuse  bool
}

// aheadLen is how much is read at a time: a flight of a handshake fits in.
const aheadLen = 2 << 10

// NewTap returns the tap of one side of a connection.
func NewTap(raw net.Conn, client bool) *Tap { return &Tap{Conn: raw, client: client} }

// Config returns cfg as it is to be used with this tap.
func (t *Tap) Config(cfg *tls.Config) *tls.Config {
	cfg = cfg.Clone()
	cfg.KeyLogWriter = t.KeyLog()
	return cfg
}

// KeyLog returns what is to be told the secrets of the handshake.
func (t *Tap) KeyLog() io.Writer { return (*keyLog)(t) }

// keyLog reads the key log of crypto/tls.
type keyLog Tap

// Write takes one line: label, client random and secret (RFC 9850, section 2).
func (k *keyLog) Write(line []byte) (int, error) {
	f := bytes.Fields(line)
	if len(f) != 3 {
		return len(line), nil
	}
	var dst *[]byte
	switch string(f[0]) {
	case "CLIENT_TRAFFIC_SECRET_0":
		dst = &k.clientSecret
	case "SERVER_TRAFFIC_SECRET_0":
		dst = &k.serverSecret
	default:
		return len(line), nil
	}
	secret, err := hex.DecodeString(string(f[2]))
	if err != nil {
		return 0, fmt.Errorf("record: key log: %w", err)
	}
	*dst = secret
	return len(line), nil
}

// errWait is what a tap that takes the connection over answers to crypto/tls.
// To crypto/tls it is a deadline that passed, after which it can go on.
var errWait net.Error = &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}

// Read passes on no more than the end of the record.
func (t *Tap) Read(p []byte) (int, error) {
	if t.refuse {
		return 0, errWait
	}
	room := t.left
	if room == 0 {
		room = headerLen - t.got
	}
	p = p[:min(len(p), room)]
	n, err := t.read(p)
	t.follow(p[:n])
	return n, err
}

// read reads ahead, unless that would be a copy for nothing.
func (t *Tap) read(p []byte) (int, error) {
	if t.r == t.w {
		if len(p) >= len(t.ahead) {
			return t.Conn.Read(p)
		}
		n, err := t.Conn.Read(t.ahead[:])
		if n == 0 {
			return 0, err
		}
		t.r, t.w = 0, n // an error comes again
	}
	n := copy(p, t.ahead[t.r:t.w])
	t.r += n
	return n, nil
}

func (t *Tap) follow(p []byte) {
	if len(p) == 0 {
		return
	}
	if t.left == 0 {
		t.got += copy(t.head[t.got:], p)
		if t.got < headerLen {
			return
		}
		t.left = int(binary.BigEndian.Uint16(t.head[3:]))
	} else {
		t.left -= len(p)
	}
	if t.left > 0 {
		return
	}
	t.got = 0
	if t.head[0] == typeApplicationData {
		t.in++
	}
}

// Write writes p, which is whole records: crypto/tls writes nothing else.
func (t *Tap) Write(p []byte) (int, error) {
	for b := p; len(b) >= headerLen; {
		n := min(len(b), headerLen+int(binary.BigEndian.Uint16(b[3:])))
		if b[0] == typeApplicationData && (t.ready || t.isTicket(b[:n])) {
			t.out++
		}
		b = b[n:]
	}
	return t.Conn.Write(p)
}

// isTicket reports whether a record that a server sends during the handshake is
// protected by the secret of what comes after it: crypto/tls sends its tickets
// in one write with the end of its handshake.
func (t *Tap) isTicket(rec []byte) bool {
	if t.client || t.serverSecret == nil {
		return false
	}
	if t.probe == nil {
		h, err := newHalf(schedule.For(t.serverSecret), t.serverSecret, t.out)
		if err != nil {
			return false
		}
		t.probe = h
	}
	t.probe.seq = t.out
	_, _, err := t.probe.open(bytes.Clone(rec))
	return err == nil
}

// NetConn returns the connection below.
func (t *Tap) NetConn() net.Conn { return t.Conn }

// HandshakeDone is to be called when the handshake has returned, before
// anything else is read or written.
func (t *Tap) HandshakeDone() {
	t.ready = true
	t.in = 0
}

// TakeOver ends crypto/tls's part in the connection: tc, which lies on this
// tap, has this cipher suite, and which nobody uses at the time or afterwards,
// becomes a [Conn]. rest is what tc had decrypted and nobody had read. If the
// error is [ErrNotPossible], tc can be used further and rest comes before what
// it reads. tc is a *tls.Conn, or of a library that was made of crypto/tls: one
// that writes whole records and can go on after a deadline that passed.
func (t *Tap) TakeOver(tc io.Reader, cipherSuite uint16) (c *Conn, rest []byte, err error) {
	s, known := schedule.Of(cipherSuite)
	if !known || !t.ready || t.clientSecret == nil || t.serverSecret == nil || t.got > 0 {
		return nil, nil, ErrNotPossible
	}
	t.refuse = true
	defer func() { t.refuse = false }()
	var buf [4 << 10]byte
	for {
		n, err := tc.Read(buf[:])
		rest = append(rest, buf[:n]...)
		if errors.Is(err, errWait) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("record: take over: %w", err)
		}
	}
	ours, theirs := t.serverSecret, t.clientSecret
	if t.client {
		ours, theirs = theirs, ours
	}
	t.clientSecret, t.serverSecret = nil, nil
	c = &Conn{raw: t.Conn}
	if c.in.half, err = newHalf(s, theirs, t.in); err != nil {
		return nil, nil, err
	}
	if c.out.half = t.probe; t.probe == nil {
		c.out.half, err = newHalf(s, ours, t.out)
	}
	if err != nil {
		return nil, nil, err
	}
	c.out.half.seq = t.out
	c.in.begin(t.ahead[t.r:t.w])
	return c, rest, nil
}

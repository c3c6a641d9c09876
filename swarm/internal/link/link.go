// Package link runs one peer connection: a goroutine that reads and one that
// writes, and nothing that knows what a torrent is.
//
// The two loops are the hot path of the engine, and their shape follows from
// profiles of it:
//
//   - A block's payload is read straight to where it belongs ([Handler.Block]
//     says where); only headers and small messages pass through a buffer.
//   - Requests of the peer are collected for as long as bytes are buffered and
//     handed on in one batch, so that the writer can answer them with one
//     vectored read and one write of up to 256 KiB. Besides saving system
//     calls this gives TLS full 16 KiB records, which carry no rhythm of the
//     protocol inside.
//   - Nothing here sets a deadline per read: the owner calls [Conn.Signs] now
//     and then and closes what is silent for too long.
package link

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
	"github.com/warren-p2p/warren/swarm/internal/pulse"
)

// Handler receives what the peer sends. All methods are called by the reader
// goroutine, one at a time.
type Handler interface {
	// Block announces a piece message with n bytes of payload. It returns where
	// the payload goes (n bytes), or nil to have it read and dropped.
	Block(index, begin uint32, n int) []byte
	// BlockDone reports the end of the payload announced last: ok says whether
	// all of it arrived.
	BlockDone(ok bool)
	// Requests hands over requests of the peer. The slice is reused.
	Requests(reqs []peerwire.Request) error
	// Message hands over any other message; payload is valid during the call.
	Message(id peerwire.ID, payload []byte) error
}

// Source reads content for the peer.
type Source interface {
	// ReadVec fills bufs in order with the bytes of a piece from begin on.
	ReadVec(piece, begin int, bufs [][]byte) error
}

// Limiter says how long to wait before n more bytes may pass.
type Limiter interface {
	Reserve(n int, now time.Time) time.Duration
	// Return gives back what was reserved and not used.
	Return(n int, now time.Time)
	// Changed returns a channel that is closed when a limit changes: who waits
	// gives back what it reserved and asks anew.
	Changed() <-chan struct{}
	// Rate is the limit in bytes a second, 0 if there is none.
	Rate() int64
}

// Config is what a connection needs.
type Config struct {
	Conn      net.Conn
	Handler   Handler
	Source    Source
	Up, Down  Limiter
	Clock     clock.Clock
	Frames    *frame.Pool
	NumPieces int // bounds the length of a bitfield; see SetNumPieces
	// Records is set when the stream is made of TLS records: reads are then
	// cheap and small, and the record limit counts.
	Records    bool
	MaxRecords int64 // in one direction; 0 means the constant of that name
}

// Errors with which a connection ends.
var (
	ErrClosed  = errors.New("closed by us")
	ErrRecords = errors.New("tls record limit reached")
	ErrCut     = errors.New("peer hung up within a block")
)

// MaxRecords is how many TLS records may pass in one direction before the
// connection has to be replaced (RFC 8446, section 5.5, puts the limit of
// AES-GCM at 2^24.5).
const MaxRecords = 1 << 24

// Conn is a running peer connection.
type Conn struct {
	cfg Config
	r   reader
	out queue

	numPieces atomic.Int64

	received, sent        atomic.Int64 // payload bytes of blocks
	wireIn, wireOut       atomic.Int64 // all bytes
	recordsIn, recordsOut atomic.Int64
	lastRead, lastWrite   atomic.Int64 // unix nanoseconds
	writing, landing      atomic.Int64 // start of the write or block under way, or 0

	closeOnce sync.Once
	done      chan struct{}
	reason    error
}

// New prepares a connection. Nothing runs before [Conn.Run].
func New(cfg Config) *Conn {
	if cfg.MaxRecords == 0 {
		cfg.MaxRecords = MaxRecords
	}
	c := &Conn{cfg: cfg, done: make(chan struct{})}
	c.numPieces.Store(int64(cfg.NumPieces))
	c.out.init()
	c.r.init(c)
	now := cfg.Clock.Now().UnixNano()
	c.lastRead.Store(now)
	c.lastWrite.Store(now)
	return c
}

// Run reads until the connection ends and returns why. It waits for the
// writer.
func (c *Conn) Run() error {
	var wg sync.WaitGroup
	wg.Go(func() {
		w := writer{c: c, room: frame.First}
		if err := w.loop(); err != nil {
			c.Close(err)
		}
	})
	err := c.readLoop()
	c.Close(err)
	wg.Wait()
	c.r.release()
	return c.reason
}

// Close ends the connection with a reason (nil means [ErrClosed]). The first
// reason counts.
func (c *Conn) Close(reason error) {
	c.closeOnce.Do(func() {
		if reason == nil {
			reason = ErrClosed
		}
		c.reason = reason
		close(c.done)
		// The socket below TLS is closed at once: a close_notify alert could
		// block behind a peer that does not read.
		if t, ok := c.cfg.Conn.(interface{ NetConn() net.Conn }); ok {
			_ = t.NetConn().Close()
		}
		_ = c.cfg.Conn.Close()
	})
}

// Done is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// SetNumPieces tells the number of pieces once it is known.
func (c *Conn) SetNumPieces(n int) { c.numPieces.Store(int64(n)) }

// Stats are counters of a connection, in bytes.
type Stats struct {
	Received, Sent  int64 // payload of blocks, as far as it was wanted
	WireIn, WireOut int64 // everything
}

// Stats returns the counters.
func (c *Conn) Stats() Stats {
	return Stats{c.received.Load(), c.sent.Load(), c.wireIn.Load(), c.wireOut.Load()}
}

// Signs tells what the connection shows of the other end.
func (c *Conn) Signs(now time.Time) pulse.Signs {
	n := now.UnixNano()
	s := pulse.Signs{Read: time.Duration(n - c.lastRead.Load()), Write: time.Duration(n - c.lastWrite.Load()), In: c.wireIn.Load()}
	if at := c.writing.Load(); at != 0 {
		s.Writing = time.Duration(n - at)
	}
	if at := c.landing.Load(); at != 0 {
		s.Landing = time.Duration(n - at)
	}
	return s
}

// wait sleeps unless the connection ends first. again is true if a limit
// changed meanwhile.
func (c *Conn) wait(d time.Duration, changed <-chan struct{}) (again bool, err error) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return false, nil
	case <-changed:
		return true, nil
	case <-c.done:
		return false, c.reason
	}
}

package utp

import (
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/segment"
	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

// Conn is a connection. One goroutine may read while another writes.
type Conn struct {
	sock *Socket
	peer netip.AddrPort

	mu        sync.Mutex
	s         *stream.Stream
	accepting bool // not handed over yet
	gone      bool // the socket has forgotten it
	closed    bool // by our side
	timer     *time.Timer
	due       time.Time // of timer
	readers   waiting
	writers   waiting
}

// waiting is one who waits for something to change, until a deadline.
type waiting struct {
	changed sync.Cond
	expired bool
	timer   *time.Timer
}

func newConn(s *Socket, peer netip.AddrPort) *Conn {
	c := &Conn{sock: s, peer: peer}
	c.readers.changed.L, c.writers.changed.L = &c.mu, &c.mu
	return c
}

// sendID may be called without the lock: it never changes.
func (c *Conn) sendID() uint16 { return c.s.SendID() }

// LocalAddr returns the address of the socket.
func (c *Conn) LocalAddr() net.Addr { return c.sock.Addr() }

// RemoteAddr returns the address of the peer, a *net.UDPAddr.
func (c *Conn) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(c.peer) }

// Read reads what came.
func (c *Conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, opError("read", c, net.ErrClosed)
		case c.readers.expired:
			return 0, opError("read", c, os.ErrDeadlineExceeded)
		case len(p) == 0:
			return 0, nil
		case c.s.Readable():
			n := c.s.Read(p)
			if c.s.AckDue() {
				c.flush(c.sock.cfg.Clock.Now())
			}
			return n, nil
		case c.s.EOF():
			return 0, io.EOF
		case c.s.Dead():
			if err := c.s.Err(); err != nil {
				return 0, opError("read", c, asNet(err))
			}
			return 0, io.EOF
		}
		c.readers.changed.Wait()
	}
}

// Write returns once everything is buffered.
func (c *Conn) Write(p []byte) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return n, opError("write", c, net.ErrClosed)
		case c.writers.expired:
			return n, opError("write", c, os.ErrDeadlineExceeded)
		case c.s.Dead():
			if err := c.s.Err(); err != nil {
				return n, opError("write", c, asNet(err))
			}
			return n, opError("write", c, stream.ErrReset)
		case n == len(p):
			return n, nil
		}
		if m := c.s.Write(p[n:]); m > 0 {
			n += m
			c.flush(c.sock.cfg.Clock.Now())
			continue
		}
		c.writers.changed.Wait()
	}
}

// Close sends what was written, without waiting for it to arrive. Who still
// reads or writes gets net.ErrClosed.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	c.readers.stop()
	c.writers.stop()
	if c.s != nil { // else it was never begun
		c.s.Close()
		c.flush(c.sock.cfg.Clock.Now())
	}
	return nil
}

// abort ends the connection at once.
func (c *Conn) abort(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.Abort(err)
	c.flush(c.sock.cfg.Clock.Now())
}

// awaitOpen waits until the peer has answered.
func (c *Conn) awaitOpen() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.s.Open() {
		if c.s.Dead() {
			return c.s.Err()
		}
		c.readers.changed.Wait()
	}
	return nil
}

// finish follows packets that were handled. It releases the lock.
func (c *Conn) finish(now time.Time) {
	defer c.mu.Unlock()
	if c.accepting && c.s.Open() {
		c.accepting = false
		c.sock.confirmed(c)
	}
	c.flush(now)
}

// flush sends what is due, sets the timer, and wakes who waits. The caller holds
// the lock.
func (c *Conn) flush(now time.Time) {
	frame := c.sock.frames.Get().(*[]byte)
	b, size := (*frame)[:0], 0
	for {
		at := len(b)
		out, probe := c.s.Emit(b, now)
		n := len(out) - at
		switch {
		case n == 0:
		case probe:
			c.send(b, size)
			c.probe(out[at:])
			b, size = b[:0], 0
			continue
		case size == 0:
			size = n
		case n > size:
			c.send(b, size)
			b, size = append(b[:0], out[at:]...), n
			continue
		}
		b = out
		if n < size || len(b)+size > segment.MaxBytes { // the last of this call
			c.send(b, size)
			b, size = b[:0], 0
		}
		if n == 0 {
			break
		}
	}
	*frame = b[:0]
	c.sock.frames.Put(frame)
	c.settle(now)
}

func (c *Conn) send(b []byte, size int) {
	if len(b) > 0 {
		_ = c.sock.udp.Write(b, size, c.peer) // as if it were lost
	}
}

func (c *Conn) probe(b []byte) {
	if err := c.sock.udp.Probe(b, c.peer); err != nil {
		c.s.ProbeRefused()
	}
}

// settle sets the timer and wakes who waits.
func (c *Conn) settle(now time.Time) {
	if c.s.Readable() || c.s.EOF() || c.s.Dead() || c.s.Open() {
		c.readers.changed.Broadcast()
	}
	if c.s.Writable() || c.s.Dead() {
		c.writers.changed.Broadcast()
	}
	if c.s.Dead() {
		if c.timer != nil {
			c.timer.Stop()
		}
		if !c.gone {
			c.gone = true
			c.sock.forget(c)
		}
		return
	}
	d := c.s.Deadline()
	switch {
	case d.IsZero():
	case c.timer == nil:
		c.due = d
		c.timer = time.AfterFunc(d.Sub(now), c.tick)
	case c.due.IsZero() || d.Before(c.due): // one that fires early sets itself again
		c.due = d
		c.timer.Reset(d.Sub(now))
	}
}

// tick does what time demands.
func (c *Conn) tick() {
	if !c.sock.enter() {
		return
	}
	defer c.sock.timers.Done()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due = time.Time{}
	now := c.sock.cfg.Clock.Now()
	c.s.Tick(now)
	c.flush(now)
}

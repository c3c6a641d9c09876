package netpolicy

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// window is how many bytes a direction of a connection holds until they are
// read.
const window = 256 << 10

// memConn is one end of a connection in memory. As on TCP a write returns once
// its bytes are buffered, and a closed end is read to its last byte.
type memConn struct {
	in, out       *stream
	local, remote net.Addr
}

// pipe returns the two ends of a connection.
func pipe(a, b net.Addr) (near, far *memConn) {
	there, back := newStream(), newStream()
	return &memConn{back, there, a, b}, &memConn{there, back, b, a}
}

func (c *memConn) LocalAddr() net.Addr  { return c.local }
func (c *memConn) RemoteAddr() net.Addr { return c.remote }

func (c *memConn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.wrap("read", err)
}

func (c *memConn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	return n, c.wrap("write", err)
}

func (c *memConn) wrap(op string, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// CloseWrite ends this direction as TCP's FIN does; the other goes on.
func (c *memConn) CloseWrite() error {
	c.out.finish()
	return nil
}

func (c *memConn) Close() error {
	c.out.closeWriter()
	c.in.closeReader()
	return nil
}

func (c *memConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

func (c *memConn) SetReadDeadline(t time.Time) error {
	return c.wrap("set", c.in.setDeadline(&c.in.reader, t))
}

func (c *memConn) SetWriteDeadline(t time.Time) error {
	return c.wrap("set", c.out.setDeadline(&c.out.writer, t))
}

// stream is one direction of a connection.
type stream struct {
	mu             sync.Mutex
	changed        *sync.Cond
	buf            bytes.Buffer
	fin            bool // no more bytes will come
	reader, writer end
}

// end is the state of one side of a stream.
type end struct {
	closed  bool
	expired bool // the deadline has passed
	timer   *time.Timer
}

func newStream() *stream {
	s := &stream{}
	s.changed = sync.NewCond(&s.mu)
	return s
}

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.reader.closed:
			return 0, net.ErrClosed
		case s.reader.expired:
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case s.buf.Len() > 0:
			n, err := s.buf.Read(p)
			s.changed.Broadcast()
			return n, err
		case s.fin:
			return 0, io.EOF
		}
		s.changed.Wait()
	}
}

func (s *stream) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for done := 0; ; {
		switch {
		case s.writer.closed:
			return done, net.ErrClosed
		case s.writer.expired:
			return done, os.ErrDeadlineExceeded
		case s.fin:
			return done, syscall.EPIPE
		case s.reader.closed:
			return done, syscall.ECONNRESET
		case done == len(p):
			return done, nil
		}
		if room := window - s.buf.Len(); room > 0 {
			n, _ := s.buf.Write(p[done:min(len(p), done+room)]) // never fails
			done += n
			s.changed.Broadcast()
			if done == len(p) {
				return done, nil
			}
		}
		s.changed.Wait()
	}
}

// finish says that no more bytes will come.
func (s *stream) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fin = true
	s.changed.Broadcast()
}

func (s *stream) closeWriter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fin = true
	s.close(&s.writer)
}

func (s *stream) closeReader() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Reset()
	s.close(&s.reader)
}

// close ends one side. The caller holds mu.
func (s *stream) close(e *end) {
	e.closed = true
	if e.timer != nil {
		e.timer.Stop()
	}
	s.changed.Broadcast()
}

// setDeadline sets when an end gives up waiting; the zero time means never.
func (s *stream) setDeadline(e *end, t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	if e.timer != nil {
		e.timer.Stop()
		e.timer = nil
	}
	wait := time.Until(t)
	e.expired = !t.IsZero() && wait <= 0
	if !t.IsZero() && wait > 0 {
		var timer *time.Timer
		timer = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if e.timer == timer { // not replaced while it fired
				e.expired = true
				s.changed.Broadcast()
			}
		})
		e.timer = timer
	}
	s.changed.Broadcast()
	return nil
}

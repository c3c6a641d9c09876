package link

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// smallRead is the buffer of headers and small messages. With TLS a read is a
// copy out of a decrypted record, so a larger one would only copy more.
const smallRead = 4 << 10

// reader is a buffered reader that lends no more than it must: what is wanted
// at a place of its own goes there directly.
type reader struct {
	c    *Conn
	buf  []byte
	r, w int
	last int64 // bytes counted since the last clock reading
}

func (r *reader) init(c *Conn) {
	r.c = c
	r.buf = make([]byte, smallRead)
}

func (r *reader) release() { r.buf = nil }

func (r *reader) buffered() int { return r.w - r.r }

// read makes one read into p and keeps the counters.
func (r *reader) read(p []byte) (int, error) {
	n, err := r.c.cfg.Conn.Read(p)
	if n > 0 {
		r.c.wireIn.Add(int64(n))
		if r.c.cfg.Records && r.c.recordsIn.Add(1) >= r.c.maxRecords {
			return n, ErrRecords
		}
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

// need makes at least n bytes available in the buffer and returns them.
func (r *reader) need(n int) ([]byte, error) {
	if r.buffered() < n {
		if err := r.more(n); err != nil {
			return nil, err
		}
	}
	return r.buf[r.r : r.r+n], nil
}

func (r *reader) more(n int) error {
	if r.r > 0 {
		copy(r.buf, r.buf[r.r:r.w])
		r.w -= r.r
		r.r = 0
	}
	if n > len(r.buf) { // a long message; the length was checked by the caller
		grown := make([]byte, n)
		copy(grown, r.buf[:r.w])
		r.buf = grown
	}
	for r.w < n {
		m, err := r.read(r.buf[r.w:])
		r.w += m
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) skip(n int) { r.r += n }

// shrink gives back a buffer that grew for a long message.
func (r *reader) shrink() {
	if len(r.buf) > smallRead && r.buffered() <= smallRead {
		small := make([]byte, smallRead)
		r.w = copy(small, r.buf[r.r:r.w])
		r.r, r.buf = 0, small
	}
}

// full fills p: first from the buffer, the rest directly.
func (r *reader) full(p []byte) error {
	n := copy(p, r.buf[r.r:r.w])
	r.r += n
	for n < len(p) {
		m, err := r.read(p[n:])
		n += m
		if err != nil {
			return err
		}
	}
	return nil
}

// discard reads and drops n bytes.
func (r *reader) discard(n int) error {
	for n > 0 {
		if r.buffered() == 0 {
			if err := r.more(1); err != nil {
				return err
			}
		}
		m := min(n, r.buffered())
		r.skip(m)
		n -= m
	}
	return nil
}

// readLoop parses messages until the connection ends.
func (c *Conn) readLoop() error {
	var reqs []peerwire.Request
	for {
		if c.r.buffered() < 5 && len(reqs) > 0 {
			// About to wait for more: what was asked so far can be answered.
			if err := c.cfg.Handler.Requests(reqs); err != nil {
				return err
			}
			reqs = reqs[:0]
		}
		h, err := c.r.need(4)
		if err != nil {
			return err
		}
		n := binary.BigEndian.Uint32(h)
		if n == 0 { // keep-alive
			c.r.skip(4)
			c.touch()
			continue
		}
		if h, err = c.r.need(5); err != nil {
			return err
		}
		id := peerwire.ID(h[4])
		c.r.skip(5)
		if err := peerwire.CheckLength(id, n, int(c.numPieces.Load())); err != nil {
			return err
		}
		switch id {
		case peerwire.IDPiece:
			err = c.readBlock(int(n) - 9)
		case peerwire.IDRequest:
			reqs, err = c.readRequest(reqs)
		default:
			err = c.readMessage(id, int(n)-1)
		}
		if err != nil {
			return err
		}
	}
}

// touch notes that the peer is alive.
func (c *Conn) touch() time.Time {
	now := c.cfg.Clock.Now()
	c.lastRead.Store(now.UnixNano())
	return now
}

func (c *Conn) readBlock(n int) error {
	if n < 0 {
		return fmt.Errorf("piece message of %d bytes is too short", n+9)
	}
	h, err := c.r.need(8)
	if err != nil {
		return err
	}
	index, begin, err := peerwire.ParsePiece(h)
	if err != nil {
		return err
	}
	c.r.skip(8)
	dst := c.cfg.Handler.Block(index, begin, n)
	if dst == nil {
		err = c.r.discard(n)
	} else {
		err = c.r.full(dst[:n])
	}
	c.cfg.Handler.BlockDone(err == nil)
	if err != nil {
		return err
	}
	c.received.Add(int64(n))
	now := c.touch()
	if c.cfg.Down == nil {
		return nil
	}
	return c.wait(c.cfg.Down.Reserve(n, now))
}

// maxBatch bounds how many requests are collected before they are handed on.
const maxBatch = 256

func (c *Conn) readRequest(reqs []peerwire.Request) ([]peerwire.Request, error) {
	p, err := c.r.need(12)
	if err != nil {
		return reqs, err
	}
	req, err := peerwire.ParseRequest(p)
	if err != nil {
		return reqs, err
	}
	c.r.skip(12)
	reqs = append(reqs, req)
	if len(reqs) < maxBatch {
		if len(reqs) == 1 {
			c.touch()
		}
		return reqs, nil
	}
	return reqs[:0], c.cfg.Handler.Requests(reqs)
}

func (c *Conn) readMessage(id peerwire.ID, n int) error {
	p, err := c.r.need(n)
	if err != nil {
		return err
	}
	c.r.skip(n)
	c.touch()
	err = c.cfg.Handler.Message(id, p)
	c.r.shrink()
	return err
}

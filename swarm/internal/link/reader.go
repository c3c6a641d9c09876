package link

import (
	"encoding/binary"
	"io"

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
}

func (r *reader) init(c *Conn) {
	r.c = c
	r.buf = make([]byte, smallRead)
}

func (r *reader) release() { r.buf = nil }

func (r *reader) buffered() int { return r.w - r.r }

// requestLen is the length of a request message.
const requestLen = 17

// hasRequest reports whether the next message is a request that is here whole.
func (r *reader) hasRequest() bool {
	if r.buffered() < requestLen {
		return false
	}
	h := r.buf[r.r : r.r+5]
	return binary.BigEndian.Uint32(h) == requestLen-4 && peerwire.ID(h[4]) == peerwire.IDRequest
}

// read makes one read into p and keeps the counters.
func (r *reader) read(p []byte) (int, error) {
	n, err := r.c.cfg.Conn.Read(p)
	if n > 0 {
		r.c.wireIn.Add(int64(n))
		if r.c.cfg.Records && r.c.recordsIn.Add(1) >= r.c.cfg.MaxRecords {
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

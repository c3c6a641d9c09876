package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// smallLen is the buffer of a connection that reads little: it holds requests
// and other small messages, and the header of whatever is larger.
const smallLen = 1 << 10

// maxUseless is how many records without data may follow one another.
const maxUseless = 16

type reader struct {
	mu      sync.Mutex
	half    *half
	small   [smallLen]byte
	batch   *[batchLen]byte // lent while much is coming
	buf     []byte          // small or batch
	r, w    int             // buf[r:w] is still protected
	content []byte          // decrypted, in buf before r
	useless int
	asked   bool // the peer for other keys
	hs      handshake
	err     error // what ended reading
}

// Read reads what the peer wrote.
func (c *Conn) Read(p []byte) (int, error) {
	r := &c.in
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	for len(r.content) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		if err := c.readRecord(); err != nil {
			if e, ok := errors.AsType[net.Error](err); !ok || !e.Timeout() {
				r.err = err
				r.release()
			}
			return 0, err
		}
	}
	n := copy(p, r.content)
	r.content = r.content[n:]
	return n, nil
}

// readRecord reads one record and acts on it.
func (c *Conn) readRecord() error {
	r := &c.in
	rec, err := c.nextRecord()
	if err != nil {
		return err
	}
	content, contentType, err := r.half.open(rec)
	if err != nil {
		c.fail(err)
		return err
	}
	if contentType == typeApplicationData && len(content) > 0 {
		r.content, r.useless = content, 0
		if r.half.seq >= c.fresh()*5/4 { // one of ours has changed them before
			return c.askForKeys()
		}
		return nil
	}
	if r.useless++; r.useless > maxUseless {
		err = fmt.Errorf("%w: too many without data", ErrRecord)
	} else {
		err = c.control(contentType, content)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.fail(err)
	}
	return err
}

// nextRecord returns the next record, header included.
func (c *Conn) nextRecord() ([]byte, error) {
	r := &c.in
	if err := c.fill(headerLen); err != nil {
		if errors.Is(err, io.EOF) && r.r < r.w {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	head := r.buf[r.r:r.w]
	n := int(binary.BigEndian.Uint16(head[3:]))
	if head[0] != typeApplicationData || n <= tagLen || n > maxCipher {
		err := fmt.Errorf("%w: type %d, %d bytes", ErrRecord, head[0], n)
		c.fail(err)
		return nil, err
	}
	n += headerLen
	if err := c.fill(n); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // RFC 8446, section 6.1: cut off
		}
		return nil, err
	}
	rec := r.buf[r.r : r.r+n]
	r.r += n
	return rec, nil
}

// fill makes n bytes available at r. Nothing decrypted is left to read.
func (c *Conn) fill(n int) error {
	r := &c.in
	for r.w-r.r < n {
		switch {
		case r.r == r.w:
			// All is read. A buffer that was not needed is given back.
			if r.buf == nil || r.batch != nil && r.w < smallLen {
				r.release()
				r.buf = r.small[:]
			}
			r.r, r.w = 0, 0
		case r.r+n > len(r.buf):
			r.enlarge(n)
		}
		m, err := c.raw.Read(r.buf[r.w:])
		r.w += m
		if m == 0 && err == nil {
			err = io.ErrNoProgress
		}
		if err != nil && r.w-r.r < n {
			return err
		}
	}
	return nil
}

// begin takes what was read already and not looked at.
func (r *reader) begin(p []byte) {
	r.buf = r.small[:]
	if len(p) > smallLen {
		r.batch = batches.Get().(*[batchLen]byte)
		r.buf = r.batch[:]
	}
	r.w = copy(r.buf, p)
}

// enlarge makes room for n bytes from r on.
func (r *reader) enlarge(n int) {
	from := r.buf[r.r:r.w]
	if n > len(r.buf) {
		r.batch = batches.Get().(*[batchLen]byte)
		r.buf = r.batch[:]
	}
	r.r, r.w = 0, copy(r.buf, from)
}

func (r *reader) release() {
	if r.batch != nil {
		batches.Put(r.batch)
		r.batch = nil
	}
	r.buf = nil
	r.r, r.w = 0, 0
}

package record

import (
	"sync"
	"sync/atomic"
)

type writer struct {
	mu   sync.Mutex
	half *half
	err  error // what ended writing

	owed    atomic.Bool // the peer asked for other keys
	padding Padding
	records uint64
}

// Write sends p in records of 16 KiB, several in each write.
func (c *Conn) Write(p []byte) (int, error) {
	w := &c.out
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	batch := batches.Get().(*[batchLen]byte)
	defer batches.Put(batch)
	sent := 0
	for sent < len(p) {
		if w.owed.Swap(false) || w.half.seq >= c.fresh() {
			if err := c.changeKeys(false); err != nil {
				return sent, err
			}
		}
		n, content := 0, 0
		for rest := p[sent:]; len(rest) > 0 && n < batchLen; {
			m := min(len(rest), maxContent)
			pad := w.pad(m)
			rec := batch[n : n+m+pad+overhead]
			w.half.seal(rec, rest[:m], typeApplicationData, pad)
			n += len(rec)
			content += m
			rest = rest[m:]
		}
		if _, err := c.raw.Write(batch[:n]); err != nil {
			w.err = err // the peer has a part of a record
			return sent, err
		}
		sent += content
	}
	return sent, nil
}

// writeRecord sends one short record. The caller holds the lock.
func (c *Conn) writeRecord(contentType byte, content []byte) error {
	if c.out.err != nil {
		return c.out.err
	}
	rec := make([]byte, len(content)+overhead)
	c.out.half.seal(rec, content, contentType, 0)
	_, err := c.raw.Write(rec)
	c.out.err = err
	return err
}

// changeKeys tells the peer that what follows has other keys, and asks it to change
// its own as well (RFC 8446, section 4.6.3). The caller holds the lock.
func (c *Conn) changeKeys(ask bool) error {
	msg := []byte{keyUpdate, 0, 0, 1, 0}
	if ask {
		msg[4] = 1
	}
	if err := c.writeRecord(typeHandshake, msg); err != nil {
		return err
	}
	next, err := c.out.half.next()
	if err != nil {
		return err
	}
	c.out.half = next
	return nil
}

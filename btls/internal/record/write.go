package record

import "sync"

type writer struct {
	mu   sync.Mutex
	half *half
	err  error // what ended writing
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
		n, content := 0, 0
		for rest := p[sent:]; len(rest) > 0 && n < batchLen; {
			m := min(len(rest), maxContent)
			rec := batch[n : n+m+overhead]
			w.half.seal(rec, rest[:m], typeApplicationData)
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
	c.out.half.seal(rec, content, contentType)
	_, err := c.raw.Write(rec)
	c.out.err = err
	return err
}

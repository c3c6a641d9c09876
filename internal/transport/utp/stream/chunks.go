package stream

import "sync/atomic"

// chunks is a queue of bytes.
type chunks struct {
	list [][]byte
	n    int
}

// chunk is the least that is allocated when bytes are queued little by little.
const chunk = 4 << 10

func (c *chunks) write(p []byte) {
	if len(p) == 0 {
		return
	}
	c.n += len(p)
	if k := len(c.list); k > 0 {
		last := c.list[k-1]
		room := min(cap(last)-len(last), len(p))
		c.list[k-1] = append(last, p[:room]...)
		p = p[room:]
	}
	if len(p) > 0 {
		size := max(len(p), min(chunk, c.n))
		if c.n > 4*chunk {
			size = max(size, 16*chunk)
		}
		c.list = append(c.list, append(make([]byte, 0, size), p...))
	}
}

// skip drops n bytes from the first chunk, which has them.
func (c *chunks) skip(n int) {
	c.n -= n
	if c.list[0] = c.list[0][n:]; len(c.list[0]) > 0 {
		return
	}
	c.list[0] = nil
	if c.list = c.list[1:]; len(c.list) == 0 {
		c.list = nil
	}
}

func (c *chunks) read(p []byte) (n int) {
	for n < len(p) && c.n > 0 {
		m := copy(p[n:], c.list[0])
		c.skip(m)
		n += m
	}
	return n
}

// take returns the next n bytes, of which there are so many. They stay valid.
func (c *chunks) take(n int) []byte {
	if first := c.list[0]; len(first) >= n {
		c.skip(n)
		return first[:n:n]
	}
	b := make([]byte, n)
	c.read(b)
	return b
}

// Budget bounds the bytes that all streams of a socket hold. It is safe for
// concurrent use; a nil Budget bounds nothing.
type Budget struct {
	most int64
	used atomic.Int64
}

// NewBudget returns a budget of so many bytes.
func NewBudget(most int) *Budget { return &Budget{most: int64(most)} }

// Used returns how many bytes are held.
func (b *Budget) Used() int { return int(b.used.Load()) }

func (b *Budget) add(n int) {
	if b != nil {
		b.used.Add(int64(n))
	}
}

// over reports whether streams have to do with little.
func (b *Budget) over() bool { return b != nil && b.used.Load() > b.most }

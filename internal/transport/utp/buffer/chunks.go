// Package buffer holds the bytes of streams: queues of them, and a budget for all.
package buffer

// Chunks is a queue of bytes. The zero value is empty.
type Chunks struct {
	list [][]byte
	n    int
}

// chunk is the least that is allocated when bytes are queued little by little.
const chunk = 4 << 10

// Len returns how many bytes are queued.
func (c *Chunks) Len() int { return c.n }

// Write appends a copy of p.
func (c *Chunks) Write(p []byte) {
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

// Read moves bytes to p.
func (c *Chunks) Read(p []byte) (n int) {
	for n < len(p) && c.n > 0 {
		m := copy(p[n:], c.list[0])
		c.skip(m)
		n += m
	}
	return n
}

// Take returns the next n bytes, of which there are so many. They stay as they
// are.
func (c *Chunks) Take(n int) []byte {
	if first := c.list[0]; len(first) >= n {
		c.skip(n)
		return first[:n:n]
	}
	b := make([]byte, n)
	c.Read(b)
	return b
}

// skip drops n bytes from the first chunk, which has them.
func (c *Chunks) skip(n int) {
	c.n -= n
	if c.list[0] = c.list[0][n:]; len(c.list[0]) > 0 {
		return
	}
	c.list[0] = nil
	if c.list = c.list[1:]; len(c.list) == 0 {
		c.list = nil
	}
}

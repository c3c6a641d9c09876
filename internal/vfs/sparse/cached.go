package sparse

import "math/rand/v2"

// Cached is a file behind a page cache: what it is now, and what of it would be
// there after a power cut. Its zero value is empty.
type Cached struct {
	File         // as every reader sees it
	durable File // as last synced
	pending []write
}

// write is a change not yet synced: data at off or, with nil data, a new size.
type write struct {
	off  int64
	data []byte
}

// WriteAt writes all of p and extends the file as needed.
func (c *Cached) WriteAt(p []byte, off int64) {
	c.File.WriteAt(p, off)
	c.pending = append(c.pending, write{off, append([]byte{}, p...)})
}

// Truncate sets the length.
func (c *Cached) Truncate(size int64) {
	c.File.Truncate(size)
	c.pending = append(c.pending, write{off: size})
}

// Sync makes the file durable as it is.
func (c *Cached) Sync() {
	for _, w := range c.pending {
		w.apply(&c.durable, func() bool { return true })
	}
	c.pending = nil
}

// Drop frees what readers see; what a power cut would bring back stays.
func (c *Cached) Drop() { c.File = File{} }

// Crash returns what a power cut leaves: all that was synced and, by chance, a
// part of the rest. A write may be torn between pages, not inside one.
func (c *Cached) Crash(rng *rand.Rand) Cached {
	left := c.durable.Clone()
	for _, w := range c.pending {
		w.apply(&left, func() bool { return rng.IntN(2) == 0 })
	}
	return Cached{File: left, durable: left.Clone()}
}

// apply does to f those parts of the write that survive.
func (w write) apply(f *File, survives func() bool) {
	if w.data == nil {
		if survives() {
			f.Truncate(w.off)
		}
		return
	}
	for off, rest := w.off, w.data; len(rest) > 0; {
		n := min(len(rest), int(PageSize-off%PageSize))
		if survives() {
			f.WriteAt(rest[:n], off)
		}
		off, rest = off+int64(n), rest[n:]
	}
}

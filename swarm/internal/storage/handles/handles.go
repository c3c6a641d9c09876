// Package handles keeps a bounded number of files open.
//
// A torrent can have a hundred thousand files and a process a thousand
// descriptors, so files are opened when they are used and the one not used for
// longest is closed when too many are open. A file in use is never closed: the
// bound is exceeded for that moment instead.
package handles

import (
	"container/list"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Owner opens a file whenever the cache needs it.
type Owner interface {
	// OpenFile opens for reading, or for reading and writing.
	OpenFile(write bool) (vfs.File, error)
	// CloseFailed is told when closing the file failed, which on some file
	// systems is when a lost write becomes known.
	CloseFailed(err error)
}

// Slot is the place of one file in a cache. Set Owner before use.
type Slot struct {
	Owner   Owner
	opening sync.Mutex // makes concurrent users open the file once
	cur     *Handle    // guarded by Cache.mu
}

// Handle is an open file in use. Pass it to [Cache.Release].
type Handle struct {
	vfs.File
	slot     *Slot
	writable bool
	refs     int           // guarded by Cache.mu, as the rest
	place    *list.Element // nil once the slot has let go of it
}

// Cache is a set of open files. Its methods are safe for concurrent use.
type Cache struct {
	max int

	mu   sync.Mutex
	used list.List // of *Handle, most recently used first
}

// New returns a cache that keeps at most limit files open that are not in use.
func New(limit int) *Cache { return &Cache{max: limit} }

// Acquire returns the open file of a slot and opens it if need be. With write
// set it is open for writing.
func (c *Cache) Acquire(s *Slot, write bool) (*Handle, error) {
	if h := c.hit(s, write); h != nil {
		return h, nil
	}
	s.opening.Lock()
	defer s.opening.Unlock()
	if h := c.hit(s, write); h != nil {
		return h, nil
	}
	f, err := s.Owner.OpenFile(write)
	if err != nil {
		return nil, err
	}
	h := &Handle{File: f, slot: s, writable: write, refs: 1}
	c.mu.Lock()
	old := c.detach(s)
	h.place = c.used.PushFront(h)
	s.cur = h
	victims := c.surplus()
	c.mu.Unlock()
	old.close()
	for _, v := range victims {
		v.close()
	}
	return h, nil
}

func (c *Cache) hit(s *Slot, write bool) *Handle {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := s.cur
	if h == nil || write && !h.writable {
		return nil
	}
	h.refs++
	c.used.MoveToFront(h.place)
	return h
}

// Release ends a use.
func (c *Cache) Release(h *Handle) {
	c.mu.Lock()
	h.refs--
	var victims []*Handle
	if h.place == nil && h.refs == 0 {
		victims = append(victims, h)
	} else {
		victims = c.surplus()
	}
	c.mu.Unlock()
	for _, v := range victims {
		v.close()
	}
}

// Drop closes the file of a slot, now or when its last use ends. The next
// Acquire opens it anew.
func (c *Cache) Drop(s *Slot) {
	c.mu.Lock()
	h := c.detach(s)
	c.mu.Unlock()
	h.close()
}

// Close closes all files, those in use when their use ends.
func (c *Cache) Close() {
	for {
		c.mu.Lock()
		e := c.used.Front()
		if e == nil {
			c.mu.Unlock()
			return
		}
		h := c.detach(e.Value.(*Handle).slot)
		c.mu.Unlock()
		h.close()
	}
}

// Open returns the number of files the cache holds open.
func (c *Cache) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used.Len()
}

// detach takes the handle from its slot and returns it if it is to be closed.
func (c *Cache) detach(s *Slot) *Handle {
	h := s.cur
	if h == nil {
		return nil
	}
	s.cur = nil
	c.used.Remove(h.place)
	h.place = nil
	if h.refs > 0 {
		return nil
	}
	return h
}

// surplus detaches the files not used for longest until the bound is kept or
// all that remain are in use.
func (c *Cache) surplus() []*Handle {
	var out []*Handle
	for e := c.used.Back(); e != nil && c.used.Len() > c.max; {
		prev := e.Prev()
		if h := e.Value.(*Handle); h.refs == 0 {
			out = append(out, c.detach(h.slot))
		}
		e = prev
	}
	return out
}

func (h *Handle) close() {
	if h == nil {
		return
	}
	if err := h.File.Close(); err != nil {
		h.slot.Owner.CloseFailed(err)
	}
}

package piece

import "sync"

// Buffers lends piece buffers within a budget of memory that does not depend
// on the number of peers or torrents.
//
// Somebody who holds nothing and gets nothing starves: others could go on for
// ever with what they hold, piece after piece, and never leave enough at once.
// Whoever starves is therefore served before those who hold something, and
// they are asked to release what is not being filled.
type Buffers struct {
	mu       sync.Mutex
	budget   int64
	used     int64
	lent     map[Waiter]int64
	free     map[int][][]byte // by capacity
	idle     int64            // bytes in free
	waiters  map[Waiter]struct{}
	starving Waiter
	waking   sync.WaitGroup
}

// Waiter borrows buffers. Its methods are called without locks held.
type Waiter interface {
	// Wake tells, once, that memory may be available again.
	Wake()
	// Release asks to put back what is not being filled by anybody.
	Release()
}

// NewBuffers returns buffers of at most budget bytes in all. One buffer is
// always granted, whatever its size.
func NewBuffers(budget int64) *Buffers {
	return &Buffers{
		budget:  budget,
		lent:    make(map[Waiter]int64),
		free:    make(map[int][][]byte),
		waiters: make(map[Waiter]struct{}),
	}
}

// Get lends n bytes to w, or returns nil and wakes w when some come back.
func (b *Buffers) Get(n int, w Waiter) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := roundUp(n)
	if !b.grants(int64(c), w) {
		b.wait(w)
		return nil
	}
	if b.starving == w {
		b.starving = nil
	}
	b.used += int64(c)
	b.lent[w] += int64(c)
	if list := b.free[c]; len(list) > 0 {
		buf := list[len(list)-1]
		b.free[c] = list[:len(list)-1]
		b.idle -= int64(c)
		return buf[:n]
	}
	// Memory lent and memory kept for reuse share the budget.
	if b.used+b.idle > b.budget {
		clear(b.free)
		b.idle = 0
	}
	return make([]byte, n, c)
}

func (b *Buffers) grants(n int64, w Waiter) bool {
	if b.used == 0 {
		return true
	}
	if b.starving != nil && b.starving != w && b.lent[w] > 0 {
		return false
	}
	return b.used+n <= b.budget
}

// wait registers w. If it starves, the others are asked for memory.
func (b *Buffers) wait(w Waiter) {
	b.waiters[w] = struct{}{}
	if b.lent[w] > 0 || b.starving != nil {
		return
	}
	b.starving = w
	for other := range b.lent {
		b.waking.Go(other.Release)
	}
}

// Put takes back a buffer that was lent to w.
func (b *Buffers) Put(buf []byte, w Waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := cap(buf)
	b.used -= int64(c)
	if b.lent[w] -= int64(c); b.lent[w] == 0 {
		delete(b.lent, w)
	}
	if b.idle+int64(c) <= b.budget/2 {
		b.free[c] = append(b.free[c], buf[:0])
		b.idle += int64(c)
	}
	b.wake()
}

// wake tells all who wait, in goroutines: the caller may hold locks that
// waking needs. The caller holds b.mu.
func (b *Buffers) wake() {
	for w := range b.waiters {
		delete(b.waiters, w)
		b.waking.Go(func() {
			w.Wake()
			b.settle(w)
		})
	}
}

// settle ends the privilege of one who starved and, woken, wants no memory any
// more.
func (b *Buffers) settle(w Waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, waits := b.waiters[w]; b.starving == w && !waits {
		b.starving = nil
		b.wake()
	}
}

// Starved reports whether somebody other than w starves: then w keeps nothing
// that is not being filled.
func (b *Buffers) Starved(w Waiter) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.starving != nil && b.starving != w
}

// Close waits until everybody who waited has been told. All torrents are closed.
func (b *Buffers) Close() { b.waking.Wait() }

// Forget drops a waiter that has gone.
func (b *Buffers) Forget(w Waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.waiters, w)
	if b.starving == w {
		b.starving = nil
		b.wake()
	}
}

// Used returns the bytes lent out.
func (b *Buffers) Used() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used
}

// roundUp makes buffers of last pieces interchangeable with others, so that
// odd sizes do not pile up: to 16 KiB. That is also what they count for.
func roundUp(n int) int { return (n + 16383) &^ 16383 }

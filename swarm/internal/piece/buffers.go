package piece

import "sync"

// Buffers lends piece buffers within a budget of memory that does not depend
// on the number of peers or torrents.
type Buffers struct {
	mu      sync.Mutex
	budget  int64
	used    int64
	free    map[int][][]byte // by capacity
	idle    int64            // bytes in free
	waiters map[Waiter]struct{}
	waking  sync.WaitGroup
}

// Waiter is told once when memory is available again.
type Waiter interface{ Wake() }

// NewBuffers returns buffers of at most budget bytes in all. One buffer is
// always granted, whatever its size.
func NewBuffers(budget int64) *Buffers {
	return &Buffers{budget: budget, free: make(map[int][][]byte), waiters: make(map[Waiter]struct{})}
}

// Get lends n bytes, or returns nil and wakes w when some come back.
func (b *Buffers) Get(n int, w Waiter) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used > 0 && b.used+int64(n) > b.budget {
		b.waiters[w] = struct{}{}
		return nil
	}
	b.used += int64(n)
	c := roundUp(n)
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

// Put takes a buffer back.
func (b *Buffers) Put(buf []byte) {
	b.mu.Lock()
	b.used -= int64(len(buf))
	c := cap(buf)
	if b.idle+int64(c) <= b.budget/2 {
		b.free[c] = append(b.free[c], buf[:0])
		b.idle += int64(c)
	}
	var wake []Waiter
	for w := range b.waiters {
		wake = append(wake, w)
		delete(b.waiters, w)
	}
	b.mu.Unlock()
	// Not here: the caller may hold locks that waking needs.
	for _, w := range wake {
		b.waking.Go(w.Wake)
	}
}

// Close waits until everybody who waited has been told. All torrents are closed.
func (b *Buffers) Close() { b.waking.Wait() }

// Forget drops a waiter that has gone.
func (b *Buffers) Forget(w Waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.waiters, w)
}

// Used returns the bytes lent out.
func (b *Buffers) Used() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used
}

// roundUp makes buffers of last pieces interchangeable with others, so that
// odd sizes do not pile up: to 16 KiB.
func roundUp(n int) int { return (n + 16383) &^ 16383 }

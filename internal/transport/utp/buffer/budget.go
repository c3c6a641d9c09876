package buffer

import "sync/atomic"

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

// Add says that n bytes more are held, or less.
func (b *Budget) Add(n int) {
	if b != nil {
		b.used.Add(int64(n))
	}
}

// Over reports whether streams have to do with little.
func (b *Budget) Over() bool { return b != nil && b.used.Load() > b.most }

// Package limiter shares out bandwidth: a tree of token buckets, from the whole
// node through a torrent to a class of peers.
//
// A transfer takes its bytes from its bucket and from every bucket above at once
// and is told how long to wait before it may proceed. What is released by a time
// t after a bucket's limit was set is never more than rate*t plus the burst of
// that bucket. Buckets without a limit cost one atomic load each.
//
// Time comes in as an argument; nothing here sleeps.
package limiter

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Unlimited is the rate of a bucket that limits nothing.
const Unlimited = 0

// A Bucket is a token bucket. It is safe for concurrent use. All buckets of one
// tree share a lock, held for a few nanoseconds.
type Bucket struct {
	tree   *tree
	parent atomic.Pointer[Bucket] // changed under tree.mu
	rate   atomic.Int64           // bytes per second; written under tree.mu

	// Guarded by tree.mu.
	tokens float64 // bytes; negative while reservations wait
	filled time.Time
}

type tree struct {
	mu      sync.Mutex
	changed chan struct{}
}

// New returns the root of a tree: what it limits, all buckets below share. The
// rate is in bytes per second, Unlimited (or less) for none.
func New(rate int64, now time.Time) *Bucket {
	b := &Bucket{tree: &tree{changed: make(chan struct{})}}
	b.SetRate(rate, now)
	return b
}

// Child returns a new bucket below b.
func (b *Bucket) Child(rate int64, now time.Time) *Bucket {
	c := &Bucket{tree: b.tree}
	c.parent.Store(b)
	c.SetRate(rate, now)
	return c
}

// Attach puts b below another bucket of its tree. What is reserved already is given
// back there, if at all.
func (b *Bucket) Attach(parent *Bucket) {
	b.tree.mu.Lock()
	defer b.tree.mu.Unlock()
	if b.parent.Load() == parent {
		return
	}
	b.parent.Store(parent)
	close(b.tree.changed)
	b.tree.changed = make(chan struct{})
}

// Least returns the lowest limit of b and those above, or Unlimited.
func (b *Bucket) Least() (least int64) {
	for at := b; at != nil; at = at.parent.Load() {
		if rate := at.Rate(); rate != Unlimited && (least == Unlimited || rate < least) {
			least = rate
		}
	}
	return least
}

// Rate returns the limit in bytes per second, or Unlimited.
func (b *Bucket) Rate() int64 { return b.rate.Load() }

// Burst returns how many bytes an idle bucket releases at once: what its rate
// brings in 100 ms, but at least one block of 16 KiB.
func (b *Bucket) Burst() int64 { return int64(burst(b.rate.Load())) }

func burst(rate int64) float64 { return max(float64(rate)/10, 16<<10) }

// SetRate changes the limit, at once: what others wait for is counted in bytes,
// so that [Bucket.Reserve] and [Bucket.Return] after it follow the new rate.
// Those already waiting learn of it by [Bucket.Changed].
func (b *Bucket) SetRate(rate int64, now time.Time) {
	rate = max(rate, Unlimited)
	b.tree.mu.Lock()
	defer b.tree.mu.Unlock()
	old := b.rate.Load()
	if old == rate {
		return
	}
	if old == Unlimited {
		b.tokens, b.filled = burst(rate), now
	} else {
		b.fill(now)
		b.tokens = min(b.tokens, burst(rate))
	}
	b.rate.Store(rate)
	close(b.tree.changed)
	b.tree.changed = make(chan struct{})
}

// Changed returns a channel that is closed when a limit in the tree changes. Who
// waits after Reserve may then Return the bytes and reserve them anew. Take the
// channel before reserving, so that no change is missed.
func (b *Bucket) Changed() <-chan struct{} {
	b.tree.mu.Lock()
	defer b.tree.mu.Unlock()
	return b.tree.changed
}

// Reserve takes n bytes from b and the buckets above and returns how long to
// wait before they may be transferred. Reservations are served in order; with
// one at a time per connection, connections take turns.
func (b *Bucket) Reserve(n int, now time.Time) time.Duration {
	if !b.limited() {
		return 0
	}
	b.tree.mu.Lock()
	defer b.tree.mu.Unlock()
	var wait time.Duration
	for at := b; at != nil; at = at.parent.Load() {
		if rate := at.rate.Load(); rate != Unlimited {
			at.fill(now)
			at.tokens -= float64(n)
			wait = max(wait, timeFor(-at.tokens, rate, at.filled.Sub(now)))
		}
	}
	return wait
}

// Return gives n reserved bytes back that were not transferred.
func (b *Bucket) Return(n int, now time.Time) {
	if !b.limited() {
		return
	}
	b.tree.mu.Lock()
	defer b.tree.mu.Unlock()
	for at := b; at != nil; at = at.parent.Load() {
		if rate := at.rate.Load(); rate != Unlimited {
			at.fill(now)
			at.tokens = min(at.tokens+float64(n), burst(rate))
		}
	}
}

// limited reports whether b or a bucket above has a limit, without the lock.
func (b *Bucket) limited() bool {
	for at := b; at != nil; at = at.parent.Load() {
		if at.rate.Load() != Unlimited {
			return true
		}
	}
	return false
}

// fill adds what has flowed in since the last time. Time never runs backwards
// for a bucket: callers that read the clock before taking the lock may arrive in
// another order.
func (b *Bucket) fill(now time.Time) {
	dt := now.Sub(b.filled)
	if dt <= 0 {
		return
	}
	rate := b.rate.Load()
	b.tokens = min(b.tokens+float64(rate)*dt.Seconds(), burst(rate))
	b.filled = now
}

// timeFor returns how long rate takes to bring bytes, plus lag, the time by
// which the bucket is ahead of the caller.
func timeFor(bytes float64, rate int64, lag time.Duration) time.Duration {
	if bytes <= 0 {
		return 0
	}
	ns := math.Ceil(bytes / float64(rate) * float64(time.Second))
	return time.Duration(min(ns, float64(math.MaxInt64/2))) + max(lag, 0)
}

package access

import (
	"sync"
	"time"
)

const (
	freeFailures = 10              // in a row before who fails has to wait
	maxWait      = time.Minute     // between two of them then
	forgetAfter  = 5 * time.Minute // without any
)

// Backoff makes those who fail to show who they are wait longer and longer. It counts
// all of them together: everybody who reaches the management comes from this machine.
// The zero value is ready, and safe for concurrent use.
type Backoff struct {
	mu       sync.Mutex
	failures int
	last     time.Time
}

// Wait returns how long whoever fails now has to wait before the next try; 0 for not at
// all. Where secrets can be guessed it holds for right ones as well; those of 256 bits
// are let in before it is asked.
func (b *Backoff) Wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wait(now)
}

func (b *Backoff) wait(now time.Time) time.Duration {
	if b.failures < freeFailures || now.Sub(b.last) >= forgetAfter {
		return 0
	}
	pause := min(time.Second<<min(b.failures-freeFailures, 16), maxWait)
	return max(0, b.last.Add(pause).Sub(now))
}

// Failed counts a failure, unless it came before its time.
func (b *Backoff) Failed(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.last) >= forgetAfter {
		b.failures = 0
	}
	if b.wait(now) == 0 {
		b.failures, b.last = b.failures+1, now
	}
}

// Passed forgets failures: somebody has shown who he is.
func (b *Backoff) Passed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures = 0
}

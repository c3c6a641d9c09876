package metadata

import "time"

// Quota bounds what one peer gets of our info dictionary: all of it twice a
// minute, which is once and once more after an accident. The zero value is
// ready.
type Quota struct {
	since  time.Time
	served int
}

// Allow reports whether a peer gets one more of so many pieces now.
func (q *Quota) Allow(pieces int, now time.Time) bool {
	if now.Sub(q.since) >= time.Minute {
		q.since, q.served = now, 0
	}
	if q.served >= 2*pieces {
		return false
	}
	q.served++
	return true
}

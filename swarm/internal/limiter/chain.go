package limiter

import "time"

// Chain limits by a bucket together with one above it, and knows the rate of
// both.
type Chain struct{ Own, Above *Bucket }

// Reserve is that of the bucket, which counts for those above as well.
func (c Chain) Reserve(n int, now time.Time) time.Duration { return c.Own.Reserve(n, now) }

// Return gives back what was reserved and not used.
func (c Chain) Return(n int, now time.Time) { c.Own.Return(n, now) }

// Changed is that of the bucket: both limits are of one tree.
func (c Chain) Changed() <-chan struct{} { return c.Own.Changed() }

// Rate returns the lower of both limits, 0 if there is none.
func (c Chain) Rate() int64 {
	own, above := c.Own.Rate(), c.Above.Rate()
	if own == 0 || above != 0 && above < own {
		return above
	}
	return own
}

package pipeline

import "time"

const (
	minTimeout     = 8 * time.Second
	unknownTimeout = 20 * time.Second // before anything was measured
	snubTime       = 60 * time.Second
)

// waiting returns how long blocks have been outstanding with none arriving.
func (w *Window) waiting(now time.Time) time.Duration {
	if w.outstanding == 0 {
		return 0
	}
	since := w.lastSend
	if w.lastBlock.After(since) {
		since = w.lastBlock
	}
	return now.Sub(since)
}

// Timeout returns how long the peer may leave us without a block before it is
// stalled: four times what the last round trip and one block at the measured
// rate take, at least 8 s and at most 60 s; 20 s before anything was measured.
func (w *Window) Timeout() time.Duration {
	if w.rtt.min == 0 {
		return unknownTimeout
	}
	t := 4 * w.rtt.last
	if w.meter.valid && w.meter.rate > 0 {
		// In float64, for at a crawl this exceeds what a Duration holds.
		t += time.Duration(min(4*BlockLen/w.meter.rate, snubTime.Seconds()) * float64(time.Second))
	}
	return min(max(t, minTimeout), snubTime)
}

// Stalled reports whether requests have timed out: others should be asked for
// the same blocks.
func (w *Window) Stalled(now time.Time) bool { return w.waiting(now) > w.Timeout() }

// Snubbed reports whether the peer has left our requests unanswered for 60 s.
func (w *Window) Snubbed(now time.Time) bool { return w.waiting(now) >= snubTime }

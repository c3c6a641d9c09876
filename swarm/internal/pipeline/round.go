package pipeline

import "time"

const (
	growth     = 1.25 // by which a round must beat the best one to count as growing
	flatRounds = 3    // without growth that end slow start

	// slowRound is how long a round may take in slow start: a window that takes
	// longer to drain is too large already.
	slowRound = 3 * time.Second
	// shortRound is how long a round takes that a window four times as large
	// follows: at the same rate that would hold two seconds.
	shortRound = 500 * time.Millisecond
)

// A round lasts until as many blocks have arrived as the window held when it
// began: every request then outstanding has been answered.
type round struct {
	slowStart bool
	start     time.Time
	end       int64 // done count that ends the round
	bytes     int
	best      float64 // best rate of any round, bytes per second
	flat      int     // rounds without growth
}

func (r *round) begin(done int64, window int, now time.Time) {
	r.start, r.end, r.bytes = now, done+int64(window), 0
}

// arrived counts bytes and returns the rate of the round if it is over.
func (r *round) arrived(done int64, bytes int, now time.Time) (float64, bool) {
	if r.start.IsZero() {
		r.start = now
	}
	r.bytes += bytes
	dt := now.Sub(r.start)
	if done < r.end || dt <= 0 {
		return 0, false
	}
	return float64(r.bytes) / dt.Seconds(), true
}

// slow reports whether slow start has to end before the round does.
func (r *round) slow(now time.Time) bool { return now.Sub(r.start) > slowRound }

// factor returns by how much the window grows after a round that has grown.
func (r *round) factor(now time.Time) int {
	if now.Sub(r.start) < shortRound {
		return 4
	}
	return 2
}

func (r *round) grew(rate float64) bool {
	if rate >= r.best*growth {
		r.best, r.flat = rate, 0
		return true
	}
	r.flat++
	return false
}

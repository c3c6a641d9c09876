package pipeline

import (
	"math"
	"time"
)

const (
	sampleTime = 500 * time.Millisecond // length of one rate sample
	smoothing  = 2 * time.Second        // time constant of the average
)

// meter measures bytes per second, as an average that forgets exponentially.
type meter struct {
	rate  float64
	valid bool
	from  time.Time // of the sample under way
	bytes int
}

// resume starts a new sample: the time before it was idle by our own choice and
// says nothing about the peer.
func (m *meter) resume(now time.Time) { m.from, m.bytes = now, 0 }

// seed gives a first rate to a meter that has no sample.
func (m *meter) seed(rate float64) {
	if !m.valid {
		m.rate, m.valid = rate, true
	}
}

// add counts bytes and reports whether a sample is complete.
func (m *meter) add(bytes int, now time.Time) bool {
	if m.from.IsZero() {
		m.from = now
	}
	m.bytes += bytes
	dt := now.Sub(m.from)
	if dt < sampleTime {
		return false
	}
	sample := float64(m.bytes) / dt.Seconds()
	if m.valid {
		m.rate += (sample - m.rate) * (1 - decay(dt))
	} else {
		m.rate, m.valid = sample, true
	}
	m.resume(now)
	return true
}

func decay(dt time.Duration) float64 { return math.Exp(-dt.Seconds() / smoothing.Seconds()) }

// Rate returns the download rate in bytes per second. It fades while nothing
// arrives.
func (w *Window) Rate(now time.Time) float64 {
	if w.lastBlock.IsZero() {
		return 0
	}
	if !w.meter.valid {
		if dt := now.Sub(w.meter.from); dt > 0 {
			return float64(w.meter.bytes) / max(dt, sampleTime).Seconds()
		}
		return 0
	}
	return w.meter.rate * decay(max(now.Sub(w.lastBlock)-sampleTime, 0))
}

// rtt measures round trips from a request to its block, one at a time.
type rtt struct {
	probing bool
	clean   bool  // sent while nothing was outstanding, so no queue is included
	block   int64 // ordinal of the first block of the batch
	at      time.Time
	min     time.Duration // best estimate without queueing; 0 if none
	last    time.Duration // latest sample, queueing included
}

func (r *rtt) probe(block int64, clean bool, now time.Time) {
	r.probing, r.clean, r.block, r.at = true, clean, block, now
}

// arrived takes a sample if the block of the probe is among those done. Only a
// clean one may raise the estimate: a queue must not make the window grow, which
// would make the queue grow.
func (r *rtt) arrived(done int64, now time.Time) {
	if !r.probing || done < r.block {
		return
	}
	r.probing = false
	r.last = max(now.Sub(r.at), 1)
	switch {
	case r.min == 0 || r.last < r.min:
		r.min = r.last
	case r.clean:
		r.min += (r.last - r.min) / 4
	}
}

// RTT returns the round-trip time to the peer without queueing, as far as it was
// measured; 0 if it was not.
func (w *Window) RTT() time.Duration { return w.rtt.min }

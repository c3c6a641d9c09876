package ledbat

import "time"

// Mark is what a packet remembers of the moment it was sent.
type Mark struct {
	at, since time.Time // when it was sent; when delivered was reached
	delivered int64
}

// At returns when the packet was sent.
func (m Mark) At() time.Time { return m.at }

// rate tells how many bytes a second the path delivers: what was acknowledged
// between the sending of a packet and its acknowledgement, the best of the last
// rounds.
type rate struct {
	delivered int64
	at        time.Time // when delivered grew last
	slots     [8]float64
	turn      int
	next      time.Time // when another slot begins
}

func (r *rate) mark(now time.Time, idle bool) Mark {
	if idle || r.at.IsZero() {
		r.at = now
	}
	return Mark{now, r.at, r.delivered}
}

// least is the shortest round trip: what seems to be faster acknowledges an
// earlier copy of the packet.
func (r *rate) acked(n int, m Mark, round, least time.Duration, now time.Time) {
	r.delivered += int64(n)
	r.at = now
	if took := max(now.Sub(m.since), least); took > 0 {
		sample := float64(r.delivered-m.delivered) / took.Seconds()
		r.slots[r.turn] = max(r.slots[r.turn], sample)
	}
	if now.After(r.next) {
		r.turn = (r.turn + 1) % len(r.slots)
		r.slots[r.turn] = 0
		r.next = now.Add(round)
	}
}

func (r *rate) best() float64 {
	best := 0.
	for _, s := range r.slots {
		best = max(best, s)
	}
	return best
}

const (
	minTimeout     = 500 * time.Millisecond // BEP 29
	firstTimeout   = time.Second            // RFC 6298
	maxTimeout     = 30 * time.Second
	shortestPeriod = 30 * time.Second
)

// rtt estimates round trips (RFC 6298 with the constants of BEP 29).
type rtt struct {
	smooth, variance time.Duration
	backedOff        int
	least            [2]time.Duration // of this period and the one before
	begun            time.Time
}

func (r *rtt) add(d time.Duration, now time.Time) {
	d = max(d, time.Microsecond)
	r.backedOff = 0
	if r.smooth == 0 {
		r.smooth, r.variance = d, d/2
		r.least, r.begun = [2]time.Duration{d, d}, now
		return
	}
	r.variance += ((r.smooth - d).Abs() - r.variance) / 4
	r.smooth += (d - r.smooth) / 8
	if now.Sub(r.begun) > shortestPeriod {
		r.least, r.begun = [2]time.Duration{d, r.least[0]}, now
	}
	r.least[0] = min(r.least[0], d)
}

func (r *rtt) shortest() time.Duration { return min(r.least[0], r.least[1]) }

func (r *rtt) backOff() { r.backedOff = min(r.backedOff+1, 6) }

func (r *rtt) timeout() time.Duration {
	t := firstTimeout
	if r.smooth > 0 {
		t = max(r.smooth+4*r.variance, minTimeout)
	}
	return min(t<<r.backedOff, maxTimeout)
}

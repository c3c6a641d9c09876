package portmap

import (
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
)

// Periods of asking a router.
const (
	lifetime  = time.Hour        // that is asked for: a crash leaves a port open no longer
	lookEvery = 30 * time.Second // whether the way out is still the same
	renewMin  = 30 * time.Second // however short a lifetime a router grants
	retryMin  = time.Minute      // after a refusal, doubled each time
	retryMax  = time.Hour
)

// schedule decides when the router is asked. It takes the time from outside and
// is not safe for concurrent use.
type schedule struct {
	route    gateway.Route
	due      time.Time // when it is asked next
	ends     time.Time // the mapping, if nothing is done; zero if there is none
	failures int
}

// see takes the way out as it is now. It reports whether that is another one than
// before: what was mapped is gone then, and the new router is asked at once.
func (s *schedule) see(r gateway.Route, now time.Time) (moved bool) {
	if s.route == r {
		return false
	}
	*s = schedule{route: r, due: now}
	return true
}

// granted takes note of a mapping: it is renewed when half its time has passed
// (RFC 6887 section 11.2.1, RFC 6886 section 3.3).
func (s *schedule) granted(life time.Duration, now time.Time) {
	s.failures = 0
	s.ends = now.Add(life)
	s.due = now.Add(max(life/2, renewMin))
}

// refused takes note of a failure. As long as a mapping holds, half of what is
// left of it is waited for; without one, longer and longer.
func (s *schedule) refused(now time.Time) {
	if left := s.ends.Sub(now); s.holds(now) && left/2 >= renewMin {
		s.due = now.Add(left / 2)
		return
	}
	s.due = now.Add(min(retryMin<<min(s.failures, 6), retryMax))
	if s.holds(now) {
		s.due = now.Add(renewMin)
		return
	}
	s.failures++
}

// holds reports whether what was mapped last still is, as far as is known.
func (s *schedule) holds(now time.Time) bool { return now.Before(s.ends) }

// wait returns how long there is nothing to do.
func (s *schedule) wait(now time.Time) time.Duration {
	return max(0, min(s.due.Sub(now), lookEvery))
}

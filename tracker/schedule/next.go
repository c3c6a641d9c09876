package schedule

import (
	"slices"
	"time"
)

// host is what trackers on the same host share.
type host struct {
	name   string
	users  int // slots
	ready  queue
	flying int
	budget bucket
	fails  int           // in a row
	quiet  time.Duration // nobody is to ask before
	err    error         // of the last failure; nil after an answer
}

// troubled is how many failures in a row make a host suspect: then one announce
// at a time finds out whether it is back.
const troubled = 3

// may reports whether an announce may start now, or else when the budget allows
// it; 0 if an announce has to end first.
func (h *host) may(s *Schedule) (at time.Duration, ok bool) {
	limit := s.cfg.HostAtOnce
	if h.fails >= troubled {
		limit = 1
	}
	if h.flying >= limit || s.flying >= s.cfg.AtOnce {
		return 0, false
	}
	if s.draining {
		return 0, true
	}
	return max(h.budget.free(), s.budget.free()), true
}

// Next returns an announce to start now; ok is false if there is none. What came
// of it goes back with Done.
func (s *Schedule) Next(now time.Time) (job Job, ok bool) {
	at := s.at(now)
	s.wakeUp(at)
	var best *host
	for _, h := range s.busy {
		if free, may := h.may(s); may && free <= at && (best == nil || before(h.ready[0], best.ready[0])) {
			best = h
		}
	}
	if best == nil {
		return Job{}, false
	}
	e := best.ready[0]
	s.take(e)
	e.place = flying
	best.flying++
	s.flying++
	best.budget.spend(int(e.cost), at)
	s.budget.spend(int(e.cost), at)
	t := &e.slots[e.current]
	return Job{ID: e.id, Tracker: Tracker{t.url.Value(), t.typed}, Event: e.event, State: e.state}, true
}

// Wake returns when Next may have something; ok is false if that needs a call of
// another method.
func (s *Schedule) Wake(now time.Time) (wake time.Time, ok bool) {
	var first time.Duration
	note := func(at time.Duration) {
		if !ok || at < first {
			first, ok = at, true
		}
	}
	if len(s.waiting) > 0 {
		note(s.waiting[0].next)
	}
	for _, h := range s.busy {
		if free, may := h.may(s); may {
			note(free)
		}
	}
	return s.base.Add(max(first, s.at(now))), ok
}

// wakeUp makes ready whose time has come.
func (s *Schedule) wakeUp(now time.Duration) {
	for len(s.waiting) > 0 && s.waiting[0].next <= now {
		s.replan(s.waiting[0], now)
	}
}

// replan puts an entry where what it is to do next belongs.
func (s *Schedule) replan(e *entry, now time.Duration) {
	if e.place == flying {
		return // Done does it
	}
	s.take(e)
	p, ok := e.plan(now)
	switch {
	case !ok && e.removed:
		s.forget(e)
	case !ok:
	case p.at > now:
		e.place, e.class, e.next = waiting, 0, p.at
		s.waiting.push(e)
	default:
		e.place, e.class, e.next = ready, p.class, max(e.due, 0)
		e.current, e.event = uint8(p.slot), p.event
		h := e.slots[p.slot].host
		if len(h.ready) == 0 {
			s.busy = append(s.busy, h)
		}
		h.ready.push(e)
	}
}

// take takes an entry out of where it is.
func (s *Schedule) take(e *entry) {
	switch e.place {
	case waiting:
		s.waiting.remove(e)
	case ready:
		h := e.slots[e.current].host
		h.ready.remove(e)
		if len(h.ready) == 0 {
			s.busy = slices.DeleteFunc(s.busy, func(o *host) bool { return o == h })
		}
	}
	e.place = nowhere
}

// forget removes an entry for good.
func (s *Schedule) forget(e *entry) {
	delete(s.entries, e.id)
	for i := range e.slots {
		s.release(e.slots[i].host)
	}
}

// release gives a host back, which is forgotten with its last user.
func (s *Schedule) release(h *host) {
	if h.users--; h.users == 0 {
		delete(s.hosts, h.name)
	}
}

// bucket is a budget of so many a second, of which those of a second may be
// spent at once.
type bucket struct {
	period time.Duration // of one
	full   time.Duration // when nothing is spent any more
}

func newBucket(rate float64) bucket {
	return bucket{period: time.Duration(float64(time.Second) / rate)}
}

// free returns when one may be spent.
func (b *bucket) free() time.Duration { return b.full - max(time.Second-b.period, 0) }

func (b *bucket) spend(n int, now time.Duration) {
	b.full = max(b.full, now) + time.Duration(n)*b.period
}

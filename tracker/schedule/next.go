package schedule

import (
	"slices"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
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
	return Job{ID: e.id, Tracker: Tracker{t.url.Value(), t.typed}, Event: e.event, slot: int(e.current)}, true
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
		if h := e.slots[i].host; h.users > 1 {
			h.users--
		} else {
			delete(s.hosts, h.name)
		}
	}
}

// Done takes what came of a Job.
func (s *Schedule) Done(job Job, out Outcome, now time.Time) {
	e := s.entries[job.ID]
	if e == nil || e.place != flying {
		return
	}
	at := s.at(now)
	t := &e.slots[job.slot]
	e.place = nowhere
	t.host.flying--
	s.flying--
	if !out.Cut {
		s.judge(t.host, out, at)
		t.asked = true
	}
	switch {
	case job.Event == message.Stopped:
		t.told, t.news = false, false // told or not: there is one attempt
	case out.Cut:
		t.told = true // it may have heard it
	case out.Err != nil:
		s.failed(t, out, at)
	default:
		s.succeeded(e, t, job, out, at)
		e.promote(job.slot)
	}
	s.replan(e, at)
}

func (s *Schedule) succeeded(e *entry, t *slot, job Job, out Outcome, now time.Duration) {
	t.fails, t.retry, t.err, t.told = 0, 0, nil, true
	t.seeders, t.leechers = clamp(out.Seeders), clamp(out.Leechers)
	if job.Event == message.Completed {
		t.news = false
	}
	interval := out.Interval
	if interval == 0 {
		interval = defaultInterval
	}
	interval = min(max(interval, minInterval), maxInterval)
	e.answered = now
	if e.gap = interval; out.MinInterval > 0 {
		e.gap = min(max(out.MinInterval, minInterval), interval)
	}
	if e.state == Downloading && out.Peers == 0 {
		interval = e.gap // it found nobody
	}
	e.due = now + s.jitter(interval, 20)
}

// clamp keeps a number that may be -1.
func clamp(n int) int32 { return int32(min(max(n, -1), 1<<31-1)) }

// The pauses after failures of a tracker; they double.
const (
	firstPause = 15 * time.Second
	lastPause  = time.Hour
)

func (s *Schedule) failed(t *slot, out Outcome, now time.Duration) {
	if t.fails < 255 {
		t.fails++
	}
	pause := backoff(firstPause, lastPause, int(t.fails)-1)
	if !out.Down {
		t.err = out.Err
		t.told = t.told && !out.Never
		pause = max(pause, minInterval) // it works, and it has decided
	}
	if out.RetryIn > 0 {
		pause = min(max(out.RetryIn, minInterval), maxRetry)
	}
	t.never = out.Never
	t.retry = now + s.jitter(pause, 4)
}

// judge keeps the books of a host. When it becomes suspect those that are ready
// to ask it go elsewhere if they can.
func (s *Schedule) judge(h *host, out Outcome, now time.Duration) {
	if !out.Down {
		h.fails, h.quiet, h.err = 0, 0, nil
		return
	}
	h.fails++
	h.err = out.Err
	if h.fails < troubled {
		return
	}
	h.quiet = now + s.jitter(backoff(firstPause, lastPause/4, h.fails-troubled), 4)
	for _, e := range slices.Clone(h.ready) {
		s.replan(e, now)
	}
}

func backoff(first, last time.Duration, n int) time.Duration {
	return min(first<<min(n, 20), last)
}

// jitter adds up to a part of a duration: who was told the same does not come
// back at the same time.
func (s *Schedule) jitter(d time.Duration, part int64) time.Duration {
	return d + time.Duration(s.cfg.Rand.Int64N(int64(d)/part+1))
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

package schedule

import (
	"slices"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
)

// Done takes what came of a Job.
func (s *Schedule) Done(job Job, out Outcome, now time.Time) {
	e := s.entries[job.ID]
	if e == nil || e.place != flying {
		return
	}
	at := s.at(now)
	t := &e.slots[e.current] // that of the job, wherever it stands by now
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
		e.promote(int(e.current))
	}
	s.drop(e)
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

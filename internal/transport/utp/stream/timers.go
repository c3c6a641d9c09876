package stream

import "time"

const (
	delayedAck = 10 * time.Millisecond
	keepalive  = 29 * time.Second // so that a NAT keeps the way open
	// Times that nothing is heard before a stream is given up: half a minute of a
	// stream that is being closed, and about two of others.
	maxTimeouts, maxClosing, maxDials = 8, 5, 4
)

// timers are the moments at which something is due though no packet came. Those
// that are not set are zero.
type timers struct {
	retry    time.Time // nothing heard: all is lost
	tail     time.Time // nothing heard: look whether the last packet was lost
	ackDue   time.Time
	sent     time.Time // the last packet
	heard    time.Time
	timeouts int
	force    bool // one packet may pass whatever the windows say
}

// Deadline returns when Tick has something to do; zero if never.
func (s *Stream) Deadline() time.Time {
	if s.state == dead {
		return time.Time{}
	}
	t := &s.timers
	var at time.Time
	if s.state == open && !t.sent.IsZero() {
		at = t.sent.Add(keepalive)
	}
	if s.state == accepted {
		at = t.sent.Add(firstWait)
	}
	for _, d := range []time.Time{t.retry, t.tail, t.ackDue} {
		if !d.IsZero() && (at.IsZero() || d.Before(at)) {
			at = d
		}
	}
	return at
}

// firstWait is how long a peer that sent a SYN may take to show that it got our
// answer.
const firstWait = 10 * time.Second

// Tick does what is due; Emit follows.
func (s *Stream) Tick(now time.Time) {
	t := &s.timers
	due := func(at time.Time) bool { return !at.IsZero() && !now.Before(at) }
	switch {
	case s.state == dead:
		return
	case s.state == accepted:
		if due(t.sent.Add(firstWait)) {
			s.die(ErrTimeout, false)
		}
		return
	}
	if due(t.ackDue) || due(t.sent.Add(keepalive)) && s.state == open {
		t.ackDue = time.Time{}
		s.in.Hurry()
	}
	switch {
	case due(t.retry):
		s.timedOut(now)
	case due(t.tail):
		t.tail = time.Time{}
		s.probeTail()
	}
}

// timedOut takes everything on its way for lost.
func (s *Stream) timedOut(now time.Time) {
	t := &s.timers
	most := maxTimeouts
	switch {
	case s.state == dialing:
		most = maxDials
	case s.closing:
		most = maxClosing
	}
	// Who keeps its window shut is there: that it never reads is the business of
	// whoever waits to write.
	if alive := s.unacked == 0 && !s.closing && s.state == open; !alive || now.Sub(t.heard) > silentFor {
		t.timeouts++
	}
	if t.timeouts > most {
		s.die(ErrTimeout, s.state != dialing)
		return
	}
	s.cc.TimedOut()
	l := &s.loss
	l.holes, l.queue, l.in = nil, nil, false
	for seq := s.una; seq != s.next; seq++ {
		p := s.flight.at(seq)
		if p.sacked {
			continue
		}
		if !p.lost {
			p.lost = true
			s.pipe -= len(p.payload)
		}
		if p.probe {
			s.mtu.Failed()
			p.probe = false
		}
		l.queue = append(l.queue, seq)
	}
	l.below = s.next
	t.force = true
	t.tail = time.Time{}
	t.retry = now.Add(s.cc.Timeout())
}

// silentFor is how long a peer with a shut window may say nothing.
const silentFor = 2 * time.Minute

// probeTail sends the last packet again (RFC 8985, section 7).
func (s *Stream) probeTail() {
	for seq := s.next - 1; seq-s.una < uint16(s.flight.count); seq-- {
		if p := s.flight.at(seq); !p.sacked && !p.lost {
			p.lost = true
			s.pipe -= len(p.payload)
			s.loss.queue = append([]uint16{seq}, s.loss.queue...)
			s.timers.force = true
			return
		}
	}
}

// arm sets what waits for answers.
func (t *timers) arm(s *Stream, now time.Time) {
	t.retry, t.tail = time.Time{}, time.Time{}
	if s.flight.count == 0 && s.unsent.Len() == 0 {
		return
	}
	t.retry = now.Add(s.cc.Timeout())
	if trip := s.cc.RTT(); trip > 0 && s.flight.count > 0 {
		if tail := now.Add(2*trip + 2*delayedAck); tail.Before(t.retry) {
			t.tail = tail
		}
	}
}

func (t *timers) progress(s *Stream, now time.Time) {
	t.timeouts = 0
	t.arm(s, now)
}

func (t *timers) onSend(s *Stream, now time.Time) {
	t.sent = now
	t.wait(s, now)
}

// wait makes sure that a timer runs.
func (t *timers) wait(s *Stream, now time.Time) {
	if t.retry.IsZero() {
		t.arm(s, now)
	}
}

func (t *timers) delayAck(now time.Time) {
	if t.ackDue.IsZero() {
		t.ackDue = now.Add(delayedAck)
	}
}

package stream

import (
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// Handle takes a packet that is for this stream. What cannot be from the peer,
// as far as that can be told, is ignored.
func (s *Stream) Handle(h packet.Header, payload []byte, now time.Time) {
	switch {
	case s.state == dead:
		return
	case h.Type == packet.Syn:
		s.onSyn(h, now)
		return
	case !s.plausible(h.Ack):
		return
	case h.Type == packet.Reset:
		s.onReset(h)
		return
	case s.state == dialing:
		if h.Type != packet.State || h.Ack != s.first {
			return
		}
		s.state = open
		s.in.Start(h.Seq - 1)
		s.loss.queue = nil
	case s.state == accepted:
		s.state = open // it knows our number, so it is where it says
	}
	s.timers.heard = now
	s.stamp(h, now)
	s.onAck(h, now)
	if s.state == dead {
		return
	}
	if h.Type != packet.State {
		s.in.Put(h.Seq, h.Type == packet.Fin, payload)
		s.in.Grow(s.trip(), now)
		s.account()
	}
	if due, soon := s.in.Due(); soon && !due {
		s.timers.delayAck(now)
	}
	s.finish()
}

// onSyn answers a SYN that was sent again; of a stream of our own it is none.
func (s *Stream) onSyn(h packet.Header, now time.Time) {
	if s.state == accepted && h.Seq == s.in.Ack() {
		s.stamp(h, now)
		s.in.Hurry()
	}
}

// onReset takes a RESET that names a packet we have sent lately. Whoever wants to
// end the connection of others has to guess that and the id.
func (s *Stream) onReset(h packet.Header) {
	const late = 16
	if d := int16(h.Ack - s.una); int(d) >= s.flight.count || d < -late {
		return
	}
	err := ErrReset
	switch {
	case s.state == dialing:
		err = ErrRefused
	case s.in.EOF() && s.closing:
		err = nil
	}
	s.die(err, false)
}

// stamp notes how long the packet took.
func (s *Stream) stamp(h packet.Header, now time.Time) {
	s.diff = max(1, s.micros(now)-h.Time)
}

func (s *Stream) micros(now time.Time) uint32 { return uint32(now.Sub(s.cfg.Epoch).Microseconds()) }

// finish ends a stream of which everything was said and acknowledged.
func (s *Stream) finish() {
	if due, _ := s.in.Due(); s.fin && s.flight.count == 0 && !due {
		s.die(nil, false)
	}
}

// trip is the round trip time, or a guess.
func (s *Stream) trip() time.Duration {
	if t := s.cc.RTT(); t > 0 {
		return t
	}
	return 100 * time.Millisecond
}

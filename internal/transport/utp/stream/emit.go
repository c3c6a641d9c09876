package stream

import (
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// Emit appends the next packet that is due to dst, which it returns as it was if
// there is none. probe says that it must not be fragmented, and that
// ProbeRefused is to be called if it is too long to leave the machine.
func (s *Stream) Emit(dst []byte, now time.Time) (out []byte, probe bool) {
	if s.state == dead {
		if !s.reset {
			return dst, false
		}
		s.reset = false
		return s.header(dst, packet.Reset, s.next, now), false
	}
	if seq, p := s.nextLost(); p != nil && (seq == s.una || s.may(len(p.payload))) {
		// The first that is missing goes out in any case: a mask does not reach far
		// enough to tell how much of the rest has arrived.
		s.popLost()
		return s.send(dst, seq, p, now), false
	}
	if s.state != accepted && s.state != dialing {
		if out, probe, ok := s.emitNew(dst, now); ok {
			return out, probe
		}
	}
	if due, _ := s.in.Due(); due && s.state != dialing {
		return s.emitAck(dst, now), false
	}
	return dst, false
}

// may reports whether n bytes more may be on their way. One packet may be in any
// case.
func (s *Stream) may(n int) bool {
	return s.pipe+n <= s.cc.Window() || s.pipe == 0 || s.timers.force
}

// emitNew sends what was not sent before.
func (s *Stream) emitNew(dst []byte, now time.Time) (out []byte, probe, ok bool) {
	if s.flight.count >= maxFlight {
		return dst, false, false
	}
	if s.unsent.Len() == 0 {
		if !s.closing || s.fin {
			return dst, false, false
		}
		s.fin = true
		return s.push(dst, packet.Fin, nil, false, now), false, true
	}
	size := s.mtu.Size()
	if larger, due := s.mtu.Next(); due && s.unsent.Len() >= larger && s.pipe >= 4*size && len(s.loss.holes) == 0 {
		size, probe = larger, true
	}
	n := min(s.unsent.Len(), size-packet.HeaderLen)
	if !s.may(n) {
		return dst, false, false
	}
	if room := s.window - s.unacked; n > room && !s.timers.force {
		// A window that is nearly shut is not filled with crumbs; one that is
		// shut is tried when the timer says so.
		if room < s.cfg.Packet/2 {
			s.timers.wait(s, now)
			return dst, false, false
		}
		n, probe = room, false
	}
	if s.flight.count == 0 && !s.timers.sent.IsZero() && now.Sub(s.timers.sent) > s.cc.Timeout() {
		s.cc.Idle()
	}
	if probe {
		s.mtu.Begin()
	}
	return s.push(dst, packet.Data, s.unsent.Take(n), probe, now), probe, true
}

func (s *Stream) push(dst []byte, typ packet.Type, payload []byte, probe bool, now time.Time) []byte {
	p := s.flight.push(s.next)
	*p = sent{typ: typ, payload: payload, probe: probe, lost: true}
	s.unacked += len(payload)
	s.next++
	return s.send(dst, s.next-1, p, now)
}

// send appends a packet that is not on its way.
func (s *Stream) send(dst []byte, seq uint16, p *sent, now time.Time) []byte {
	idle := s.pipe == 0
	p.lost = false
	p.tries = min(p.tries+1, 100)
	p.mark = s.cc.Sent(now, idle)
	s.pipe += len(p.payload)
	if p.tries > 1 {
		s.loss.holes = append(s.loss.holes, seq)
	}
	s.timers.force = false
	s.timers.onSend(s, now)
	if !s.in.Gap() { // else a mask has to follow
		s.acked()
	}
	return append(s.header(dst, p.typ, seq, now), p.payload...)
}

func (s *Stream) acked() {
	s.in.Acked()
	s.timers.ackDue = time.Time{}
}

func (s *Stream) emitAck(dst []byte, now time.Time) []byte {
	s.acked()
	seq := s.next
	if s.state == accepted {
		seq = s.first
	}
	out := s.header(dst, packet.State, seq, now)
	s.timers.sent = now
	s.finish()
	return out
}

func (s *Stream) header(dst []byte, typ packet.Type, seq uint16, now time.Time) []byte {
	id := s.sendID
	if typ == packet.Syn {
		id = s.recvID
	}
	room := s.in.Room()
	s.in.Told(room)
	h := packet.Header{
		Type: typ, ConnID: id, Time: s.micros(now), TimeDiff: s.diff, Window: uint32(room), Seq: seq, Ack: s.in.Ack(),
	}
	if typ == packet.State && s.in.Gap() {
		var mask [packet.MaxSACK]byte
		h.SACK = s.in.Mask(mask[:0])
	}
	return h.Append(dst)
}

// ProbeRefused says that the probe last emitted was too long for the machine
// itself.
func (s *Stream) ProbeRefused() {
	s.mtu.Refused()
	for seq := s.una; seq != s.next; seq++ {
		if p := s.flight.at(seq); p.probe {
			p.probe, p.lost = false, true
			s.pipe -= len(p.payload)
			s.loss.queue = append(s.loss.queue, seq)
		}
	}
}

package stream

import (
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/ledbat"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// staleAcks is by how many packets an acknowledgement may be overtaken by others.
const staleAcks = 1 << 12

// plausible reports whether a packet acknowledges what was sent, and no more.
func (s *Stream) plausible(ack uint16) bool {
	d := int(int16(ack - (s.una - 1)))
	return d <= s.flight.count && d >= -staleAcks
}

// progress is what an acknowledgement tells.
type progress struct {
	bytes int
	last  ledbat.Mark // of the packet that was sent last
	once  bool        // that packet was sent once
	any   bool
}

// onAck takes the acknowledgements of a packet whose Ack is plausible.
func (s *Stream) onAck(h packet.Header, now time.Time) {
	if packet.Less(h.Ack, s.una-1) {
		return
	}
	s.window = int(h.Window)
	before := s.pipe
	var got progress
	for s.una != h.Ack+1 {
		s.arrived(s.una, &got)
		s.flight.pop(s.una)
		s.una++
	}
	if s.loss.in && !packet.Less(s.una, s.loss.until) {
		s.loss.in = false
	}
	s.onSACK(h, &got)
	if !got.any {
		return
	}
	if got.once {
		s.cc.Trip(now.Sub(got.last.At()), now)
	}
	if s.loss.latest.Before(got.last.At()) && (got.once || now.Sub(got.last.At()) >= s.cc.MinRTT()) {
		s.loss.latest = got.last.At()
	}
	if h.TimeDiff != 0 {
		s.cc.Delay(h.TimeDiff, now)
	}
	full := before+4*s.mtu.Size() >= s.cc.Window() || 4*before >= 3*s.cc.Window()
	s.cc.Acked(got.bytes, got.last, full, now)
	s.detect(now)
	s.timers.progress(s, now)
	s.account()
}

// onSACK marks what arrived before others.
func (s *Stream) onSACK(h packet.Header, got *progress) {
	for i, b := range h.SACK {
		for bit := uint16(0); b != 0; bit, b = bit+1, b>>1 {
			seq := h.Ack + 2 + uint16(i)*8 + bit
			if b&1 == 0 || int(seq-s.una) >= s.flight.count {
				continue
			}
			if !s.flight.at(seq).sacked {
				s.arrived(seq, got)
				s.flight.at(seq).payload = nil
			}
		}
	}
}

// arrived notes that a packet is known to have arrived.
func (s *Stream) arrived(seq uint16, got *progress) {
	p := s.flight.at(seq)
	if p.sacked {
		return
	}
	p.sacked = true
	n := len(p.payload)
	s.unacked -= n
	if !p.lost {
		s.pipe -= n
	}
	if p.probe {
		s.mtu.Passed()
		s.cc.SetMSS(s.mtu.Size())
	}
	got.bytes += n
	if !got.any || got.last.At().Before(p.mark.At()) {
		got.last, got.once = p.mark, p.tries == 1
	}
	got.any = true
	if packet.Less(s.loss.top, seq) {
		s.loss.top = seq
	}
}

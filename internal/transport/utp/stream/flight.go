package stream

import (
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/ledbat"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// sent is a packet that is not acknowledged yet.
type sent struct {
	payload []byte
	mark    ledbat.Mark
	typ     packet.Type
	tries   uint8
	sacked  bool // it arrived before others
	lost    bool // it waits to be sent again
	probe   bool // it is larger than what is known to pass
}

// flight is the packets from the oldest that is not acknowledged on, by their
// numbers.
type flight struct {
	ring  []sent
	count int
}

// maxFlight is how many packets may be on their way: less than half of the
// numbers there are.
const maxFlight = 1 << 14

func (f *flight) at(seq uint16) *sent { return &f.ring[int(seq)&(len(f.ring)-1)] }

// push makes room for the packet seq, which follows the last.
func (f *flight) push(seq uint16) *sent {
	if f.count == len(f.ring) {
		grown := make([]sent, max(16, 2*len(f.ring)))
		for i := range f.count {
			old := seq - uint16(f.count) + uint16(i)
			grown[int(old)&(len(grown)-1)] = *f.at(old)
		}
		f.ring = grown
	}
	f.count++
	return f.at(seq)
}

// pop forgets the packet seq, the first. An empty flight gives its memory back.
func (f *flight) pop(seq uint16) {
	*f.at(seq) = sent{}
	if f.count--; f.count == 0 && len(f.ring) > 64 {
		f.ring = nil
	}
}

// loss finds packets that are lost.
type loss struct {
	top    uint16    // the highest number known to have arrived
	latest time.Time // when the packet was sent that was sent last of those that arrived
	below  uint16    // up to here holes knows what is missing
	holes  []uint16  // missing below it, or sent again
	queue  []uint16  // to be sent again
	until  uint16    // losses before it belong to the round trip of the last one
	in     bool      // until is valid
}

// reordering is how many packets later ones may overtake one (RFC 5681).
const reordering = 3

// detect moves what is lost from the holes to the queue.
func (s *Stream) detect(now time.Time) {
	l := &s.loss
	if packet.Less(l.below, s.una) {
		l.below = s.una
	}
	for ; packet.Less(l.below, l.top); l.below++ {
		if p := s.flight.at(l.below); !p.sacked && !p.lost && p.tries == 1 {
			l.holes = append(l.holes, l.below)
		}
	}
	if len(l.holes) == 0 {
		return
	}
	// A packet that was sent again is missing when one that was sent clearly
	// later is there.
	before := l.latest.Add(-s.cc.MinRTT() / 4)
	kept := l.holes[:0]
	for _, seq := range l.holes {
		if packet.Less(seq, s.una) {
			continue
		}
		p := s.flight.at(seq)
		switch {
		case p.sacked || p.lost:
		case p.tries == 1 && l.top-seq >= reordering, p.tries > 1 && p.mark.At().Before(before):
			s.lose(seq, p, now)
		default:
			kept = append(kept, seq)
		}
	}
	l.holes = kept
}

// lose queues a packet to be sent again.
func (s *Stream) lose(seq uint16, p *sent, now time.Time) {
	l := &s.loss
	p.lost = true
	s.pipe -= len(p.payload)
	l.queue = append(l.queue, seq)
	if p.probe {
		s.mtu.Failed()
		p.probe = false
		return
	}
	first := !l.in || !packet.Less(seq, l.until)
	if first {
		l.in, l.until = true, s.next
	}
	s.cc.Lost(max(1, len(p.payload)), first, now)
}

// nextLost returns the first packet to be sent again.
func (s *Stream) nextLost() (uint16, *sent) {
	for len(s.loss.queue) > 0 {
		seq := s.loss.queue[0]
		if !packet.Less(seq, s.una) && packet.Less(seq, s.next) {
			if p := s.flight.at(seq); p.lost && !p.sacked {
				return seq, p
			}
		}
		s.popLost()
	}
	return 0, nil
}

func (s *Stream) popLost() {
	if s.loss.queue = s.loss.queue[1:]; len(s.loss.queue) == 0 {
		s.loss.queue = nil
	}
}

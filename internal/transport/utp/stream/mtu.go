package stream

// mtu finds out how long datagrams may be, by trying: a packet of data goes out
// longer than usual with a demand not to be fragmented.
type mtu struct {
	size  int   // what is known to pass
	left  []int // to be tried, ascending
	tried int   // under way, 0 if none
	fails int   // of the size that is next
}

// Each size is tried twice: the first may have been lost as any packet is.
const probeTries = 2

// next returns the size to try; false if there is none, or one is under way.
func (m *mtu) next() (int, bool) {
	if m.tried != 0 || len(m.left) == 0 {
		return 0, false
	}
	return m.left[0], true
}

func (m *mtu) passed(s *Stream) {
	if m.tried > m.size {
		m.size = m.tried
		s.cc.SetMSS(m.size)
	}
	m.tried, m.fails, m.left = 0, 0, m.left[1:]
}

func (m *mtu) failed() {
	m.tried = 0
	if m.fails++; m.fails == probeTries {
		m.left = nil
	}
}

// ProbeRefused says that the probe last emitted was too long for the machine
// itself.
func (s *Stream) ProbeRefused() {
	s.mtu.fails = probeTries
	s.mtu.left = nil
	s.mtu.tried = 0
	for seq := s.una; seq != s.next; seq++ {
		if p := s.flight.at(seq); p.probe {
			p.probe = false
			p.lost = true
			s.pipe -= len(p.payload)
			s.loss.queue = append(s.loss.queue, seq)
		}
	}
}

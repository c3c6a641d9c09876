package stream

import (
	"math/bits"
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// Bounds of what is held for the reader. A window begins small and doubles as
// long as the reader keeps up.
const (
	firstWindow = 256 << 10
	leastWindow = 32 << 10 // while memory is short
)

// ahead is how many packets after the next in order are kept: what a mask of
// selective acknowledgements can tell, and as many again.
const ahead = 1 << 12

// slotCost is what a packet out of order counts for at least: tiny ones cost more
// memory than they hold.
const slotCost = 128

// inbox is what has come.
type inbox struct {
	ready  chunks // in order
	slots  [][]byte
	bits   []uint64 // of slots: which are taken
	early  int      // slots taken
	cost   int      // bytes of them
	high   uint16   // the highest taken
	finSeq uint16
	hasFin bool // finSeq is known
	ended  bool // everything up to FIN was put into ready

	most, window int
	told         int // the window told last
	copied       int // by the reader, in this round
	round        time.Time

	ackNow  bool
	pending int // packets since the last acknowledgement
}

func (i *inbox) init(most int) {
	i.most, i.window = most, min(most, firstWindow)
}

func (i *inbox) bytes() int { return i.ready.n + i.cost }

func (i *inbox) drop() {
	i.slots, i.bits, i.early, i.cost = nil, nil, 0, 0
}

// fit is the part of the window that is free.
func (s *Stream) fit() int {
	w := s.in.window
	if s.cfg.Budget.over() {
		w = min(w, leastWindow)
	}
	return max(0, w-s.in.bytes())
}

// onData takes a packet with a number of its own.
func (s *Stream) onData(h packet.Header, payload []byte, now time.Time) {
	i := &s.in
	i.pending++
	d := int16(h.Seq - s.ack - 1)
	switch {
	case d < 0, d >= ahead, i.ended, i.hasFin && packet.Less(i.finSeq, h.Seq):
		i.ackNow = true // so that the peer learns where we are
		return
	case s.silent:
	case d > 0 && len(payload) > s.fit(), d == 0 && i.ready.n+len(payload) > i.window:
		i.ackNow = true // the next in order passes, or what is kept for it would be stuck
		return
	}
	if h.Type == packet.Fin && !i.hasFin {
		i.hasFin, i.finSeq = true, h.Seq
	}
	if d > 0 {
		s.keep(h.Seq, payload)
		return
	}
	s.deliver(payload)
	for i.early > 0 {
		slot := int(s.ack+1) & (ahead - 1)
		if i.bits[slot/64]>>(slot%64)&1 == 0 {
			break
		}
		b := i.slots[slot]
		i.slots[slot] = nil
		i.bits[slot/64] &^= 1 << (slot % 64)
		i.early--
		i.cost -= max(len(b), slotCost)
		s.deliver(b)
		i.ackNow = true
	}
	if i.early == 0 {
		i.drop()
	}
	s.grow(now)
}

// deliver takes the next packet in order.
func (s *Stream) deliver(payload []byte) {
	s.ack++
	if !s.silent {
		s.in.ready.write(payload)
	}
	if s.in.hasFin && s.ack == s.in.finSeq {
		s.in.ended, s.in.ackNow = true, true
	}
}

// keep puts a packet aside that came before others.
func (s *Stream) keep(seq uint16, payload []byte) {
	i := &s.in
	i.ackNow = true
	if i.slots == nil {
		i.slots, i.bits = make([][]byte, ahead), make([]uint64, ahead/64)
	}
	slot := int(seq) & (ahead - 1)
	if i.bits[slot/64]>>(slot%64)&1 == 1 {
		return
	}
	i.bits[slot/64] |= 1 << (slot % 64)
	if s.silent {
		payload = nil
	}
	i.slots[slot] = append([]byte(nil), payload...)
	if i.early == 0 || packet.Less(i.high, seq) {
		i.high = seq
	}
	i.early++
	i.cost += max(len(payload), slotCost)
}

// mask appends which packets from ack+2 on are there (BEP 29).
func (s *Stream) mask(dst []byte) []byte {
	i := &s.in
	if i.early == 0 {
		return dst
	}
	from := s.ack + 2
	n := min(int(i.high-from)/8+1, packet.MaxSACK)
	n = (n + 3) &^ 3
	for k := 0; k < n; k += 4 {
		at := int(from+uint16(k)*8) & (ahead - 1)
		w := i.bits[at/64] >> (at % 64)
		if at%64 > 32 {
			w |= i.bits[(at/64+1)%len(i.bits)] << (64 - at%64)
		}
		w = bits.ReverseBytes64(w) >> 32
		dst = append(dst, byte(w>>24), byte(w>>16), byte(w>>8), byte(w))
	}
	return dst
}

// grow doubles the window of a reader that took a good part of it in a round
// trip: the window must not be what limits.
func (s *Stream) grow(now time.Time) {
	i := &s.in
	trip := s.cc.RTT()
	if trip == 0 {
		trip = 100 * time.Millisecond
	}
	if now.Sub(i.round) < trip {
		return
	}
	if 4*i.copied > i.window && !s.cfg.Budget.over() {
		i.window = min(max(2*i.window, 4*i.copied), i.most)
	}
	i.copied, i.round = 0, now
}

// openWindow tells the peer of room when it had little.
func (s *Stream) openWindow() {
	if fit := s.fit(); fit-s.in.told >= s.in.window/4 || s.in.told < s.mtu.size && fit >= 2*s.mtu.size {
		s.in.ackNow = true
	}
}

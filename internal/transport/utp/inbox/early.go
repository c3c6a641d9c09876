package inbox

import (
	"math/bits"
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// keep puts a packet aside that came before its turn.
func (i *Inbox) keep(seq uint16, payload []byte) {
	i.hurry = true
	if i.slots == nil {
		i.slots, i.bits = make([][]byte, ahead), make([]uint64, ahead/64)
	}
	slot := int(seq) & (ahead - 1)
	if i.taken(slot) {
		return
	}
	i.bits[slot/64] |= 1 << (slot % 64)
	if i.mute {
		payload = nil
	}
	i.slots[slot] = append([]byte(nil), payload...)
	if i.early == 0 || packet.Less(i.high, seq) {
		i.high = seq
	}
	i.early++
	i.cost += max(len(payload), slotCost)
}

func (i *Inbox) taken(slot int) bool { return i.bits[slot/64]>>(slot%64)&1 == 1 }

// catchUp delivers what waited for the packet that came last.
func (i *Inbox) catchUp() {
	for i.early > 0 {
		slot := int(i.ack+1) & (ahead - 1)
		if !i.taken(slot) {
			return
		}
		b := i.slots[slot]
		i.slots[slot] = nil
		i.bits[slot/64] &^= 1 << (slot % 64)
		i.early--
		i.cost -= max(len(b), slotCost)
		i.deliver(b)
		i.hurry = true
	}
	i.Discard()
}

// Mask appends which packets from the second after Ack on are there, as BEP 29
// wants it: bit 0 of byte 0 is the first. It appends nothing if none is.
func (i *Inbox) Mask(dst []byte) []byte {
	if i.early == 0 {
		return dst
	}
	from := i.ack + 2
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

// Grow enlarges the window of a reader that took a good part of it in a round
// trip: it must not be the window that limits.
func (i *Inbox) Grow(trip time.Duration, now time.Time) {
	if now.Sub(i.round) < trip {
		return
	}
	if 4*i.copied > i.window && !i.budget.Over() {
		i.window = min(max(2*i.window, 4*i.copied), i.most)
	}
	i.copied, i.round = 0, now
}

// Package inbox is the receiving half of a uTP stream (BEP 29): it puts packets
// in order, bounds what it keeps, and says what is to be acknowledged.
package inbox

import (
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/buffer"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// Bounds of what is held for the reader. A window begins small and grows as long
// as the reader keeps up.
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

// Inbox is what has come.
type Inbox struct {
	budget *buffer.Budget
	ack    uint16 // the last in order
	ready  buffer.Chunks

	slots [][]byte // what came before its turn, by number
	bits  []uint64 // which slots are taken
	early int      // how many
	cost  int      // bytes of them
	high  uint16   // the highest taken

	fin    uint16
	hasFin bool // fin is known
	ended  bool // everything up to FIN came
	mute   bool // nobody reads

	most, window int
	told         int // the room told last
	copied       int // by the reader, in this round
	round        time.Time

	hurry   bool // an acknowledgement is due at once
	pending int  // packets since the last one
}

// New returns an inbox that holds most bytes, or fewer if the budget of all
// demands it.
func New(most int, b *buffer.Budget) *Inbox {
	return &Inbox{budget: b, most: most, window: min(most, firstWindow)}
}

// Start sets the number before the first packet.
func (i *Inbox) Start(ack uint16) { i.ack = ack }

// Ack returns the number of the last packet in order.
func (i *Inbox) Ack() uint16 { return i.ack }

// Bytes returns how many bytes are held.
func (i *Inbox) Bytes() int { return i.ready.Len() + i.cost }

// Gap reports whether packets came before their turn.
func (i *Inbox) Gap() bool { return i.early > 0 }

// Readable reports whether Read has something.
func (i *Inbox) Readable() bool { return i.ready.Len() > 0 }

// EOF reports whether all came up to the FIN.
func (i *Inbox) EOF() bool { return i.ended }

// Room returns the window to tell the peer.
func (i *Inbox) Room() int {
	w := i.window
	if i.budget.Over() {
		w = min(w, leastWindow)
	}
	return max(0, w-i.Bytes())
}

// Told notes which window the peer was told.
func (i *Inbox) Told(room int) { i.told = room }

// Read moves bytes to p.
func (i *Inbox) Read(p []byte) int {
	n := i.ready.Read(p)
	i.copied += n
	return n
}

// Reopened reports whether the peer should hear of room that Read has made. It
// was told little before.
func (i *Inbox) Reopened(packet int) bool {
	room := i.Room()
	return room-i.told >= i.window/4 || i.told < packet && room >= 2*packet
}

// Mute throws away what there is and what will come: nobody reads any more.
func (i *Inbox) Mute() {
	i.mute = true
	i.Clear()
	i.Discard()
}

// Clear throws away what is to be read.
func (i *Inbox) Clear() { i.ready = buffer.Chunks{} }

// Discard throws away what came before its turn.
func (i *Inbox) Discard() { i.slots, i.bits, i.early, i.cost = nil, nil, 0, 0 }

// Due tells whether an acknowledgement is due: at once, or with the next packet
// that goes out anyway.
func (i *Inbox) Due() (now, soon bool) { return i.hurry || i.pending >= 2, i.pending > 0 }

// Hurry makes an acknowledgement due at once.
func (i *Inbox) Hurry() { i.hurry = true }

// Acked notes that one was sent.
func (i *Inbox) Acked() { i.hurry, i.pending = false, 0 }

// Put takes a packet that has a number of its own.
func (i *Inbox) Put(seq uint16, fin bool, payload []byte) {
	i.pending++
	d := int16(seq - i.ack - 1)
	switch {
	case d < 0, d >= ahead, i.ended, i.hasFin && packet.Less(i.fin, seq):
		i.hurry = true // so that the peer learns where we are
		return
	case i.mute:
	case d > 0 && len(payload) > i.Room(), d == 0 && i.ready.Len()+len(payload) > i.window:
		i.hurry = true // the next in order passes, or what waits for it would be stuck
		return
	}
	if fin && !i.hasFin {
		i.hasFin, i.fin = true, seq
	}
	if d > 0 {
		i.keep(seq, payload)
		return
	}
	i.deliver(payload)
	i.catchUp()
}

// deliver takes the next packet in order.
func (i *Inbox) deliver(payload []byte) {
	i.ack++
	if !i.mute {
		i.ready.Write(payload)
	}
	if i.hasFin && i.ack == i.fin {
		i.ended, i.hurry = true, true
	}
}

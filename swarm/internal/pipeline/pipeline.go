// Package pipeline decides how many blocks to keep requested from one peer.
//
// A [Window] measures the rate and the round-trip time of a connection and keeps
// about twice their product outstanding, so that the peer never waits for our
// next request and no slow peer holds blocks that others could bring. It starts
// at 32 blocks and doubles every round while the rate grows, as TCP's slow start
// does (RFC 5681 §3.1), or grows fourfold while rounds are short: TCP must not find
// it has nothing to send. It ends at 16 MiB or at what the peer accepts (BEP 10:
// reqq). The part "slow" of the bench needs 8 MiB of that, three round trips: two to
// find and mend a loss, during which nothing is delivered, and one on its way.
//
// Requests go out in batches of at least 32 when the window is large: one write
// for many requests, and TLS records whose lengths say little.
//
// Time comes in as an argument. A Window belongs to one connection and is not
// safe for concurrent use; its methods cost a few nanoseconds and never allocate.
package pipeline

import (
	"math"
	"time"
)

// BlockLen is the length of a block in bytes (BEP 3).
const BlockLen = 16 << 10

// The bounds of a window, in blocks.
const (
	Min   = 2
	Start = 32
	Batch = 32
)

// DefaultCap bounds what is outstanding, in bytes.
const DefaultCap = 16 << 20

// A peer on the same machine or network answers within near, at any rate; more
// than nearCap blocks outstanding would only lie about in memory until they
// have left the processor's cache, which the bench's part "many" shows.
const (
	near    = 5 * time.Millisecond
	nearCap = 64
)

// A Window is the request window of one connection.
type Window struct {
	reqq     int // what the peer accepts, 0 if it did not say
	capacity int // in blocks
	target   int

	outstanding int
	sent, done  int64 // blocks, since the beginning
	lastBlock   time.Time
	lastSend    time.Time // of a batch sent while nothing was outstanding

	rtt   rtt
	meter meter
	round round
}

// New returns a window for a peer that accepts reqq outstanding requests; 0
// means that it did not say.
func New(reqq int) *Window {
	w := &Window{capacity: DefaultCap / BlockLen, target: Start, round: round{end: Start, slowStart: true}}
	w.SetReqq(reqq)
	return w
}

// SetReqq sets how many outstanding requests the peer accepts (BEP 10: reqq);
// 0 means that it did not say.
func (w *Window) SetReqq(n int) { w.reqq = max(n, 0) }

// SetCap bounds what is outstanding, in bytes.
func (w *Window) SetCap(bytes int) { w.capacity = max(bytes/BlockLen, Min) }

// Target returns how many blocks should be outstanding.
func (w *Window) Target() int {
	t := max(min(w.target, w.capacity), Min)
	if w.rtt.min > 0 && w.rtt.min < near {
		t = min(t, nearCap)
	}
	if w.reqq > 0 {
		t = min(t, w.reqq)
	}
	return t
}

// Want returns how many blocks to request now, given how many are outstanding:
// what is missing to the target, or 0 until a batch is. A batch is 32 blocks, or
// half the window when that is less.
func (w *Window) Want(outstanding int) int {
	w.sync(outstanding)
	t := w.Target()
	room := t - outstanding
	if room < min(Batch, max(t/2, 1)) {
		return 0
	}
	return room
}

// sync takes over the caller's count, which also knows what was cancelled,
// rejected or choked away.
func (w *Window) sync(outstanding int) {
	if outstanding == w.outstanding {
		return
	}
	w.outstanding = max(outstanding, 0)
	w.sent = w.done + int64(w.outstanding)
	w.rtt.probing = false
}

// OnSent says that a batch of blocks was requested.
func (w *Window) OnSent(blocks int, now time.Time) {
	if blocks <= 0 {
		return
	}
	if w.outstanding == 0 {
		w.lastSend = now
		w.meter.resume(now)
		w.round.begin(w.done, w.Target(), now)
	}
	if !w.rtt.probing {
		w.rtt.probe(w.sent+1, w.outstanding == 0, now)
	}
	w.sent += int64(blocks)
	w.outstanding += blocks
}

// OnDropped says that blocks will not come: cancelled, rejected (BEP 6), or
// forgotten by a choke. Telling Want the new count does the same.
func (w *Window) OnDropped(blocks int) { w.sync(w.outstanding - blocks) }

// OnBlocks says that n blocks of together bytes bytes have arrived.
func (w *Window) OnBlocks(n, bytes int, now time.Time) {
	w.done += int64(n)
	w.outstanding = max(w.outstanding-n, 0)
	w.sent = max(w.sent, w.done)
	w.lastBlock = now
	w.rtt.arrived(w.done, now)
	fresh := w.meter.add(bytes, now)
	if !w.round.slowStart {
		if fresh {
			w.retarget()
		}
		return
	}
	if rate, ok := w.round.arrived(w.done, bytes, now); ok {
		w.endRound(rate, now)
	} else if fresh && w.round.slow(now) {
		w.leaveSlowStart()
	}
}

// endRound grows the window in slow start, or leaves slow start once the rate
// has stopped growing.
func (w *Window) endRound(rate float64, now time.Time) {
	if w.round.grew(rate) {
		w.target = min(w.target*w.round.factor(now), w.capacity)
	} else if w.round.flat >= flatRounds {
		w.meter.seed(rate)
		w.leaveSlowStart()
	}
	w.round.begin(w.done, w.Target(), now)
}

func (w *Window) leaveSlowStart() {
	w.round.slowStart = false
	w.retarget()
}

// headroom is how much longer than two round trips the window lasts: the
// peer's disk and scheduler may pause that long without draining it, and batches
// leave it partly empty.
const headroom = 500 * time.Millisecond

// retarget sets the window from rate and round-trip time.
func (w *Window) retarget() {
	span := 2*w.rtt.min + headroom
	blocks := math.Ceil(w.meter.rate * span.Seconds() / BlockLen)
	w.target = int(max(Min, min(blocks, float64(w.capacity))))
}

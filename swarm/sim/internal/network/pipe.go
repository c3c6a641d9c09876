package network

import (
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
)

// Block is a block on its way.
type Block struct {
	Piece, Index int32
	Content      uint64 // what it says; the right content of a block is known
}

// Source has blocks to send.
type Source interface {
	// Waiting reports whether Next has a block now.
	Waiting() bool
	// Next takes out the block to send.
	Next() (Block, bool)
}

// Sink takes blocks that arrived.
type Sink interface {
	// Land takes a block. Until the time it returns the connection is not read.
	Land(Block) (busy time.Duration)
}

// Pipe is one direction of a connection.
type Pipe struct {
	from, to *Host
	src      Source
	dst      Sink
	queued   bool // among the host's turns
	closed   bool

	inflight int
	window   float64         // blocks, TCP's congestion window (RFC 5681)
	slow     float64         // threshold of slow start
	acks     []time.Duration // when what has landed is acknowledged, in order
	waking   bool            // an event will look at them
	cut      time.Duration
	last     time.Duration // nothing arrives before what was sent earlier
	heard    time.Duration // the last acknowledgement, or when the first block went out
	busy     time.Duration // until when the reader does something else
}

// The bounds of a congestion window, in blocks: ten packets (RFC 6928), and 4
// MiB of socket buffers.
const (
	firstWindow = 1
	maxWindow   = 256
)

// NewPipe returns the direction from one host to another.
func NewPipe(from, to *Host, src Source, dst Sink) *Pipe {
	return &Pipe{from: from, to: to, src: src, dst: dst, window: firstWindow, slow: maxWindow}
}

// Close drops what is on its way.
func (p *Pipe) Close() { p.closed = true }

// Kick tells that the source may have something.
func (p *Pipe) Kick() { p.from.enrol(p) }

// Stuck returns for how long nothing of what is on its way was acknowledged.
func (p *Pipe) Stuck() time.Duration {
	if p.open(); p.inflight == 0 {
		return 0
	}
	return p.from.net.Time.Elapsed() - p.heard
}

// Moving reports whether something is on its way and nothing holds it up.
func (p *Pipe) Moving() bool { return p.inflight > 0 && !p.closed && !p.from.net.Apart(p.from, p.to) }

func (p *Pipe) ready() bool {
	return !p.closed && !p.from.net.Apart(p.from, p.to) && p.open() && p.src.Waiting()
}

// open reports whether the window lets a block pass. Acknowledgements are counted
// when somebody asks; one that is waited for is an event.
func (p *Pipe) open() bool {
	now := p.from.net.Time.Elapsed()
	for len(p.acks) > 0 && p.acks[0] <= now {
		p.heard = p.acks[0]
		p.acks = p.acks[1:]
		p.acked()
	}
	if p.inflight < int(p.window) {
		return true
	}
	p.await()
	return false
}

// await wakes the host at the next acknowledgement.
func (p *Pipe) await() {
	if p.waking || len(p.acks) == 0 {
		return
	}
	p.waking = true
	p.from.net.Time.At(p.acks[0], events.Acked, p.to.ID, p.from.ID, func() {
		p.waking = false
		p.from.enrol(p)
	})
}

// Tell delivers a message that is not a block, in order with what was sent
// before it. Messages are small: they take time, and no bandwidth.
func (p *Pipe) Tell(do func()) {
	net := p.from.net
	p.arrive(net.Delay(p.from, p.to), events.Told, func() {
		if !p.closed {
			do()
		}
	})
}

// arrive schedules what reaches the other end. While a partition lasts it is
// sent again every now and then, as TCP does.
func (p *Pipe) arrive(d time.Duration, kind events.Kind, do func()) {
	q := p.from.net.Time
	p.last = max(p.last, q.Elapsed()+d)
	q.At(p.last, kind, p.from.ID, p.to.ID, func() { p.reach(d, kind, do) })
}

// retransmit is how long TCP takes to find out that a partition has healed.
const retransmit = time.Second

func (p *Pipe) reach(d time.Duration, kind events.Kind, do func()) {
	if p.closed || !p.from.net.Apart(p.from, p.to) {
		do()
		return
	}
	p.arrive(retransmit, kind, do)
}

// send puts a block on the line of the host.
func (p *Pipe) send(b Block) {
	h, net := p.from, p.from.net
	if p.inflight == 0 {
		p.heard = net.Time.Elapsed()
	}
	p.inflight++
	h.Sent++
	rate := h.Up
	if h.Disk > 0 {
		rate = min(rate, h.Disk)
	}
	net.Time.After(seconds(BlockLen/rate), events.Sent, h.ID, p.to.ID, func() {
		h.sending = false
		p.travel(b)
		h.pump()
	})
}

func (p *Pipe) travel(b Block) {
	net := p.from.net
	d := net.Delay(p.from, p.to)
	if loss := p.from.blockLoss(p.to); loss > 0 && net.Rand.Float64() < loss {
		p.shrink()
		d += 2 * (p.from.Delay + p.to.Delay)
	}
	p.arrive(d, events.Arrived, func() { p.queueDown(b) })
}

// bloat is how much may wait in front of a host's line before packets are lost.
const bloat = 300 * time.Millisecond

// queueDown takes the block through the line of the receiver.
func (p *Pipe) queueDown(b Block) {
	h, q := p.to, p.from.net.Time
	if p.closed {
		p.inflight--
		return
	}
	if h.downFree-q.Elapsed() > bloat {
		p.shrink()
	}
	h.downFree = max(h.downFree, q.Elapsed()) + seconds(BlockLen/h.Down)
	q.At(h.downFree, events.Landed, p.from.ID, h.ID, func() { p.land(b) })
}

func (p *Pipe) land(b Block) {
	q := p.from.net.Time
	if !p.closed && p.busy > q.Elapsed() {
		q.At(p.busy, events.Landed, p.from.ID, p.to.ID, func() { p.land(b) })
		return
	}
	if !p.closed {
		p.busy = q.Elapsed() + p.dst.Land(b)
	}
	p.acks = append(p.acks, q.Elapsed()+p.to.Delay+p.from.Delay)
	if p.inflight >= int(p.window) {
		p.await()
	}
}

// acked opens the window: twofold every round trip in slow start, by one after.
func (p *Pipe) acked() {
	p.inflight--
	if p.window < p.slow {
		p.window++
	} else {
		p.window += 1 / p.window
	}
	p.window = min(p.window, maxWindow)
}

// shrink halves the window, once a round trip.
func (p *Pipe) shrink() {
	now := p.from.net.Time.Elapsed()
	if now < p.cut {
		return
	}
	p.window = max(p.window/2, firstWindow)
	p.slow = p.window
	p.cut = now + 2*(p.from.Delay+p.to.Delay)
}

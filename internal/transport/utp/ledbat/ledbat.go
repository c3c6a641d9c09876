// Package ledbat decides how much of a connection may be on its way at a time
// (RFC 6817): it fills a link as long as nobody waits in its queue, and yields
// to others as soon as somebody does.
//
// It departs from RFC 6817 in two points, both because a link that is long,
// fast and not without errors stays empty otherwise. The window changes by a
// part of itself instead of one packet a round trip. And a loss without a queue
// is not taken for congestion: the window falls to what the path was seen to
// deliver, as in TCP Westwood+, and never below half; who loses many packets
// is halved as the RFC says.
package ledbat

import "time"

// Target is how long packets may wait in the queue of a link because of us.
const Target = 100 * time.Millisecond

const (
	initialPackets = 10 // RFC 6928
	minPackets     = 2
	// growth and decay are the parts of the window by which it changes in a round
	// trip, if the queue is empty or twice the target.
	growth = 1. / 16
	decay  = 1. / 4
	// tolerance is which part of the packets may be lost before losses count as
	// congestion although nothing waits.
	tolerance = 0.02
	sample    = 500 // packets: fewer say little about the part that is lost
)

// Control is the window of one direction of a connection. It takes the time as
// an argument.
type Control struct {
	mss, most float64
	cwnd      float64
	threshold float64 // slow start ends there
	slow      bool    // slow start: double in a round trip

	rtt   rtt
	delay delays
	rate  rate
	round round
}

// round counts what happened in a round trip, or in as many as it takes to see
// enough packets.
type round struct {
	end         time.Time
	acked, lost int
	share       float64 // lost of all, in the round before
}

// New returns a control for packets of mss bytes that lets most bytes out.
func New(mss, most int) *Control {
	c := &Control{mss: float64(mss), most: float64(most), slow: true, threshold: float64(most)}
	c.cwnd = initialPackets * c.mss
	return c
}

// SetMSS says how long packets are from now on.
func (c *Control) SetMSS(n int) { c.mss = float64(n) }

// Window returns how many bytes may be on their way.
func (c *Control) Window() int { return int(c.cwnd) }

// Timeout returns how long to wait for an acknowledgement (BEP 29).
func (c *Control) Timeout() time.Duration { return c.rtt.timeout() }

// RTT returns the smoothed round trip time, zero before the first sample.
func (c *Control) RTT() time.Duration { return c.rtt.smooth }

// MinRTT returns the shortest round trip lately, zero before the first sample.
func (c *Control) MinRTT() time.Duration { return c.rtt.shortest() }

// Queueing returns how long packets wait in queues on their way.
func (c *Control) Queueing() time.Duration { return c.delay.queueing() }

// Sent returns what a packet that leaves now has to remember for Acked.
func (c *Control) Sent(now time.Time, idle bool) Mark { return c.rate.mark(now, idle) }

// Delay takes a sample of how long a packet took, in microseconds that are off
// by an unknown constant: the timestamp difference of BEP 29.
func (c *Control) Delay(us uint32, now time.Time) { c.delay.add(us, now) }

// Trip takes a sample of the round trip time, of a packet that was sent once.
func (c *Control) Trip(d time.Duration, now time.Time) { c.rtt.add(d, now) }

// Acked says that n bytes have arrived, the last of them in the packet of m.
// full tells that the window was used up: one that is not does not grow.
func (c *Control) Acked(n int, m Mark, full bool, now time.Time) {
	c.rate.acked(n, m, c.rtt.smooth, c.rtt.shortest(), now)
	c.round.acked += n
	c.turn(now)
	if !full {
		return
	}
	// 1 with an empty queue, 0 at the target, negative above.
	off := max(-1, 1-float64(c.delay.queueing())/float64(Target))
	switch {
	case c.slow && off > 0.25 && c.cwnd < c.threshold:
		c.cwnd += float64(n) * (off - 0.25) / 0.75 // slower as the queue fills, not to overshoot
	case c.slow:
		c.slow = false
		if bdp := c.bdp(); bdp > 0 {
			c.cwnd = min(c.cwnd, bdp*1.25)
		}
	case off > 0:
		c.cwnd += max(c.mss, c.cwnd*growth) * off * float64(n) / c.cwnd
	default:
		// Not below what the path holds without a queue: the samples are a round
		// trip old. What others take of the path lowers that too.
		c.cwnd = max(c.cwnd+decay*off*float64(n), min(c.cwnd, c.bdp()))
	}
	c.clamp()
}

// Lost says that n bytes were lost. first is set once a round trip.
func (c *Control) Lost(n int, first bool, now time.Time) {
	c.round.lost += n
	if !first {
		return
	}
	heavy := c.round.share > tolerance
	c.round.share = 0                                        // answered
	if c.slow && !heavy && c.delay.queueing() < Target*3/4 { // the burst of a window that doubles waits for itself
		return
	}
	c.slow = false
	floor := c.cwnd / 2
	if !heavy {
		floor = max(floor, min(c.cwnd, c.bdp()))
	}
	c.cwnd = floor
	c.clamp()
}

// TimedOut says that nothing was heard for so long that all is taken for lost.
func (c *Control) TimedOut() {
	c.threshold = max(c.cwnd/2, minPackets*c.mss)
	c.cwnd, c.slow = minPackets*c.mss, true
	c.rtt.backOff()
}

// Idle says that nothing was sent for a while: what was learnt may be wrong.
func (c *Control) Idle() {
	if most := 4 * initialPackets * c.mss; c.cwnd > most {
		c.threshold = c.cwnd
		c.cwnd, c.slow = most, true
	}
}

// bdp returns how many bytes the path holds without a queue.
func (c *Control) bdp() float64 { return c.rate.best() * c.rtt.shortest().Seconds() }

func (c *Control) clamp() { c.cwnd = min(max(c.cwnd, minPackets*c.mss), c.most) }

func (c *Control) turn(now time.Time) {
	all := c.round.acked + c.round.lost
	if now.Before(c.round.end) || float64(all) < sample*c.mss {
		return
	}
	c.round = round{end: now.Add(c.rtt.smooth), share: float64(c.round.lost) / float64(all)}
}

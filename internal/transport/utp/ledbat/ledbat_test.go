package ledbat

import (
	"testing"
	"time"
)

const mss = 1400

// drive acknowledges rounds full windows, of which each packet waited for
// queueing.
func drive(c *Control, now time.Time, rounds int, queueing time.Duration) time.Time {
	const trip = 50 * time.Millisecond
	for range rounds {
		n := c.Window()
		m := c.Sent(now, true)
		now = now.Add(trip + queueing)
		for ; n > 0; n -= mss {
			c.Trip(trip+queueing, now)
			c.Delay(uint32(1000+queueing.Microseconds()), now)
			c.Acked(mss, m, true, now)
		}
	}
	return now
}

func TestWindowFollowsTheQueue(t *testing.T) {
	c := New(mss, 1<<24)
	now := drive(c, time.Unix(1, 0), 6, 0)
	grown := c.Window()
	if grown < 16*initialPackets*mss {
		t.Errorf("after six round trips without a queue: %d bytes", grown)
	}
	now = drive(c, now, 20, 2*Target)
	if c.Window() > grown/2 {
		t.Errorf("does not yield: %d of %d bytes", c.Window(), grown)
	}
	least := c.Window()
	drive(c, now, 20, 0)
	if c.Window() < 2*least {
		t.Errorf("does not come back: %d of %d bytes", c.Window(), least)
	}
}

func TestLosses(t *testing.T) {
	c := New(mss, 1<<24)
	now := drive(c, time.Unix(1, 0), 7, 0)
	c.slow = false
	now = drive(c, now, 2, 0) // what slow start adds is not delivered yet
	before := c.Window()
	c.Lost(mss, true, now)
	if c.Window() < before*3/4 {
		t.Errorf("one loss without a queue takes %d to %d", before, c.Window())
	}
	before = c.Window()
	c.round.share = 2 * tolerance
	c.Lost(mss, true, now)
	if c.Window() > before/2+mss {
		t.Errorf("heavy losses take %d to %d", before, c.Window())
	}
	before = c.Window()
	c.Lost(mss, false, now)
	if c.Window() != before {
		t.Error("a round trip is punished twice")
	}
	c.TimedOut()
	if c.Window() != minPackets*mss || c.Timeout() < time.Second {
		t.Errorf("after a timeout: %d bytes, the next in %v", c.Window(), c.Timeout())
	}
}

func TestBounds(t *testing.T) {
	c := New(mss, 100*mss)
	now := drive(c, time.Unix(1, 0), 20, 0)
	if c.Window() != 100*mss {
		t.Errorf("%d bytes, at most %d are allowed", c.Window(), 100*mss)
	}
	for range 100 {
		c.Lost(mss, true, now)
		c.round.share = 1
	}
	if c.Window() < minPackets*mss {
		t.Errorf("%d bytes: nothing fits", c.Window())
	}
	c.Idle()
	if c.Window() > 100*mss {
		t.Error("grows by being idle")
	}
}

// Samples are of two clocks, and wrap.
func TestDelays(t *testing.T) {
	var d delays
	now := time.Unix(1, 0)
	for _, us := range []uint32{0xffffff00, 0xffffffff, 0x00000100} {
		for range current {
			d.add(us, now)
		}
	}
	if got := d.queueing(); got != 0x200*time.Microsecond {
		t.Errorf("queueing %v", got)
	}
	for range histories + 1 { // the clocks drift apart, and the base with them
		now = now.Add(historyPiece)
		d.add(0x00000100, now)
	}
	if got := d.queueing(); got != 0 {
		t.Errorf("queueing %v by an old base", got)
	}
}

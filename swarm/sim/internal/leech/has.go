package leech

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/pulse"
)

// recent is how long ago others have delivered who still do.
const recent = 10 * time.Second

// Judge says whether to keep the peer, as packages peer and fetch do. moves says
// that packets of a block arrive, which have no events of their own; received is
// how many bytes of content came.
func (c *Peer) Judge(s pulse.Signs, moves bool, received int64) (sign bool, err error) {
	now := c.l.time.Elapsed()
	if moves {
		s.Landing, s.In = 1, int64(now)
	}
	sign, err = pulse.Check(s)
	if c.vain.Tick(c.l.time.Now(), s, received, len(c.asks) > 0) && now-c.l.Progress <= recent && !c.l.Pick.Alone(&c.has) {
		err = pulse.ErrVain
	}
	return sign, err
}

// HasSet sets what the peer has; all means everything.
func (c *Peer) HasSet(have []bool, all bool) {
	c.lose()
	c.has, c.count = set{all: all}, len(have)
	if all {
		c.l.Pick.GainAll()
	} else {
		c.has, c.count = newSet(len(have)), 0
		for i, h := range have {
			if h {
				c.has.add(i)
				c.count++
			}
		}
		c.l.Pick.GainSet(&c.has)
	}
	c.nudge()
}

// Has adds a piece to what the peer has.
func (c *Peer) Has(i int) {
	if !c.has.Has(i) {
		c.has.add(i)
		c.count++
		c.l.Pick.Gain(i)
	}
	c.nudge()
}

// nudge looks for work, for this peer and then for those whom that helps.
func (c *Peer) nudge() {
	if c.idle {
		c.idle = false
		c.fill()
		c.unlock()
	}
}

// Knows reports whether the peer has piece i.
func (c *Peer) Knows(i int) bool { return c.has.Has(i) }

// Seed reports whether the peer has everything.
func (c *Peer) Seed() bool { return c.count == c.l.content.Pieces }

// Interesting reports whether the peer has something that is still wanted.
func (c *Peer) Interesting() bool { return c.l.Pick.Interested(&c.has) }

// AwaitingSince returns since when we have waited for a block in vain; ok is
// false if nothing is asked.
func (c *Peer) AwaitingSince() (since time.Duration, ok bool) { return c.last, len(c.asks) > 0 }

// Outstanding returns the number of requests under way.
func (c *Peer) Outstanding() int { return len(c.asks) }

package choker

import (
	"cmp"
	"slices"
	"time"
)

// base is added to every rate before the weight multiplies it, in bytes per
// second: it changes no order among neutral peers, and lets weight decide among
// those that have sent nothing yet.
const base = 1024

func (p *peer) merit() float64 { return (p.down + base) * p.Weight }

// reciprocate gives the regular slots to the peers that send us the most and
// the optimistic ones to others.
func (c *Choker) reciprocate(now time.Time, peers []*peer) {
	slots := c.Slots()
	ranked := slices.Clone(peers)
	ranked = slices.DeleteFunc(ranked, func(p *peer) bool { return p.snubbed })
	slices.SortStableFunc(ranked, byMerit)
	for _, p := range ranked[:min(len(ranked), slots-optimisticSlots(slots))] {
		p.slot = regular
	}
	rotate := c.rotated.IsZero() || now.Sub(c.rotated) >= OptimisticPeriod
	if rotate {
		c.rotated = now
	} else {
		c.stay(peers)
	}
	c.discover(now, peers, rotate)
}

// stay leaves the optimistic slots as they were, as far as there is room: more
// than usual may have been given while others had no use for a regular one.
func (c *Choker) stay(peers []*peer) {
	free := c.free(peers)
	for _, p := range peers {
		if p.slot == none && p.was == optimistic && free > 0 {
			p.slot = optimistic
			free--
		}
	}
}

// byMerit orders peers by what they earn; among equals those served now stay,
// and then those who have waited longest come first.
func byMerit(a, b *peer) int {
	if d := cmp.Compare(b.merit(), a.merit()); d != 0 {
		return d
	}
	if a.was != b.was && (a.was == none || b.was == none) {
		return cmp.Compare(b.was, a.was)
	}
	return a.since.Compare(b.since)
}

// newcomer is how long after connecting a peer that was never served has three
// times the chance of an optimistic slot.
const newcomer = 60 * time.Second

// discover draws peers for the free slots, by chance in proportion to their
// weight. On rotation whoever had an optimistic slot steps back unless nobody
// else wants it.
func (c *Choker) discover(now time.Time, peers []*peer, rotate bool) {
	var fresh, former []*peer
	for _, p := range peers {
		switch {
		case p.slot != none:
		case rotate && p.was == optimistic:
			former = append(former, p)
		default:
			fresh = append(fresh, p)
		}
	}
	free := c.free(peers)
	for _, pool := range [][]*peer{fresh, former} {
		for free > 0 && len(pool) > 0 {
			at := c.draw(now, pool)
			pool[at].slot = optimistic
			pool = slices.Delete(pool, at, at+1)
			free--
		}
	}
}

// free counts the slots that nobody has.
func (c *Choker) free(peers []*peer) int {
	n := c.Slots()
	for _, p := range peers {
		if p.slot != none {
			n--
		}
	}
	return n
}

// draw returns the place of a peer in pool, drawn in proportion to chance.
func (c *Choker) draw(now time.Time, pool []*peer) int {
	var sum float64
	for _, p := range pool {
		sum += p.chance(now)
	}
	x := c.rng.Float64() * sum
	for i, p := range pool {
		if x -= p.chance(now); x < 0 {
			return i
		}
	}
	return len(pool) - 1
}

func (p *peer) chance(now time.Time) float64 {
	if !p.served && now.Sub(p.Connected) < newcomer {
		return 3 * p.Weight
	}
	return p.Weight
}

// keep leaves every eligible peer the slot it had.
func (c *Choker) keep(peers []*peer) {
	free := c.Slots()
	for _, p := range peers {
		if p.was != none && free > 0 {
			p.slot = p.was
			free--
		}
	}
}

// fillFree gives free slots to those who deserve them most, between rechokes. A
// snubbed peer gets one as an optimistic slot, after all others.
func (c *Choker) fillFree(now time.Time, peers []*peer) {
	waiting := slices.DeleteFunc(slices.Clone(peers), func(p *peer) bool { return p.slot != none })
	slices.SortStableFunc(waiting, func(a, b *peer) int {
		switch {
		case a.snubbed != b.snubbed && a.snubbed:
			return 1
		case a.snubbed != b.snubbed:
			return -1
		case c.seeding:
			return byWait(now)(a, b)
		}
		return byMerit(a, b)
	})
	for _, p := range waiting[:min(len(waiting), max(c.free(peers), 0))] {
		p.slot = regular
		if p.snubbed && !c.seeding {
			p.slot = optimistic
		}
	}
}

package choker

import (
	"cmp"
	"slices"
	"time"
)

const (
	turn     = 60 * time.Second // of a slot that goes round
	idleRate = 1 << 10          // bytes per second below which a turn ends early
)

// seed leaves half of the slots to the peers that take data fastest and lets the
// others go round: whoever has used up a turn makes room for whoever has waited
// longest.
func (c *Choker) seed(now time.Time, peers []*peer) {
	slots := c.Slots()
	ranked := slices.Clone(peers)
	slices.SortStableFunc(ranked, func(a, b *peer) int {
		return cmp.Compare(b.up*b.Weight, a.up*a.Weight)
	})
	for _, p := range ranked[:min(len(ranked), slots/2)] {
		if p.was != none && p.up >= idleRate {
			p.slot = regular
		}
	}
	round := slices.DeleteFunc(ranked, func(p *peer) bool { return p.slot != none })
	wait := byWait(now)
	slices.SortStableFunc(round, func(a, b *peer) int {
		if d := cmp.Compare(a.stage(now), b.stage(now)); d != 0 {
			return d
		}
		if a.was == none {
			return wait(a, b)
		}
		return cmp.Compare(b.up*b.Weight, a.up*a.Weight)
	})
	for _, p := range round[:min(len(round), c.free(peers))] {
		p.slot = regular
	}
}

// The stages in which peers come round: first those whose turn lasts, then those
// who wait, at last those whose turn is over.
const (
	inTurn = iota
	waiting
	turnOver
)

func (p *peer) stage(now time.Time) int {
	held := now.Sub(p.since)
	switch {
	case p.was == none:
		return waiting
	case held >= turn, held >= RateWindow && p.up < idleRate:
		return turnOver
	}
	return inTurn
}

// byWait orders peers by how long they have been choked times their weight.
func byWait(now time.Time) func(a, b *peer) int {
	return func(a, b *peer) int {
		return cmp.Compare(now.Sub(b.since).Seconds()*b.Weight, now.Sub(a.since).Seconds()*a.Weight)
	}
}

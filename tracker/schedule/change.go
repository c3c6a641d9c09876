package schedule

import (
	"slices"
	"time"
)

// SetTrackers replaces the trackers of a torrent. Those that stay keep what is known
// of them; those that go are told once, if they know the torrent.
func (s *Schedule) SetTrackers(id ID, tiers [][]Tracker, now time.Time) {
	e := s.entries[id]
	if e == nil || e.removed || s.draining {
		return
	}
	asked := -1 // which of the old ones is being asked
	if e.place == flying {
		asked = int(e.current)
	} else {
		s.take(e)
	}
	old := e.slots
	e.slots = nil
	s.fill(e, tiers)
	for i, t := range old {
		at := e.find(t.url.Value())
		switch {
		case at >= 0:
			t.tier, t.typed, t.leaving = e.slots[at].tier, e.slots[at].typed, false
			e.slots[at] = t
			s.release(t.host) // counted twice
		case t.told || i == asked:
			t.leaving = true
			e.slots = append(e.slots, t)
			at = len(e.slots) - 1
		default:
			s.release(t.host)
		}
		if i == asked {
			e.current = uint8(at)
		}
	}
	if len(e.slots) > 0 && !e.slots[0].told {
		e.due = s.at(now)
	}
	s.replan(e, s.at(now))
}

// drop forgets trackers that were to go and know of that, or never knew the torrent.
// None of them is being asked.
func (s *Schedule) drop(e *entry) {
	e.slots = slices.DeleteFunc(e.slots, func(t slot) bool {
		out := t.leaving && !t.told
		if out {
			s.release(t.host)
		}
		return out
	})
}

package choker

import "math"

const (
	// manySlots is how many peers are served at most, unless more are configured.
	manySlots = 48
	// fewSlots is how many an upload without a limit is begun with.
	fewSlots = 8
)

// slots returns how many peers are unchoked at most where that does not depend on
// what is measured: what was configured, else a number that grows with the square
// root of the upload limit, as the original client's did, so that both the slots
// and the rate of each grow with it. It is at least 2: one to reward and one to
// discover.
func (c Config) slots() int {
	if c.Slots > 0 {
		return max(c.Slots, 2)
	}
	return max(slotsFor(float64(c.UploadLimit)), 2)
}

func slotsFor(rate float64) int { return min(int(math.Sqrt(max(rate, 0)*0.6/1000)), manySlots) }

// unlimited reports whether the number of slots is found by measuring.
func (c Config) unlimited() bool { return c.Slots <= 0 && c.UploadLimit <= 0 }

// Slots returns how many peers are unchoked at most.
func (c *Choker) Slots() int {
	if c.cfg.unlimited() {
		return c.search.slots()
	}
	return c.cfg.slots()
}

// optimisticSlots returns how many of the slots are optimistic while downloading.
func optimisticSlots(slots int) int { return max(slots/5, 1) }

// The terms of a search, in rechokes.
const (
	restRounds  = 6 // between trials
	trialRounds = 3 // of a trial: the rates are of RateWindow then, and of nothing before
)

// search finds the number of slots for an upload without a limit. Too many make
// every peer wait for a piece it could pass on: a crowd around one seed gets
// going slowly. Too few leave the line idle when peers take little. So there are
// as many as a limit of the rate that is measured would give; now and then half
// as many again are tried, and kept if the upload gains by it, or a third fewer,
// and kept if it does not lose.
type search struct {
	n      int     // of slots, 0 before the first rechoke
	before int     // the trial under way: slots before it, 0 if there is none
	rate   float64 // and what they gave
	rounds int     // since the last change
	fewer  bool    // the next trial is of fewer
}

func (s *search) slots() int { return max(s.n, fewSlots) }

// adapt is called with each full rechoke: rate is what is uploaded, waiting says
// that more peers want a slot than there are.
func (s *search) adapt(rate float64, waiting bool) {
	s.rounds++
	switch {
	case s.before > 0 && s.rounds >= trialRounds:
		s.judge(rate)
	case s.before == 0 && s.rounds >= restRounds:
		s.try(rate, waiting)
	}
	s.n = max(s.n, fewSlots, slotsFor(rate))
}

// try begins a trial, if there is one to make.
func (s *search) try(rate float64, waiting bool) {
	least := max(fewSlots, slotsFor(rate))
	to := s.slots() * 3 / 2
	if s.fewer {
		to = s.slots() * 2 / 3
	}
	to = max(min(to, manySlots), least)
	if to == s.n || to > s.n && !waiting {
		s.fewer = !s.fewer
		return
	}
	s.before, s.rate, s.n, s.rounds = s.n, rate, to, 0
}

// judge ends a trial, and goes back if it was not worth it. What was worth it is
// followed by another of its kind at once.
func (s *search) judge(rate float64) {
	more := s.n > s.before
	good := more && rate > 1.2*s.rate || !more && rate >= 0.9*s.rate
	if good {
		s.rounds = restRounds - 1
	} else {
		s.n, s.fewer, s.rounds = s.before, !s.fewer, 0
	}
	s.before = 0
}

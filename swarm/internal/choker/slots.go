package choker

import "math"

// manySlots is how many peers are served when the upload has no limit: enough to
// fill any link, few enough that each gets a rate worth reciprocating.
const manySlots = 48

// slots returns how many peers are unchoked at most: what was configured, else a
// number that grows with the square root of the upload limit, as the original
// client's did, so that both the slots and the rate of each grow with it. It is
// at least 2: one to reward and one to discover.
func (c Config) slots() int {
	switch {
	case c.Slots > 0:
		return max(c.Slots, 2)
	case c.UploadLimit <= 0:
		return manySlots
	}
	return min(max(int(math.Sqrt(float64(c.UploadLimit)*0.6/1000)), 2), manySlots)
}

// Slots returns how many peers are unchoked at most.
func (c *Choker) Slots() int { return c.cfg.slots() }

// optimisticSlots returns how many of the slots are optimistic while downloading.
func optimisticSlots(slots int) int { return max(slots/5, 1) }

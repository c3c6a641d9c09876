package limiter

import "time"

// Group is limits that several torrents share, below those of the session. It is safe
// for concurrent use.
type Group struct{ Up, Down *Bucket }

// NewGroup returns a group of nobody, below two buckets, with limits in bytes a second,
// Unlimited for none.
func NewGroup(aboveUp, aboveDown *Bucket, up, down int64, now time.Time) *Group {
	return &Group{Up: aboveUp.Child(up, now), Down: aboveDown.Child(down, now)}
}

// SetLimits changes the limits in bytes a second, Unlimited for none.
func (g *Group) SetLimits(up, down int64, now time.Time) {
	g.Up.SetRate(up, now)
	g.Down.SetRate(down, now)
}

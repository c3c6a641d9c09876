// Package goal judges whether a torrent has given enough, and says what becomes of
// it then.
//
// It does no I/O and keeps nothing: who keeps torrents asks it from time to time.
//
//	g := torrent.Goal.Over(category.Goal).Over(defaults)
//	if why, met := g.Met(record, now); met {
//		log.Info("has given enough", "why", why, "then", g.Action())
//	}
package goal

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Action is what becomes of a torrent that has met its goal.
type Action string

// The actions. An empty one is that of the defaults, and Pause if these have none.
const (
	Pause         Action = "pause"
	Remove        Action = "remove"
	RemoveContent Action = "remove-content" // and what it consists of on the disk
)

// Goal says when a torrent has given enough: as soon as one of the three is
// reached. A field of zero is that of the defaults, one below zero is no goal.
type Goal struct {
	Ratio    float64       `json:"ratio"`     // bytes sent for each byte of content
	SeedTime time.Duration `json:"seed_time"` // of seeding, altogether
	IdleTime time.Duration `json:"idle_time"` // of seeding without sending anything
	Then     Action        `json:"then"`
}

// Unknown reports an action that there is not.
type Unknown string

func (u Unknown) Error() string {
	return fmt.Sprintf("%q is nothing that can be done with a torrent: want %s, %s or %s", string(u), Pause, Remove, RemoveContent)
}

// Check refuses an action that there is not, and a ratio that is no number or has no
// end, which JSON does not have either; the error is Unknown for the first.
func (g Goal) Check() error {
	switch g.Then {
	case "", Pause, Remove, RemoveContent:
	default:
		return Unknown(g.Then)
	}
	if math.IsNaN(g.Ratio) || math.IsInf(g.Ratio, 0) {
		return fmt.Errorf("a ratio of %v is none", g.Ratio)
	}
	return nil
}

// Over returns the goal with what it leaves open taken from defaults.
func (g Goal) Over(defaults Goal) Goal {
	if g.Ratio == 0 {
		g.Ratio = defaults.Ratio
	}
	if g.SeedTime == 0 {
		g.SeedTime = defaults.SeedTime
	}
	if g.IdleTime == 0 {
		g.IdleTime = defaults.IdleTime
	}
	if g.Then == "" {
		g.Then = defaults.Then
	}
	return g
}

// Action returns what is to be done when the goal is met.
func (g Goal) Action() Action {
	if g.Then == "" {
		return Pause
	}
	return g.Then
}

// Record is what a torrent has given so far.
type Record struct {
	Seeding        bool  // complete and running: no other torrent has given enough
	Size           int64 // of the content that is here, in bytes
	Sent, Received int64 // in bytes, in its whole life
	SeedTime       time.Duration
	// Since is when it began to seed without a break: a node that was off was not
	// idle. LastSent is when it sent something last, zero if it never has.
	Since, LastSent time.Time
}

// Ratio returns how many bytes were sent for each byte of content, 0 if there is
// none. What was fetched more than once counts as often; content that came from
// elsewhere counts by its size.
func (r Record) Ratio() float64 {
	cost := r.Received
	if cost < r.Size/100 {
		cost = r.Size
	}
	if cost <= 0 {
		return 0
	}
	return float64(r.Sent) / float64(cost)
}

// Idle returns how long the torrent has been seeding without sending anything.
func (r Record) Idle(now time.Time) time.Duration {
	last := r.Since
	if r.LastSent.After(last) {
		last = r.LastSent
	}
	if !r.Seeding || last.IsZero() {
		return 0
	}
	return max(0, now.Sub(last))
}

// Reason is which goal was met, and by what.
type Reason string

// Met reports whether a torrent has given enough, and why. Nothing is left open
// any more: what is zero after Over is no goal.
func (g Goal) Met(r Record, now time.Time) (Reason, bool) {
	switch {
	case !r.Seeding:
		return "", false
	case g.Ratio > 0 && r.Ratio() >= g.Ratio:
		return Reason("sent " + number(r.Ratio()) + " times its size, the goal is " + number(g.Ratio)), true
	case g.SeedTime > 0 && r.SeedTime >= g.SeedTime:
		return Reason("seeded for " + r.SeedTime.Round(time.Second).String() + ", the goal is " + g.SeedTime.String()), true
	case g.IdleTime > 0 && r.Idle(now) >= g.IdleTime:
		return Reason("sent nothing for " + r.Idle(now).Round(time.Second).String() + ", the goal is " + g.IdleTime.String()), true
	}
	return "", false
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

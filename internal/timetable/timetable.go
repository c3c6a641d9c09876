// Package timetable says which limits hold at which time of the week.
//
// A [Plan] is made of rules that people write and read:
//
//	mon-fri 08:00-18:00 up 1MB down 5MB
//	sat,sun 23:00-07:00 up none
//	daily 02:00-06:00 pause
//	mon-thu 18:00-23:30 alternative
//
// It does no I/O and has no clock: [Plan.At] and [Plan.Next] are asked. A [Keeper]
// asks them, and hands what holds to whoever applies it:
//
//	k, err := timetable.New(timetable.Config{Plan: plan, Usual: usual, Alternative: slow,
//		Clock: clk, Log: log, Apply: func(n timetable.Now) { session.SetLimits(n.Up, n.Down) }})
//	defer k.Close()
//	k.SetAlternative(true) // by hand, until the plan says otherwise
//
// Times are those of a clock on the wall: an hour that is skipped in spring is
// skipped by its rules too, and one that comes twice in autumn is there twice.
package timetable

import (
	"fmt"
	"strings"
	"time"
)

// Days is a set of days of the week.
type Days uint8

// Daily is all of them.
const Daily Days = 1<<7 - 1

// Has reports whether a day is in the set.
func (d Days) Has(day time.Weekday) bool { return d&(1<<day) != 0 }

// Limit is a speed in bytes a second, 0 for no limit, or nothing that is said.
type Limit struct {
	Set   bool
	Bytes int64
}

// Effect is what a rule does, or several together.
type Effect struct {
	Pause       bool // nothing is sent nor received
	Alternative bool // the alternative limits hold
	Up, Down    Limit
}

// and returns what holds if b is said after a: its limits count, and what is
// paused or slow in one of them is.
func (a Effect) and(b Effect) Effect {
	a.Pause = a.Pause || b.Pause
	a.Alternative = a.Alternative || b.Alternative
	if b.Up.Set {
		a.Up = b.Up
	}
	if b.Down.Set {
		a.Down = b.Down
	}
	return a
}

// Rule has an effect between two times on some days of the week. Its text form is
// what [Rule.UnmarshalText] reads.
type Rule struct {
	Days Days // those on which it begins
	// From and To are minutes of the day; To is the first in which the rule does not
	// hold any more, at most 24:00. If it is not after From it is on the next day.
	From, To int
	Effect
}

// minutes in a day and in a week.
const (
	day  = 24 * 60
	week = 7 * day
)

// maxLimit is more than any line carries, and an integer that a float holds.
const maxLimit = 1 << 50

// Check refuses what no time or limit can be.
func (r Rule) Check() error {
	switch {
	case r.Days == 0 || r.Days > Daily:
		return fmt.Errorf("a rule needs a day of the week")
	case r.From < 0 || r.From >= day || r.To < 0 || r.To > day:
		return fmt.Errorf("a time is from 00:00 to 24:00")
	case r.From == r.To:
		return fmt.Errorf("%s-%s is no time at all: the whole day is 00:00-24:00", hour(r.From), hour(r.To))
	case r.Effect == Effect{}:
		return fmt.Errorf("a rule says up, down, pause or alternative")
	case r.Pause && (r.Alternative || r.Up.Set || r.Down.Set), r.Alternative && (r.Up.Set || r.Down.Set):
		return fmt.Errorf("a rule says one thing: limits, pause or alternative")
	}
	for _, l := range []Limit{r.Up, r.Down} {
		if l.Bytes < 0 || l.Bytes > maxLimit || !l.Set && l.Bytes != 0 {
			return fmt.Errorf("a limit of %d bytes a second is none", l.Bytes)
		}
	}
	return nil
}

// String returns the rule as it is written.
func (r Rule) String() string {
	said := []string{r.Days.String(), hour(r.From) + "-" + hour(r.To)}
	if r.Pause {
		said = append(said, "pause")
	}
	if r.Alternative {
		said = append(said, "alternative")
	}
	if r.Up.Set {
		said = append(said, "up", speed(r.Up.Bytes))
	}
	if r.Down.Set {
		said = append(said, "down", speed(r.Down.Bytes))
	}
	return strings.Join(said, " ")
}

package timetable

import (
	"fmt"
	"slices"
	"time"
)

// Plan is a week that repeats itself. It does not change; nil is one in which
// nothing is said.
type Plan struct {
	rules []Rule
	zone  *time.Location
	spans []span // in order, the first at 0; empty if nothing is said
}

// span is a part of the week in which the same holds.
type span struct {
	from   int // minute of the week, which begins on Sunday
	effect Effect
}

// maxRules is far more than anybody writes.
const maxRules = 200

// NewPlan returns the plan of some rules, in a time zone. Where several hold, the
// limits are those that are said last, and what is paused or slow by one of them is.
// The error is that of [Rule.Check].
func NewPlan(rules []Rule, zone *time.Location) (*Plan, error) {
	if len(rules) > maxRules {
		return nil, fmt.Errorf("%d rules are too many: at most %d", len(rules), maxRules)
	}
	p := &Plan{rules: slices.Clone(rules), zone: zone}
	edges := []int{0}
	for i, r := range rules {
		if err := r.Check(); err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
		for _, s := range r.starts() {
			edges = append(edges, s, (s+r.length())%week)
		}
	}
	if len(rules) == 0 {
		return p, nil
	}
	slices.Sort(edges)
	for _, at := range slices.Compact(edges) {
		var e Effect
		for _, r := range rules {
			if r.covers(at) {
				e = e.and(r.Effect)
			}
		}
		if n := len(p.spans); n == 0 || p.spans[n-1].effect != e {
			p.spans = append(p.spans, span{at, e})
		}
	}
	return p, nil
}

// ParsePlan returns the plan of rules as they are written.
func ParsePlan(texts []string, zone *time.Location) (*Plan, error) {
	rules := make([]Rule, len(texts))
	for i, text := range texts {
		if err := rules[i].UnmarshalText([]byte(text)); err != nil {
			return nil, err
		}
	}
	return NewPlan(rules, zone)
}

// Rules returns what the plan was made of.
func (p *Plan) Rules() []Rule {
	if p == nil {
		return nil
	}
	return slices.Clone(p.rules)
}

// At returns what holds at a time.
func (p *Plan) At(t time.Time) Effect {
	if p == nil || len(p.spans) == 0 {
		return Effect{}
	}
	return p.spans[p.find(minuteOf(t.In(p.zone)))].effect
}

// Next returns the first time after t at which something else holds; the zero Time
// if that never happens.
func (p *Plan) Next(t time.Time) time.Time {
	if p == nil || len(p.spans) < 2 {
		return time.Time{}
	}
	now := p.At(t)
	// A week and a day: a change that an hour skips in spring comes a week later.
	for until := t.Add(8 * 24 * time.Hour); t.Before(until); {
		t = p.edge(t.In(p.zone))
		if p.At(t) != now {
			return t
		}
	}
	return time.Time{}
}

// turn returns the first time after t at which the plan changes between the
// alternative limits and others; the zero Time if it never does.
func (p *Plan) turn(t time.Time) time.Time {
	now := p.At(t).Alternative
	until := t.Add(8 * 24 * time.Hour)
	for t = p.Next(t); !t.IsZero() && t.Before(until); t = p.Next(t) {
		if p.At(t).Alternative != now {
			return t
		}
	}
	return time.Time{}
}

// edge returns the next time after t at which a span begins or the clock on the
// wall is changed: in between it runs evenly.
func (p *Plan) edge(t time.Time) time.Time {
	m := minuteOf(t)
	i := p.find(m) + 1
	to := week + p.spans[0].from
	if i < len(p.spans) {
		to = p.spans[i].from
	}
	within := time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	next := t.Add(time.Duration(to-m)*time.Minute - within)
	if _, end := t.ZoneBounds(); !end.IsZero() && end.After(t) && end.Before(next) {
		return end
	}
	return next
}

// find returns the span that a minute of the week is in.
func (p *Plan) find(minute int) int {
	i, exact := slices.BinarySearchFunc(p.spans, minute, func(s span, m int) int { return s.from - m })
	if !exact {
		i--
	}
	return i
}

func minuteOf(t time.Time) int { return int(t.Weekday())*day + t.Hour()*60 + t.Minute() }

// nth returns the days of the week as they are written, the first being 0.
func nth(i int) time.Weekday { return time.Weekday((i + first) % 7) }

// starts returns the minutes of the week at which the rule begins to hold.
func (r Rule) starts() (list []int) {
	for d := range time.Weekday(7) {
		if r.Days.Has(d) {
			list = append(list, int(d)*day+r.From)
		}
	}
	return list
}

// length returns for how many minutes it holds.
func (r Rule) length() int {
	if r.To > r.From {
		return r.To - r.From
	}
	return r.To + day - r.From
}

// covers reports whether the rule holds in a minute of the week.
func (r Rule) covers(minute int) bool {
	for _, s := range r.starts() {
		if (minute-s+week)%week < r.length() {
			return true
		}
	}
	return false
}

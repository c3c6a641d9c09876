package goal

import (
	"errors"
	"math"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestMet(t *testing.T) {
	now := start.Add(time.Hour)
	seeding := func(change func(*Record)) Record {
		r := Record{Seeding: true, Size: 1000, Received: 1000, Since: start}
		change(&r)
		return r
	}
	sent := func(n int64) Record { return seeding(func(r *Record) { r.Sent = n }) }
	for _, c := range []struct {
		name string
		goal Goal
		r    Record
		why  Reason
	}{
		{"ratio", Goal{Ratio: 2}, sent(2000), "sent 2.00 times its size, the goal is 2.00"},
		{"not yet", Goal{Ratio: 2}, sent(1999), ""},
		{"not seeding", Goal{Ratio: 1}, Record{Size: 1, Received: 1, Sent: 10}, ""},
		{"no goal", Goal{}, sent(1 << 40), ""},
		{"none wanted", Goal{Ratio: -1, SeedTime: -1, IdleTime: -1}, seeding(func(r *Record) { r.Sent = 1 << 40; r.SeedTime = time.Hour }), ""},
		{"content from elsewhere", Goal{Ratio: 1}, seeding(func(r *Record) { r.Received = 3; r.Sent = 1000 }), "sent 1.00 times its size, the goal is 1.00"},
		{"hardly anything of it was fetched", Goal{Ratio: 1}, seeding(func(r *Record) { r.Received = 9; r.Sent = 999 }), ""},
		{"fetched twice", Goal{Ratio: 1}, seeding(func(r *Record) { r.Received = 2000; r.Sent = 1999 }), ""},
		{"empty", Goal{Ratio: 1}, Record{Seeding: true, Sent: 1}, ""},
		{"seed time", Goal{SeedTime: time.Hour}, seeding(func(r *Record) { r.SeedTime = time.Hour }), "seeded for 1h0m0s, the goal is 1h0m0s"},
		{"seed time, not yet", Goal{SeedTime: time.Hour}, seeding(func(r *Record) { r.SeedTime = time.Hour - 1 }), ""},
		{"idle since it began", Goal{IdleTime: time.Hour}, sent(0), "sent nothing for 1h0m0s, the goal is 1h0m0s"},
		{"idle since it sent", Goal{IdleTime: time.Hour}, seeding(func(r *Record) { r.LastSent = start.Add(1) }), ""},
		{"sent before the node was off", Goal{IdleTime: 2 * time.Hour}, seeding(func(r *Record) { r.LastSent = start.Add(-72 * time.Hour) }), ""},
		{"clock set back", Goal{IdleTime: 1}, seeding(func(r *Record) { r.Since = now.Add(time.Hour) }), ""},
		{"the first that is met", Goal{Ratio: 9, SeedTime: time.Hour, IdleTime: time.Hour}, seeding(func(r *Record) { r.SeedTime = 2 * time.Hour }), "seeded for 2h0m0s, the goal is 1h0m0s"},
	} {
		why, met := c.goal.Met(c.r, now)
		if why != c.why || met != (c.why != "") {
			t.Errorf("%s: %v, %q", c.name, met, why)
		}
	}
}

func TestOver(t *testing.T) {
	defaults := Goal{2, time.Hour, time.Minute, Remove}
	for _, c := range []struct{ goal, want Goal }{
		{Goal{}, defaults},
		{Goal{Ratio: 3}, Goal{3, time.Hour, time.Minute, Remove}},
		{Goal{Ratio: -1, IdleTime: -1}, Goal{-1, time.Hour, -1, Remove}},
		{Goal{Then: RemoveContent, SeedTime: 5}, Goal{2, 5, time.Minute, RemoveContent}},
	} {
		if got := c.goal.Over(defaults); got != c.want {
			t.Errorf("%v: %v", c.goal, got)
		}
	}
	if a := (Goal{}).Over(Goal{}).Action(); a != Pause {
		t.Errorf("without a word: %s", a)
	}
	if a := (Goal{}).Over(defaults).Action(); a != Remove {
		t.Errorf("by default: %s", a)
	}
}

func TestCheck(t *testing.T) {
	for _, a := range []Action{"", Pause, Remove, RemoveContent} {
		if err := (Goal{Then: a}).Check(); err != nil {
			t.Errorf("%q: %v", a, err)
		}
	}
	var unknown Unknown
	if err := (Goal{Then: "burn"}).Check(); !errors.As(err, &unknown) || unknown != "burn" {
		t.Errorf("burn: %v", err)
	}
	for _, r := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := (Goal{Ratio: r}).Check(); err == nil {
			t.Errorf("a ratio of %v is taken", r)
		}
	}
}

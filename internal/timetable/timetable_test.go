package timetable

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func plan(t testing.TB, loc *time.Location, text string) *Plan {
	t.Helper()
	rules, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(rules, loc)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// said is an effect as a rule has it.
func said(e Effect) string {
	if e == (Effect{}) {
		return "-"
	}
	return strings.TrimPrefix(Rule{Days: Daily, From: 0, To: day, Effect: e}.String(), "daily 00:00-24:00 ")
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri 08:00-18:00 up 1MB down 5MB":                 "",
		"sat,sun 22:00-06:00 pause":                           "",
		"daily 00:00-24:00 alternative":                       "",
		"mon,wed,fri-sun 00:01-00:00 down none":               "",
		"tue 12:00-13:00 up 1KiB":                             "",
		"tue 12:00-13:00 up 1023B":                            "",
		"  FRI-MON\t09:30-24:00  DOWN 2.5MB/s Up 0":           "mon,fri-sun 09:30-24:00 up none down 2500kB",
		"mon,tue,wed,thu,fri,sat,sun 01:00-02:00 down 1000kb": "daily 01:00-02:00 down 1MB",
		"sun-sat 01:00-02:00 up 3GB":                          "daily 01:00-02:00 up 3GB",
		"sun 23:59-00:01 up 1048576B":                         "sun 23:59-00:01 up 1MiB",
		"mon-sun 01:00-02:00 pause":                           "daily 01:00-02:00 pause",
		"mon-mon,mon 01:00-02:00 pause":                       "mon 01:00-02:00 pause",
		"tue-mon 01:00-02:00 pause":                           "daily 01:00-02:00 pause",
		"sat-sun 01:00-02:00 pause":                           "sat,sun 01:00-02:00 pause",
	} {
		if want == "" {
			want = text
		}
		var r Rule
		if err := r.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := r.String(); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestNoRule(t *testing.T) {
	for text, says := range map[string]string{
		"":                                    "is no rule",
		"mon 08:00-09:00":                     "is no rule",
		"monday 08:00-09:00 pause":            "names no days",
		"mon- 08:00-09:00 pause":              "names no days",
		"mon,,tue 08:00-09:00 pause":          "names no days",
		"mon 8:00-09:00 pause":                "time of the day",
		"mon 08:00 pause":                     "time of the day",
		"mon 08:00-24:01 pause":               "time of the day",
		"mon 08:60-09:00 pause":               "time of the day",
		"mon -1:00-09:00 pause":               "time of the day",
		"mon +1:00-09:00 pause":               "time of the day",
		"mon 24:00-09:00 pause":               "from 00:00 to 24:00",
		"mon 08:00-08:00 pause":               "no time at all",
		"mon 08:00-09:00 slow":                "says nothing",
		"mon 08:00-09:00 up":                  "needs one speed",
		"mon 08:00-09:00 up 1MB up 2MB":       "needs one speed",
		"mon 08:00-09:00 up 10":               "without a unit",
		"mon 08:00-09:00 up -1MB":             "not a size",
		"mon 08:00-09:00 up 5000TB":           "is none",
		"mon 08:00-09:00 pause up 1MB":        "says one thing",
		"mon 08:00-09:00 alternative down 1B": "says one thing",
		"mon 08:00-09:00 pause alternative":   "says one thing",
	} {
		r := Rule{Days: 1}
		err := r.UnmarshalText([]byte(text))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v", text, err, r)
		}
		if r != (Rule{Days: 1}) {
			t.Errorf("%q: changed to %v", text, r)
		}
	}
	if _, err := Parse("# a comment\n\ndaily 01:00-02:00 pause # why\nnonsense\n"); err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("the line is not named: %v", err)
	}
	for _, r := range []Rule{{}, {Days: 255}, {Days: 1, From: -1, To: 5}, {Days: 1, To: 5}, {Days: 1, To: 5, Effect: Effect{Up: Limit{false, 1}}}} {
		if _, err := r.MarshalText(); err == nil {
			t.Errorf("%v was written", r)
		}
		if _, err := NewPlan([]Rule{r}, time.UTC); err == nil {
			t.Errorf("%v was planned", r)
		}
	}
	if _, err := NewPlan(make([]Rule, maxRules+1), time.UTC); err == nil {
		t.Error("any number of rules")
	}
}

func TestParsePlan(t *testing.T) {
	p, err := ParsePlan([]string{"mon 08:00-09:00 pause", "tue 08:00-09:00 up 1MB"}, time.UTC)
	if err != nil || len(p.Rules()) != 2 {
		t.Error(p.Rules(), err)
	}
	if _, err := ParsePlan([]string{"mon 08:00-09:00 pause", "never"}, time.UTC); err == nil {
		t.Error("a wrong rule was planned")
	}
}

// 2026-03-02 is a Monday.
func TestAt(t *testing.T) {
	p := plan(t, time.UTC, `
		mon-fri 08:00-18:00 up 1MB down 5MB
		daily 12:00-13:00 down 2MB
		fri-sat 22:00-06:00 pause
		sat 23:00-24:00 alternative
		sun 23:30-00:30 up none`)
	for _, c := range []struct{ at, want string }{
		{"2026-03-02 07:59:59", "-"},
		{"2026-03-02 08:00:00", "up 1MB down 5MB"},
		{"2026-03-02 12:00:00", "up 1MB down 2MB"},
		{"2026-03-02 13:00:00", "up 1MB down 5MB"},
		{"2026-03-02 17:59:59", "up 1MB down 5MB"},
		{"2026-03-02 18:00:00", "-"},
		{"2026-03-07 12:30:00", "down 2MB"},
		{"2026-03-06 21:59:00", "-"},
		{"2026-03-06 22:00:00", "pause"},
		{"2026-03-07 05:59:00", "pause"},
		{"2026-03-07 06:00:00", "-"},
		{"2026-03-07 23:00:00", "pause alternative"},
		{"2026-03-08 00:00:00", "pause"},
		{"2026-03-08 06:00:00", "-"},
		{"2026-03-08 23:30:00", "up none"},
		{"2026-03-09 00:29:59", "up none"},
		{"2026-03-09 00:30:00", "-"},
	} {
		at, err := time.Parse(time.DateTime, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := said(p.At(at)); got != c.want {
			t.Errorf("%s: %s, want %s", c.at, got, c.want)
		}
	}
	if len(p.Rules()) != 5 {
		t.Error(p.Rules())
	}
}

// changes lists all that Next tells of between two times.
func changes(p *Plan, from, to time.Time) (list []string) {
	for t := p.Next(from); !t.IsZero() && t.Before(to); t = p.Next(t) {
		list = append(list, t.In(p.zone).Format("Mon 15:04 MST")+" "+said(p.At(t)))
	}
	return list
}

func TestNext(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, c := range []struct {
		name, plan string
		from       time.Time
		days       int
		want       string
	}{
		{"week", "mon-tue 08:00-18:00 up 1MB\ntue 10:00-18:00 up 1MB\nsun 23:00-01:00 pause", time.Date(2026, 6, 1, 0, 30, 0, 5, berlin), 7,
			"Mon 01:00 CEST -;Mon 08:00 CEST up 1MB;Mon 18:00 CEST -;Tue 08:00 CEST up 1MB;Tue 18:00 CEST -;Sun 23:00 CEST pause"},
		// On 29 March 2026 it is 03:00 after 01:59:59.
		{"spring, begins in what is skipped", "sun 02:30-04:00 pause", time.Date(2026, 3, 28, 12, 0, 0, 0, berlin), 1, "Sun 03:00 CEST pause;Sun 04:00 CEST -"},
		{"spring, ends in it", "sun 01:00-02:30 pause", time.Date(2026, 3, 28, 12, 0, 0, 0, berlin), 1, "Sun 01:00 CET pause;Sun 03:00 CEST -"},
		{"spring, is skipped", "sun 02:00-03:00 pause", time.Date(2026, 3, 28, 12, 0, 0, 0, berlin), 9, "Sun 02:00 CEST pause;Sun 03:00 CEST -"},
		// On 25 October 2026 it is 02:00 after 02:59:59.
		{"autumn, twice", "sun 02:15-02:45 pause", time.Date(2026, 10, 24, 12, 0, 0, 0, berlin), 1,
			"Sun 02:15 CEST pause;Sun 02:45 CEST -;Sun 02:15 CET pause;Sun 02:45 CET -"},
		{"autumn, until the clock is set back", "sun 02:30-04:00 pause", time.Date(2026, 10, 24, 12, 0, 0, 0, berlin), 1,
			"Sun 02:30 CEST pause;Sun 02:00 CET -;Sun 02:30 CET pause;Sun 04:00 CET -"},
		{"half an hour", "sun 01:45-02:10 pause", time.Date(2026, 10, 3, 12, 0, 0, 0, zone(t, "Australia/Lord_Howe")), 1, "Sun 01:45 +1030 pause;Sun 02:30 +11 -"},
		{"never", "daily 00:00-24:00 pause", time.Date(2026, 1, 1, 0, 0, 0, 0, berlin), 400, ""},
		{"nothing", "", time.Date(2026, 1, 1, 0, 0, 0, 0, berlin), 400, ""},
	} {
		p := plan(t, c.from.Location(), c.plan)
		got := strings.Join(changes(p, c.from, c.from.AddDate(0, 0, c.days)), ";")
		if got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	var none *Plan
	if now := time.Unix(0, 0); none.At(now) != (Effect{}) || !none.Next(now).IsZero() || none.Rules() != nil {
		t.Error("no plan says something")
	}
}

func drawRule(t *rapid.T) Rule {
	r := Rule{Days: Days(rapid.IntRange(1, int(Daily)).Draw(t, "days")), From: rapid.IntRange(0, day-1).Draw(t, "from"), To: rapid.IntRange(0, day).Draw(t, "to")}
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		r.Pause = true
	case 1:
		r.Alternative = true
	default:
		limit := func(name string) Limit {
			n := rapid.Int64Range(0, maxLimit).Draw(t, name)
			return Limit{Set: true, Bytes: n / rapid.SampledFrom([]int64{1, 1e3, 1e6, 1 << 10}).Draw(t, "unit")}
		}
		r.Up = limit("up")
		if rapid.Bool().Draw(t, "both") {
			r.Down = limit("down")
		}
	}
	return r
}

// What is written is read as the same.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		text, err := r.MarshalText()
		if err != nil {
			if r.From == r.To {
				return
			}
			t.Fatal(err)
		}
		var again Rule
		if err := again.UnmarshalText(text); err != nil || again != r {
			t.Fatalf("%q: %v, %v", text, again, err)
		}
	})
}

// Next tells of the first change and of nothing else: minute by minute nothing
// changes before it.
func TestNextIsTheFirst(t *testing.T) {
	zones := []*time.Location{zone(t, "Europe/Berlin"), zone(t, "America/New_York"), time.UTC}
	rapid.Check(t, func(t *rapid.T) {
		var rules []Rule
		for range rapid.IntRange(1, 4).Draw(t, "rules") {
			if r := drawRule(t); r.From != r.To {
				rules = append(rules, r)
			}
		}
		p, err := NewPlan(rules, rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		// From a week before the clocks change in spring to a week after.
		from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 50*24*3600).Draw(t, "second")) * time.Second)
		next, now := p.Next(from), p.At(from)
		if !next.IsZero() && (p.At(next) == now || p.At(next.Add(-1)) != now) {
			t.Fatalf("%v: nothing changes at %v", rules, next)
		}
		for at := from.Truncate(time.Minute).Add(time.Minute); at.Before(from.Add(8*24*time.Hour)) && (next.IsZero() || at.Before(next)); at = at.Add(time.Minute) {
			if p.At(at) != now {
				t.Fatalf("%v: changed at %v, next was %v", rules, at, next)
			}
		}
	})
}

func FuzzRule(f *testing.F) {
	for _, text := range []string{
		"mon-fri 08:00-18:00 up 1MB down 5MB", "sat,sun 22:00-06:00 pause", "daily 00:00-24:00 alternative", "fri-mon 09:30-24:00 down 2.5MB/s up 0",
		"mon 08:00-09:00 up 1e9MB", "mon-fri-sun 1:1-2:2 up", "daily 00:00-00:00 \xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r Rule
		if err := r.UnmarshalText([]byte(text)); err != nil {
			return
		}
		written, err := r.MarshalText()
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", text, err)
		}
		var again Rule
		if err := again.UnmarshalText(written); err != nil || again != r {
			t.Fatalf("%q: %q: %v, %v", text, written, again, err)
		}
		if _, err := NewPlan([]Rule{r}, time.UTC); err != nil {
			t.Fatal(err)
		}
	})
}

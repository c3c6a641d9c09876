package timetable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/words"
)

// names are the days, in the order of time.Weekday.
var names = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// first is where the week begins as it is written.
const first = 1

// Parse reads rules, one a line. Empty lines and what follows a # are left out. The
// error names the line.
func Parse(text string) (rules []Rule, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		var r Rule
		if err := r.UnmarshalText([]byte(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// MarshalText returns what UnmarshalText reads.
func (r Rule) MarshalText() ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads DAYS FROM-TO and an effect, such as "mon-fri 08:00-18:00 up
// 1MB down 5MB", "sat,sun 22:00-06:00 pause" or "daily 00:00-24:00 alternative".
func (r *Rule) UnmarshalText(text []byte) error {
	words := strings.Fields(strings.ToLower(string(text)))
	if len(words) < 3 {
		return fmt.Errorf(`%q is no rule: want one such as "mon-fri 08:00-18:00 up 1MB down 5MB"`, text)
	}
	var parsed Rule
	var err error
	if parsed.Days, err = parseDays(words[0]); err != nil {
		return err
	}
	from, to, ok := strings.Cut(words[1], "-")
	if parsed.From, err = parseHour(from); err != nil {
		return err
	}
	if parsed.To, err = parseHour(to); err != nil || !ok {
		return fmt.Errorf("%q is no time of the day: want FROM-TO, such as 08:00-18:00", words[1])
	}
	if parsed.Effect, err = parseEffect(words[2:]); err != nil {
		return err
	}
	if err := parsed.Check(); err != nil {
		return err
	}
	*r = parsed
	return nil
}

// String returns the days as they are written: "daily", "mon-fri", "tue,thu,sat-sun".
func (d Days) String() string {
	if d == Daily {
		return "daily"
	}
	var parts []string
	for i := 0; i < 7; i++ {
		if !d.Has(nth(i)) {
			continue
		}
		j := i
		for j+1 < 7 && d.Has(nth(j+1)) {
			j++
		}
		switch {
		case j > i+1:
			parts = append(parts, names[nth(i)]+"-"+names[nth(j)])
		case j > i:
			parts = append(parts, names[nth(i)], names[nth(j)])
		default:
			parts = append(parts, names[nth(i)])
		}
		i = j
	}
	return strings.Join(parts, ",")
}

func parseDays(text string) (d Days, err error) {
	if text == "daily" {
		return Daily, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		from, to, several := strings.Cut(part, "-")
		if !several {
			to = from
		}
		i, j := slices.Index(names[:], from), slices.Index(names[:], to)
		if i < 0 || j < 0 {
			return 0, fmt.Errorf("%q names no days: want daily, or some of mon, tue, wed, thu, fri, sat, sun, such as mon-fri or sat,sun", text)
		}
		for ; i != j; i = (i + 1) % 7 {
			d |= 1 << i
		}
		d |= 1 << j
	}
	return d, nil
}

// hour returns a minute of the day as it is written.
func hour(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func parseHour(text string) (int, error) {
	h, m, _ := strings.Cut(text, ":")
	hours, errH := strconv.ParseUint(h, 10, 8)
	minutes, errM := strconv.ParseUint(m, 10, 8)
	if at := int(hours)*60 + int(minutes); errH == nil && errM == nil && len(h) == 2 && len(m) == 2 && minutes < 60 && at <= day {
		return at, nil
	}
	return 0, fmt.Errorf("%q is no time of the day: want one such as 08:00", text)
}

func parseEffect(said []string) (e Effect, err error) {
	for len(said) > 0 {
		var limit *Limit
		switch said[0] {
		case "pause":
			e.Pause = true
		case "alternative":
			e.Alternative = true
		case "up":
			limit = &e.Up
		case "down":
			limit = &e.Down
		default:
			return e, fmt.Errorf("%q says nothing here: want up, down, pause or alternative", said[0])
		}
		if limit != nil {
			if len(said) < 2 || limit.Set {
				return e, fmt.Errorf("%s needs one speed, such as 1MB or none", said[0])
			}
			if *limit, err = parseSpeed(said[1]); err != nil {
				return e, fmt.Errorf("%s: %w", said[0], err)
			}
			said = said[1:]
		}
		said = said[1:]
	}
	return e, nil
}

func parseSpeed(text string) (Limit, error) {
	if text == "none" {
		return Limit{Set: true}, nil
	}
	var n words.Speed
	if err := n.UnmarshalText([]byte(text)); err != nil {
		return Limit{}, err
	}
	return Limit{Set: true, Bytes: int64(n)}, nil
}

// speed returns a speed so that reading it gives the same.
func speed(n int64) string {
	switch {
	case n == 0:
		return "none"
	case n%1e9 == 0:
		return strconv.FormatInt(n/1e9, 10) + "GB"
	case n%1e6 == 0:
		return strconv.FormatInt(n/1e6, 10) + "MB"
	case n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + "MiB"
	case n%1e3 == 0:
		return strconv.FormatInt(n/1e3, 10) + "kB"
	case n%(1<<10) == 0:
		return strconv.FormatInt(n>>10, 10) + "KiB"
	}
	return strconv.FormatInt(n, 10) + "B"
}

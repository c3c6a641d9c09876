package session

import (
	"github.com/warren-p2p/warren/internal/timetable"
)

// span is when the alternative limits hold, as Transmission has it: minutes after
// midnight, and days with Sunday as bit 0. It may go on into the next day.
type span struct{ begin, end, days int64 }

const minutesOfDay = 24 * 60

// schedule returns the first time at which the alternative limits hold; what is
// remembered if there is none. A timetable can say more than one.
func (l *look) schedule() span {
	for _, text := range l.c.Schedule.Rules {
		var r timetable.Rule
		if r.UnmarshalText([]byte(text)) == nil && r.Effect.Alternative {
			return span{int64(r.From), int64(r.To) % minutesOfDay, int64(r.Days)}
		}
	}
	return span{l.kept.Begin, l.kept.End, l.kept.Days}
}

// schedule puts the times of a session_set into the timetable. Its other rules stay.
func (ch *change) schedule() {
	at := (&look{c: ch.c, kept: ch.kept}).schedule()
	given := false
	for name, to := range map[string]*int64{"alt_speed_time_begin": &at.begin, "alt_speed_time_end": &at.end, "alt_speed_time_day": &at.days} {
		if n, ok := ch.int(name); ok {
			*to, given = n, true
		}
	}
	at.begin, at.end, at.days = at.begin%minutesOfDay, at.end%minutesOfDay, at.days&int64(timetable.Daily)
	ch.kept.Begin, ch.kept.End, ch.kept.Days = at.begin, at.end, at.days
	on, switched := ch.a.Bool("alt_speed_time_enabled")
	if switched {
		ch.patch["schedule.on"] = on
	}
	if !given && !switched {
		return
	}
	var others []string
	for _, text := range ch.c.Schedule.Rules {
		var r timetable.Rule
		if r.UnmarshalText([]byte(text)) != nil || r.Effect != (timetable.Effect{Alternative: true}) {
			others = append(others, text)
		}
	}
	rule := timetable.Rule{Days: timetable.Days(at.days), From: int(at.begin), To: int(at.end), Effect: timetable.Effect{Alternative: true}}
	if rule.To == 0 {
		rule.To = minutesOfDay
	}
	if rule.Check() == nil { // no days or no time between is no rule
		others = append(others, rule.String())
	}
	ch.patch["schedule.rules"] = others
}

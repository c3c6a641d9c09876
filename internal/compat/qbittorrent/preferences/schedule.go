package preferences

import (
	"fmt"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/config"
)

// days are the words of a schedule for qBittorrent's numbers: every day, weekdays,
// weekends, and the days of the week from Monday.
func days() []string {
	return []string{"daily", "mon-fri", "sat,sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}
}

// schedule shows the first rule by which the alternative limits apply: qBittorrent
// has no more than one.
func schedule(s config.Schedule) map[string]any {
	day, from, to := 0, clockTime{8, 0}, clockTime{20, 0}
	at := ruleOf(s)
	if at >= 0 {
		w := strings.Fields(s.Rules[at])
		day = max(slices.Index(days(), w[0]), 0)
		var a, b clockTime
		if _, err := fmt.Sscanf(w[1], "%d:%d-%d:%d", &a.hour, &a.minute, &b.hour, &b.minute); err == nil {
			from, to = a, b
		}
	}
	return map[string]any{
		"scheduler_enabled": s.On && at >= 0, "scheduler_days": day,
		"schedule_from_hour": from.hour, "schedule_from_min": from.minute, "schedule_to_hour": to.hour, "schedule_to_min": to.minute,
	}
}

type clockTime struct{ hour, minute int }

// ruleOf returns which rule switches to the alternative limits first, -1 if none.
func ruleOf(s config.Schedule) int {
	return slices.IndexFunc(s.Rules, func(rule string) bool {
		w := strings.Fields(rule)
		return len(w) == 3 && w[2] == "alternative"
	})
}

// times is when the alternative limits apply. What a change does not say of it is
// taken from what is shown; other rules stay.
func times(change, patch map[string]any, c config.Config) error {
	shown, said := schedule(c.Schedule), false
	value := make(map[string]int)
	for _, key := range []string{"schedule_from_hour", "schedule_from_min", "schedule_to_hour", "schedule_to_min", "scheduler_days"} {
		value[key] = shown[key].(int)
		if v, ok := change[key]; ok {
			n, err := number(key, v)
			if err != nil {
				return err
			}
			value[key], said = int(n), true
		}
	}
	if on, ok := change["scheduler_enabled"].(bool); ok && on != shown["scheduler_enabled"] {
		patch["schedule.on"], said = on, said || on
	}
	day := value["scheduler_days"]
	if day >= len(days()) {
		return fmt.Errorf("scheduler_days: there is no %d", day)
	}
	rule := fmt.Sprintf("%s %02d:%02d-%02d:%02d alternative", days()[day],
		value["schedule_from_hour"], value["schedule_from_min"], value["schedule_to_hour"], value["schedule_to_min"])
	at, rules := ruleOf(c.Schedule), slices.Clone(c.Schedule.Rules)
	switch {
	case !said:
		return nil
	case at < 0:
		rules = append(rules, rule)
	case rules[at] == rule:
		return nil
	default:
		rules[at] = rule
	}
	patch["schedule.rules"] = rules
	return nil
}

package words

import (
	"fmt"
	"time"
)

// Ago says how long it has been since a time: "25 min ago"; "never" since none.
func Ago(at, now time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return rough(now.Sub(at)) + " ago"
}

// Until says how long it is until a time: "in 25 min"; "soon" if it has come, or is none.
func Until(at, now time.Time) string {
	d := at.Sub(now)
	if at.IsZero() || d <= 0 {
		return "soon"
	}
	return "in " + rough(d)
}

// rough says a time without what does not matter.
func rough(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(int(d/time.Second), 1))
	case d < time.Hour:
		return Duration(d.Truncate(time.Minute))
	}
	return Duration(d.Truncate(time.Hour))
}

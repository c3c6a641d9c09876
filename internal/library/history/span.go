package history

import "time"

// Span is how far somebody looks back.
type Span string

// The spans.
const (
	Hour  Span = "hour"
	Day   Span = "day"
	Month Span = "month"
	Year  Span = "year"
	All   Span = "all" // two years
)

const day = 24 * time.Hour

// Steps returns how long each step of a span is, and how many there are; 0 if there is no
// such span.
func (s Span) Steps() (each time.Duration, n int) {
	switch s {
	case Hour:
		return 10 * time.Second, 360
	case Day:
		return 10 * time.Minute, 144
	case Month:
		return time.Hour, 31 * 24
	case Year:
		return day, 366
	case All:
		return day, 2 * 366
	}
	return 0, 0
}

// From returns when the first step of a span begins of which the last holds now. Days are
// those of UTC.
func (s Span) From(now time.Time) time.Time {
	each, n := s.Steps()
	return now.UTC().Truncate(each).Add(-time.Duration(n-1) * each)
}

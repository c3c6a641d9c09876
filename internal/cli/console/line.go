package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/words"
)

// columns is what a line of a list has at most.
const columns = 80

// Line says a line of a list, up to where a screen ends.
func (c *Console) Line(text string) {
	if r := []rune(text); len(r) > columns {
		text = string(r[:columns-1]) + "…"
	}
	c.Say("%s", strings.TrimRight(text, " "))
}

// In says how long it is until a time: "in 25 min", "soon".
func (c *Console) In(at time.Time) string {
	d := at.Sub(c.Clock.Now())
	if at.IsZero() || d <= 0 {
		return "soon"
	}
	return "in " + rough(d)
}

// Ago says how long it has been since a time: "25 min ago", "never".
func (c *Console) Ago(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return rough(c.Clock.Now().Sub(at)) + " ago"
}

// rough says a time without what does not matter.
func rough(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(int(d/time.Second), 1))
	case d < time.Hour:
		return words.Duration(d.Truncate(time.Minute))
	}
	return words.Duration(d.Truncate(time.Hour))
}

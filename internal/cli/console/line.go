package console

import (
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
func (c *Console) In(at time.Time) string { return words.Until(at, c.Clock.Now()) }

// Ago says how long it has been since a time: "25 min ago", "never".
func (c *Console) Ago(at time.Time) string { return words.Ago(at, c.Clock.Now()) }

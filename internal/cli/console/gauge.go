package console

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/warren-p2p/warren/internal/words"
)

// Gauge is one look at something under way.
type Gauge struct {
	Doing string // such as "checking"; "" for a transfer
	Name  string
	// Trouble replaces rate and peers: why nothing moves.
	Trouble     string
	Done, Total int64 // bytes
	Rate        int64 // bytes a second
	Left        time.Duration
	LeftKnown   bool
	// Peers are told about if Transfer is set, and how much went over TLS.
	Transfer   bool
	Peers      int
	WebSeeds   int
	TLSPercent int // -1 if nothing was exchanged yet
	// Seeding tells what was sent instead of how much is done.
	Seeding bool
	Sent    int64 // bytes
}

// style is how a bar is drawn.
type style struct {
	full, empty string // one column each
	on, off     string // colour of the full part
	ellipsis    string // one column
}

func (c *Console) style() style {
	s := style{full: "#", empty: ".", ellipsis: "~"}
	if c.unicode() {
		s.full, s.empty, s.ellipsis = "█", "░", "…"
	}
	if c.Colour() {
		s.on, s.off = "\x1b[32m", "\x1b[0m"
	}
	return s
}

const (
	minBar = 8
	maxBar = 40
)

// bar returns the gauge in at most columns columns: what matters least goes
// first when room is short.
func (g Gauge) bar(columns int, s style) string {
	if g.Seeding {
		return cut(g.line(), columns, s)
	}
	percent := fmt.Sprintf("%3d%%", words.Percent(g.Done, g.Total))
	name := strings.TrimSpace(g.Doing + " " + words.Plain(g.Name))
	rest := g.facts()
	for {
		line := strings.Join(rest, "  ")
		room := columns - columnsOf(percent) - columnsOf(line) - 3 // the spaces between the four
		if title := min(columnsOf(name), 24); room >= title+minBar {
			return cut(name, title, s) + " " + percent + " " + s.draw(g, min(room-title, maxBar)) + " " + line
		}
		if title := min(columnsOf(name), 10); room >= title+minBar {
			return cut(name, title, s) + " " + percent + " " + s.draw(g, min(room-title, maxBar)) + " " + line
		}
		if len(rest) <= 1 {
			break
		}
		rest = rest[:len(rest)-1]
	}
	return cut(strings.TrimSpace(percent+" "+strings.Join(rest, " ")), columns, s)
}

// facts returns what is said beside the bar, most important first.
func (g Gauge) facts() []string {
	if g.Trouble != "" {
		return []string{words.Plain(g.Trouble)}
	}
	facts := []string{words.Rate(g.Rate)}
	if g.LeftKnown {
		facts = append(facts, words.Left(g.Left)+" left")
	}
	if g.Transfer {
		if g.TLSPercent >= 0 {
			facts = append(facts, fmt.Sprintf("TLS %d%%", g.TLSPercent))
		}
		facts = append(facts, words.Count(g.Peers, "peer", "peers"))
		if g.WebSeeds > 0 {
			facts = append(facts, words.Count(g.WebSeeds, "web seed", "web seeds"))
		}
	}
	if g.Seeding {
		return append(facts, words.Bytes(g.Sent)+" sent")
	}
	return append(facts, words.Bytes(g.Done)+" of "+words.Bytes(g.Total))
}

// line returns the gauge as a line of a log.
func (g Gauge) line() string {
	doing := g.Doing
	if doing != "" {
		doing += " "
	}
	facts := g.facts()
	if g.Seeding {
		return fmt.Sprintf("%s%s: %s", doing, words.Plain(g.Name), strings.Join(facts, ", "))
	}
	if g.Trouble != "" {
		facts = append(facts, words.Bytes(g.Done)+" of "+words.Bytes(g.Total))
	}
	return fmt.Sprintf("%s%s: %d%%, %s", doing, words.Plain(g.Name), words.Percent(g.Done, g.Total), strings.Join(facts, ", "))
}

func (s style) draw(g Gauge, columns int) string {
	full := 0
	if g.Total > 0 {
		full = int(float64(g.Done) / float64(g.Total) * float64(columns))
	}
	full = max(0, min(full, columns))
	return s.on + strings.Repeat(s.full, full) + s.off + strings.Repeat(s.empty, columns-full)
}

// cut shortens text to a number of columns.
func cut(text string, columns int, s style) string {
	if columnsOf(text) <= columns {
		return text
	}
	var b strings.Builder
	used := 1
	for _, r := range text {
		if used += columnsOf(string(r)); used > columns {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + s.ellipsis
}

// columnsOf returns how many columns of a terminal text takes.
func columnsOf(text string) (n int) {
	for _, r := range text {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case k == width.EastAsianWide, k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

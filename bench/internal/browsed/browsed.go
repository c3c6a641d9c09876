// Package browsed says what a browser has found of the pages of programs: beside each
// other, and of one page that was watched for long.
package browsed

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Load is one visit of a page by a browser that has not been there.
type Load struct {
	First        float64 `json:"first"`  // milliseconds until the name of a torrent is painted
	Bytes        float64 `json:"bytes"`  // of everything, as sent
	Script       float64 `json:"script"` // of scripts
	Requests     int     `json:"requests"`
	IdleBytes    float64 `json:"idleBytes"` // in the ten seconds after that
	IdleRequests int     `json:"idleRequests"`
	Nodes        int     `json:"nodes"` // of the document
}

// Page is what was found of one page.
type Page struct {
	Name       string `json:"name"`
	Loads      []Load `json:"loads"`
	Violations []struct {
		ID     string `json:"id"`
		Impact string `json:"impact"`
		Nodes  int    `json:"nodes"`
	} `json:"violations"`
	Phone struct {
		Small    int `json:"small"`    // controls of less than 24 pixels
		Overflow int `json:"overflow"` // pixels that the page is wider than the screen
	} `json:"phone"`
	Plain struct {
		Lists bool   `json:"lists"` // whether torrents are seen without JavaScript
		Said  string `json:"said"`
	} `json:"plain"`
}

// Opened is when something was painted, in milliseconds after the request: the name of a
// torrent, and a row of the table.
type Opened struct {
	First      float64 `json:"first"`
	FirstTable float64 `json:"firstTable"`
	Again      float64 `json:"again"` // for a browser that was there before
	AgainTable float64 `json:"againTable"`
	Plain      float64 `json:"plain"` // of the page without scripts
	PlainTable float64 `json:"plainTable"`
}

// Watched is a page that was open for long while torrents changed.
type Watched struct {
	Opened
	Updates int       `json:"updates"` // that came
	Task    float64   `json:"task"`    // seconds of the page's main thread
	Longest float64   `json:"longest"` // task of more than 50 ms, in milliseconds
	Heap    []float64 `json:"heap"`    // bytes after a garbage collection: after half a minute, half-way, at the end
	Nodes   []float64 `json:"nodes"`
}

// update is what an update takes of the main thread, in milliseconds.
func (w *Watched) update() float64 { return 1000 * w.Task / float64(max(1, w.Updates)) }

// growth is by how much the heap has grown.
func (w *Watched) growth() float64 { return w.Heap[len(w.Heap)-1]/w.Heap[0] - 1 }

// Results is what a run has found.
type Results struct {
	Few, Many int    // torrents: of each program, and of the one that was watched
	Pages     []Page // the first is ours
	Long      Watched
	Duration  time.Duration // of watching
	Versions  []string      // of what took part
}

// median of what the loads have of something.
func (m *Page) median(of func(Load) float64) float64 {
	var all []float64
	for _, l := range m.Loads {
		all = append(all, of(l))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// violating returns how many elements break a rule.
func (m *Page) violating() (nodes int) {
	for _, v := range m.Violations {
		nodes += v.Nodes
	}
	return nodes
}

// column is something that pages are compared by; less is better.
type column struct {
	name string
	of   func(m *Page) float64
	text func(m *Page) string // nil: the number
	tied bool                 // as good as another is good enough: the best there is
}

func columns() []column {
	return []column{
		{name: "first row, ms", of: func(m *Page) float64 { return m.median(func(l Load) float64 { return l.First }) }},
		{name: "transfer, kB", of: func(m *Page) float64 { return m.median(func(l Load) float64 { return l.Bytes }) / 1000 }},
		{name: "of it scripts, kB", of: func(m *Page) float64 { return m.median(func(l Load) float64 { return l.Script }) / 1000 }},
		{name: "requests", of: func(m *Page) float64 { return m.median(func(l Load) float64 { return float64(l.Requests) }) }},
		{name: "idle, kB in 10 s", of: func(m *Page) float64 { return m.median(func(l Load) float64 { return l.IdleBytes }) / 1000 }},
		{name: "elements", of: func(m *Page) float64 { return m.median(func(l Load) float64 { return float64(l.Nodes) }) }},
		{name: "axe: rules", of: func(m *Page) float64 { return float64(len(m.Violations)) }, tied: true},
		{name: "axe: elements", of: func(m *Page) float64 { return float64(m.violating()) }, tied: true},
		{name: "phone: controls < 24 px", of: func(m *Page) float64 { return float64(m.Phone.Small) }, tied: true},
		{name: "phone: too wide, px", of: func(m *Page) float64 { return float64(m.Phone.Overflow) }, tied: true},
		{name: "without JavaScript", of: func(m *Page) float64 {
			if m.Plain.Lists {
				return 0
			}
			return 1
		}, text: func(m *Page) string {
			if m.Plain.Lists {
				return "the torrents"
			}
			return fmt.Sprintf("“%s”", m.Plain.Said)
		}, tied: true},
	}
}

// cell is what a table says.
func (c *column) cell(m *Page) string {
	if c.text != nil {
		return c.text(m)
	}
	if v := c.of(m); v < 10 && v != float64(int(v)) {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", c.of(m))
}

// Bars of the page with many torrents.
const (
	firstBar  = 300  // ms
	updateBar = 16   // ms
	growthBar = 0.05 // what a garbage collection leaves differs by as much
)

// ErrBehind says on what the page of the node misses a bar.
var ErrBehind = errors.New("behind")

// Check returns an error for each bar that is missed.
func (r *Results) Check() error {
	var errs []error
	us := r.Pages[0]
	for _, c := range columns() {
		for _, other := range r.Pages[1:] {
			if a, b := c.of(&us), c.of(&other); a > b || a == b && !c.tied {
				errs = append(errs, fmt.Errorf("%w: %s: %s, and %s of %s", ErrBehind, c.name, c.cell(&us), c.cell(&other), other.Name))
			}
		}
	}
	if r.Long.Updates == 0 {
		errs = append(errs, fmt.Errorf("%w: no update came in %v", ErrBehind, r.Duration))
	}
	for _, bar := range []struct {
		name     string
		got, bar float64
	}{
		{"first row, ms", r.Long.First, firstBar}, {"an update, ms", r.Long.update(), updateBar}, {"growth of the heap", r.Long.growth(), growthBar},
	} {
		if bar.got > bar.bar {
			errs = append(errs, fmt.Errorf("%w: %s with %d torrents: %.2f, bar %.2f", ErrBehind, bar.name, r.Many, bar.got, bar.bar))
		}
	}
	return errors.Join(errs...)
}

// Document is the page docs/pages.md.
func (r *Results) Document() string {
	var b strings.Builder
	fmt.Fprintf(&b, intro, r.Few, strings.Join(r.Versions, ", "))
	names, line := []string{""}, []string{"---"}
	for _, m := range r.Pages {
		names, line = append(names, m.Name), append(line, "---:")
	}
	row := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	row(names)
	row(line)
	for _, c := range columns() {
		cells := []string{c.name}
		for _, m := range r.Pages {
			cells = append(cells, c.cell(&m))
		}
		row(cells)
	}
	l := r.Long
	fmt.Fprintf(&b, crowded, r.Many, r.Duration, l.First, firstBar, l.FirstTable, l.Again, l.AgainTable, l.Plain, l.PlainTable, l.update(), updateBar, l.Updates, longest(l.Longest), l.Heap[0]/1e6, l.Heap[1]/1e6, l.Heap[2]/1e6, l.Nodes[0], l.Nodes[2])
	return b.String()
}

func longest(ms float64) string {
	if ms == 0 {
		return "none took 50 ms"
	}
	return fmt.Sprintf("the longest task took %.0f ms", ms)
}

const intro = `# The page of a node, measured

Written by ` + "`make pages`" + `, which opens the pages of four programs with the same %d
paused torrents in the same Chromium, 1280 by 800 pixels, each by a browser that has
never been there: the median of what it finds. Here it was
%s.

*First row* is when the name of a torrent is painted, after the request for the page;
the *whole of it* when the row stands in its table, with all its columns.
*Transfer* is all that comes over the network until a second and a half after that, as
it is sent; *idle* what comes in the ten seconds that follow, while nothing happens.
*axe* is axe-core with all its rules. The phone is 390 pixels wide. Less is better
everywhere; the command fails where the node is not ahead (or level, where nothing can
be better).

`

const crowded = `
## %d torrents

A node with as many, of which 200, those on top of the list among them, change every second
for %v.

| | measured | bar |
|---|---:|---:|
| first row, ms | %.0f | %d |
| the whole of it, ms | %.0f | |
| the same two for a browser that was there before, ms | %.0f, %.0f | |
| the same two of the page without scripts (` + "`/plain/`" + `), ms | %.0f, %.0f | |
| an update, ms of the page's main thread | %.1f | %d |
| updates; tasks | %d; %s | |
| heap after a garbage collection: after 30 s, half-way, at the end, MB | %.1f, %.1f, %.1f | no growth |
| nodes of the document: after 30 s, at the end | %.0f, %.0f | |
`

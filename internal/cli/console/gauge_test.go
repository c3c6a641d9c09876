package console

import (
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func ascii() style { return style{full: "#", empty: ".", ellipsis: "~"} }

func fetching() Gauge {
	return Gauge{
		Name: "a-tree-of-files", Done: 56_200_000, Total: 130_000_000, Rate: 108_000_000,
		Left: 12 * time.Second, LeftKnown: true, Transfer: true, Peers: 2, TLSPercent: 100,
	}
}

// TestBar shows what is left out as a terminal gets narrower.
func TestBar(t *testing.T) {
	for columns, want := range map[int]string{
		120: "a-tree-of-files  43% #################....................... 108 MB/s  0:12 left  TLS 100%  2 peers  56.2 MB of 130 MB",
		100: "a-tree-of-files  43% #########............ 108 MB/s  0:12 left  TLS 100%  2 peers  56.2 MB of 130 MB",
		80:  "a-tree-of-files  43% ########............ 108 MB/s  0:12 left  TLS 100%  2 peers",
		60:  "a-tree-of-files  43% ###...... 108 MB/s  0:12 left  TLS 100%",
		40:  "a-tree-of-files  43% ####...... 108 MB/s",
		24:  "43% 108 MB/s",
		10:  "43% 108 M~",
	} {
		if got := fetching().bar(columns, ascii()); got != want {
			t.Errorf("%d columns:\n%q, want\n%q", columns, got, want)
		}
	}
}

func TestBarStates(t *testing.T) {
	hashing := Gauge{Doing: "making", Name: "x", Done: 1, Total: 2, Rate: 2_000_000}
	alone := Gauge{Name: "x", Total: 10, Trouble: "no peer is connected yet", Transfer: true, TLSPercent: -1}
	first := Gauge{Name: "x", Total: 10, Transfer: true, Peers: 1, TLSPercent: -1}
	seeding := Gauge{Doing: "seeding", Name: "x", Rate: 1000, Seeding: true, Sent: 5, Transfer: true, Peers: 3, TLSPercent: 50}
	for _, c := range []struct {
		g         Gauge
		bar, line string
	}{
		{hashing, "making x  50% #######....... 2.00 MB/s  1 B of 2 B", "making x: 50%, 2.00 MB/s, 1 B of 2 B"},
		{alone, "x   0% .................. no peer is connected yet", "x: 0%, no peer is connected yet, 0 B of 10 B"},
		{first, "x   0% ................ 0 B/s  1 peer  0 B of 10 B", "x: 0%, 0 B/s, 1 peer, 0 B of 10 B"},
		{seeding, "seeding x: 1.00 kB/s, TLS 50%, 3 peers, 5 B sent", "seeding x: 1.00 kB/s, TLS 50%, 3 peers, 5 B sent"},
	} {
		if got := c.g.bar(50, ascii()); got != c.bar {
			t.Errorf("bar\n%q, want\n%q", got, c.bar)
		}
		if got := c.g.line(); got != c.line {
			t.Errorf("line\n%q, want\n%q", got, c.line)
		}
	}
}

// TestBarFits: whatever is shown, it fits and cannot move the cursor.
func TestBarFits(t *testing.T) {
	control := regexp.MustCompile(`[\x00-\x1f\x7f-\x9f]`)
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1<<50).Draw(t, "total")
		g := Gauge{
			Doing: rapid.SampledFrom([]string{"", "checking"}).Draw(t, "doing"), Name: rapid.String().Draw(t, "name"),
			Trouble: rapid.SampledFrom([]string{"", "waiting: no space left on the volume"}).Draw(t, "trouble"),
			Done:    rapid.Int64Range(0, total).Draw(t, "done"), Total: total,
			Rate: rapid.Int64Range(0, 1<<40).Draw(t, "rate"), Left: time.Duration(rapid.Int64Range(0, 1<<50).Draw(t, "left")),
			LeftKnown: rapid.Bool().Draw(t, "known"), Transfer: rapid.Bool().Draw(t, "transfer"),
			Peers: rapid.IntRange(0, 5000).Draw(t, "peers"), TLSPercent: rapid.IntRange(-1, 100).Draw(t, "tls"),
			Seeding: rapid.Bool().Draw(t, "seeding"),
		}
		columns := rapid.IntRange(1, 250).Draw(t, "columns")
		bar := g.bar(columns, ascii())
		if n := columnsOf(bar); n > columns {
			t.Fatalf("%d columns of %d: %q", n, columns, bar)
		}
		if control.MatchString(bar) || control.MatchString(g.line()) {
			t.Fatalf("control characters: %q, %q", bar, g.line())
		}
	})
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "兎兎": 4, "e\u0301": 1, "█░": 2} {
		if got := columnsOf(text); got != want {
			t.Errorf("columnsOf(%q) = %d, want %d", text, got, want)
		}
	}
	if got := cut("兎兎兎", 4, ascii()); got != "兎~" {
		t.Errorf("cut: %q", got)
	}
}

func TestStyle(t *testing.T) {
	env := map[string]string{"LANG": "de_DE.UTF-8"}
	c := &Console{Getenv: func(k string) string { return env[k] }, Terminal: true}
	if s := c.style(); s.full != "█" || s.on == "" {
		t.Errorf("in a terminal with UTF-8: %+v", s)
	}
	env["NO_COLOR"] = "1"
	if s := c.style(); s.on != "" || s.off != "" {
		t.Errorf("colours in spite of NO_COLOR: %+v", s)
	}
	env["LC_ALL"] = "C"
	if s := c.style(); s.full != "#" || s.ellipsis != "~" {
		t.Errorf("not ASCII in the C locale: %+v", s)
	}
}

package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/report/bars"
	"github.com/warren-p2p/warren/bench/internal/report/part"
	"github.com/warren-p2p/warren/bench/internal/report/table"
)

// Markdown is the whole document.
func (r Results) Markdown() string {
	var b strings.Builder
	b.WriteString("# Benchmarks\n\n")
	b.WriteString("Written by `make bench` from `benchmarks.json`, which holds every repetition; not edited by hand.\n\n")
	b.WriteString("## What must be reached\n\n")
	b.WriteString(r.Verdicts())
	for _, p := range Parts() {
		groups := slices.DeleteFunc(slices.Clone(r.Groups), func(g Group) bool { return g.Part != p })
		if len(groups) == 0 {
			continue
		}
		b.WriteString("\n## " + part.Heading(p) + "\n\n" + part.Method(p) + "\n")
		for _, g := range groups {
			b.WriteString("\n" + g.Markdown() + g.commands())
		}
	}
	b.WriteString("\n## Where it was measured\n\n")
	b.WriteString(r.contexts())
	return b.String()
}

// Verdicts is the table of bars.
func (r Results) Verdicts() string {
	rows := [][]string{{"what", "formula", "bar", "measured", "verdict"}}
	for _, v := range bars.Judge(bars.All(), r.Find) {
		value := "-"
		if v.Value != 0 {
			value = table.Number(v.Value)
		}
		state := string(v.State)
		if v.State == bars.Fail {
			state = "**FAIL**"
		}
		rows = append(rows, []string{v.Name, v.Formula(), v.Limit(), value, state})
	}
	return table.Markdown(rows)
}

// Markdown is the title and the table of one group.
func (g Group) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", g.title())
	switch g.Part {
	case Hash, Limit:
		b.WriteString(table.Markdown(g.workRows()))
	case Torrents, Node:
		b.WriteString(table.Markdown(g.torrentRows()))
	case Idle:
		b.WriteString(table.Markdown(g.idleRows()))
	case Handshake:
		b.WriteString(table.Markdown(g.handshakeRows()))
	case Tracker:
		b.WriteString(table.Markdown(g.trackerRows()))
	default:
		b.WriteString(table.Markdown(g.transferRows()))
	}
	for _, e := range g.Entries {
		if e.Error != "" {
			fmt.Fprintf(&b, "\n%s: %s\n", e.Title(), e.Error)
		}
	}
	return b.String()
}

func (g Group) title() string {
	size := fmt.Sprintf("%s MiB", table.Number(float64(g.Bytes)/(1<<20)))
	switch g.Part {
	case Hash:
		files := "one file"
		if g.Files != 1 {
			files = fmt.Sprintf("%d files", g.Files)
		}
		return fmt.Sprintf("%s, %s, %s, pieces of %d KiB", g.Kind, files, size, g.PieceLength>>10)
	case Limit:
		return fmt.Sprintf("%s over one connection, pieces of %d KiB", size, g.PieceLength>>10)
	case Torrents:
		return fmt.Sprintf("%d torrents, each %s, pieces of %d KiB", g.Torrents, size, g.PieceLength>>10)
	case Node:
		return fmt.Sprintf("A node with %d torrents", g.Torrents)
	case Idle:
		return fmt.Sprintf("%d peers", g.Peers)
	case Tracker:
		return fmt.Sprintf("%d peers of %d torrents", g.Peers, g.Torrents)
	case Handshake:
		return fmt.Sprintf("Handshakes, and one torrent of %d", g.Torrents)
	}
	return fmt.Sprintf("%s, 1 → %d, MTU %d, %s, pieces of %d KiB", g.Kind, g.Downloaders, g.MTU, size, g.PieceLength>>10)
}

func (g Group) commands() string {
	var b strings.Builder
	for _, e := range g.Entries {
		for _, c := range e.Commands {
			fmt.Fprintf(&b, "# %s: %s\n%s\n", e.Title(), c.Role, c.Line)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nCommands (`$W` is the work directory):\n\n```\n" + b.String() + "```\n"
}

// contexts lists each run once, with the groups that came from it.
func (r Results) contexts() string {
	var b strings.Builder
	seen := make(map[string]bool)
	for _, g := range r.Groups {
		c := g.Run
		if seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		var of []string
		for _, o := range r.Groups {
			if o.Run.ID == c.ID {
				of = append(of, strings.Join(strings.Fields(o.Part+" "+o.Case+" "+o.Kind), " "))
			}
		}
		fmt.Fprintf(&b, "- Run %s of %s: %s.\n", c.ID, c.Date, strings.Join(of, ", "))
		fmt.Fprintf(&b, "  %s, %d processors, %s MiB of memory, Linux %s, %s.\n", c.Machine.CPU, c.Machine.Cores,
			table.Number(float64(c.Machine.Memory)/(1<<20)), c.Machine.Kernel, c.Go)
		fmt.Fprintf(&b, "  `bench %s`\n", c.Options)
		var versions []string
		for _, name := range slices.Sorted(maps.Keys(c.Versions)) {
			versions = append(versions, name+" "+c.Versions[name])
		}
		fmt.Fprintf(&b, "  %s.\n", strings.Join(versions, ", "))
	}
	return b.String()
}

package control

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// columns is what a line has at most.
const columns = 80

// List shows the torrents of the node.
type List struct {
	Search   []string `arg:"" optional:"" help:"Only those whose name has all of these words."`
	State    []string `placeholder:"STATE" help:"Only those in this state, such as downloading, seeding, paused or failed; active is those that move. May be given several times."`
	Category string   `placeholder:"NAME" help:"Only those of this category; none is those without one."`
	Label    []string `placeholder:"NAME" help:"Only those that have this label; may be given several times."`
	Sort     string   `default:"id" placeholder:"PROPERTY" help:"By what they are sorted: id, name, state, progress, size, added, completed, last_active, down_rate, up_rate, eta, ratio, sent, received, peers, seeds, category or position."`
	Reverse  bool     `help:"The other way round."`
}

// Run shows them.
func (l *List) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		list, err := n.Torrents(ctx, l.query())
		if err != nil {
			return err
		}
		for _, t := range list {
			if err := c.Emit(event{"torrent", t}); err != nil {
				return err
			}
		}
		if len(list) == 0 {
			c.Say("There is no such torrent in the node.")
			if len(l.query()) == 1 {
				c.Say("To add one: warren add FILE-OR-LINK")
			}
			return nil
		}
		c.Say("%s", table(list))
		return nil
	})
}

func (l *List) query() url.Values {
	q := url.Values{"sort": {l.Sort}}
	set := func(key string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			q[key] = values
		}
	}
	set("search", strings.Join(l.Search, " "))
	set("state", l.State...)
	set("category", l.Category)
	set("label", l.Label...)
	if l.Reverse {
		q.Set("reverse", "true")
	}
	return q
}

// table shows torrents, one a line, and what they come to.
func table(list []remote.Torrent) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%5s %5s %9s %10s %10s  %-11s %s\n", "ID", "DONE", "SIZE", "DOWN", "UP", "STATE", "NAME")
	var size, down, up int64
	for i := range list {
		t := &list[i]
		size, down, up = size+t.Size, down+t.DownRate, up+t.UpRate
		line := fmt.Sprintf("%5d %4d%% %9s %10s %10s  %-11s %s", t.ID, int(t.Progress*100), amount(t.Size), rate(t.DownRate), rate(t.UpRate), state(t), words.Plain(t.Name))
		b.WriteString(cut(line) + "\n")
		if t.State == "failed" && t.Reason != "" {
			b.WriteString(cut("      "+words.Plain(t.Reason)) + "\n")
		}
	}
	fmt.Fprintf(&b, "%s, %s", words.Count(len(list), "torrent", "torrents"), words.Bytes(size))
	if down > 0 {
		fmt.Fprintf(&b, "; down %s", words.Rate(down))
	}
	if up > 0 {
		fmt.Fprintf(&b, "; up %s", words.Rate(up))
	}
	return b.String()
}

// cut ends a line where the screen does.
func cut(line string) string {
	if r := []rune(line); len(r) > columns {
		return string(r[:columns-1]) + "…"
	}
	return line
}

// state says what a torrent does; what moves, how long it takes.
func state(t *remote.Torrent) string {
	if t.State == "downloading" && t.ETA > 0 {
		return words.Left(time.Duration(t.ETA) * time.Second)
	}
	return t.State
}

func amount(n int64) string {
	if n == 0 {
		return "?"
	}
	return words.Bytes(n)
}

func rate(n int64) string {
	if n == 0 {
		return "-"
	}
	return words.Rate(n)
}

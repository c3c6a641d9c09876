// Package control holds the commands that talk to the node that runs in a home: list,
// add, pause, resume, remove, limits and status.
package control

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// event is a torrent as --json tells of it.
type event struct {
	Event string `json:"event"`
	remote.Torrent
}

// Selection names torrents.
type Selection struct {
	Torrent []string `arg:"" optional:"" help:"Number, info-hash or whole name of a torrent, as list shows them."`
	All     bool     `help:"All torrents of the node."`
}

// of finds what is named.
func (s *Selection) of(ctx context.Context, n *remote.Node) ([]remote.Torrent, error) {
	switch {
	case s.All && len(s.Torrent) > 0:
		return nil, console.Usage("--all means all torrents: name none, or do without it")
	case s.All:
		return n.Torrents(ctx, nil)
	case len(s.Torrent) == 0:
		return nil, console.Usage("an argument is missing: torrent; --all means all of them")
	}
	return n.Keys(ctx, s.Torrent)
}

// act does the same with torrents, and tells what became of it.
func act(ctx context.Context, c *console.Console, s *Selection, action, done string, content bool) error {
	return remote.With(c, func(n *remote.Node) error {
		list, err := s.of(ctx, n)
		if err != nil {
			return err
		}
		o, err := n.Bulk(ctx, action, content, list)
		if err != nil {
			return err
		}
		failed := map[string]string{}
		for _, f := range o.Failed {
			failed[f.Key] = f.Why
		}
		for _, t := range list {
			if why, ok := failed[t.Key]; ok {
				c.Warn("%s: %s", words.Plain(t.Name), words.Plain(why))
				continue
			}
			if err := c.Emit(event{done, t}); err != nil {
				return err
			}
		}
		switch {
		case len(list) == 1 && o.Done == 1:
			c.Say("%q is %s.", words.Plain(list[0].Name), done)
		case o.Done > 0 || len(list) == 0:
			c.Say("%s %s.", words.Count(o.Done, "torrent is", "torrents are"), done)
		}
		if len(o.Failed) > 0 {
			return fmt.Errorf("%s of %s: see above", words.Count(len(o.Failed), "failure", "failures"), words.Count(len(list), "torrent", "torrents"))
		}
		return nil
	})
}

// Pause stops torrents.
type Pause struct{ Selection }

// Run pauses.
func (p *Pause) Run(ctx context.Context, c *console.Console) error {
	return act(ctx, c, &p.Selection, "pause", "paused", false)
}

// Resume lets torrents go on.
type Resume struct{ Selection }

// Run resumes.
func (r *Resume) Run(ctx context.Context, c *console.Console) error {
	return act(ctx, c, &r.Selection, "resume", "resumed", false)
}

// Remove forgets torrents.
type Remove struct {
	Selection
	Content bool `help:"Delete what they consist of on the disk as well. It is gone then."`
}

// Run removes.
func (r *Remove) Run(ctx context.Context, c *console.Console) error {
	if r.All && r.Content {
		return console.Usage("--all --content would delete everything: name the torrents whose content is to go")
	}
	done := "removed; the content stays where it is"
	if r.Content {
		done = "removed, with its content"
	}
	return act(ctx, c, &r.Selection, "remove", done, r.Content)
}

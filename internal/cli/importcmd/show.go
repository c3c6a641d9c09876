package importcmd

import (
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/words"
)

// torrent is one that can come along, for --json.
type torrent struct {
	Event    string   `json:"event"`
	Name     string   `json:"name"`
	Key      string   `json:"key"`
	Dir      string   `json:"dir"`
	Size     int64    `json:"size"`
	Trusted  bool     `json:"trusted"` // it is complete, and not hashed
	Paused   bool     `json:"paused"`
	Category string   `json:"category,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	Sent     int64    `json:"sent"`
	Received int64    `json:"received"`
	Notes    []string `json:"notes,omitempty"`
}

// left is one that stays behind.
type left struct {
	Event  string `json:"event"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// show tells what can come along, and what cannot.
func show(c *console.Console, found *importer.Found, from string) error {
	c.Say("%s has %s that can come along.", from, words.Count(len(found.Torrents), "torrent", "torrents"))
	for i := range found.Torrents {
		t := &found.Torrents[i]
		r := &t.Record
		size := "a magnet link"
		if t.Metainfo != nil {
			size = words.Bytes(r.Size)
		}
		how := ""
		switch {
		case r.Trusted && r.Paused:
			how = ", complete, paused"
		case r.Trusted:
			how = ", complete"
		case r.Paused:
			how = ", paused"
		}
		c.Say("  %s: %s%s, in %s", words.Plain(r.Name), size, how, words.Plain(r.Dir))
		for _, note := range t.Notes {
			c.Say("    %s", words.Plain(note))
		}
		if err := c.Emit(torrent{"torrent", r.Name, record.Key(r.Hashes), r.Dir, r.Size, r.Trusted, r.Paused, r.Category, r.Labels, r.Sent, r.Received, t.Notes}); err != nil {
			return err
		}
	}
	if len(found.Left) > 0 {
		c.Say("%s cannot:", words.Count(len(found.Left), "torrent", "torrents"))
	}
	for _, l := range found.Left {
		c.Say("  %s: %s", words.Plain(l.Name), words.Plain(l.Reason))
		if err := c.Emit(left{"left", l.Name, l.Reason}); err != nil {
			return err
		}
	}
	return nil
}

// done is what was done.
type done struct {
	Event string   `json:"event"`
	Added int      `json:"added"`
	Known []string `json:"known,omitempty"` // names of those that were here already
	Home  string   `json:"home"`
}

func told(c *console.Console, o importer.Outcome, path string) error {
	c.Say("%s into the node in %s.", words.Count(o.Added, "torrent has come", "torrents have come"), words.Plain(path))
	if len(o.Known) > 0 {
		c.Say("%s here already, and nothing about that has changed.", words.Count(len(o.Known), "torrent was", "torrents were"))
	}
	c.Say("They begin when the node does: warren run --home %s", words.Shell(path))
	return c.Emit(done{console.Done, o.Added, o.Known, path})
}

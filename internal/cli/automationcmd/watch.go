package automationcmd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Watch is the group of commands about folders that are watched.
type Watch struct {
	List   watchList   `cmd:"" help:"Show the folders that are watched, and what became of the last files."`
	Add    watchAdd    `cmd:"" help:"Watch a folder, or say anew how it is watched."`
	Remove watchRemove `cmd:"" help:"Watch a folder no more. Nothing happens to it."`
}

// folder is one as --json tells of it.
type folder struct {
	Event string `json:"event"`
	automation.WatchStatus
}

// taken is what became of a file, as --json tells of it.
type taken struct {
	Event string `json:"event"`
	automation.WatchResult
}

type watchList struct{}

// Run shows the folders.
func (*watchList) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		var list automation.WatchList
		if err := n.Get(ctx, "/watch-folders", nil, &list); err != nil {
			return err
		}
		if len(list.Folders) == 0 {
			c.Say("No folder is watched. To watch one: warren watch add FOLDER")
		}
		for i := range list.Folders {
			f := &list.Folders[i]
			c.Line(words.Plain(f.Folder.Path))
			if text := manner(&f.Folder); text != "" {
				c.Line("  " + text)
			}
			if f.Problem != "" {
				c.Line("  cannot be looked into: " + words.Plain(f.Problem))
			}
			if err := c.Emit(folder{"folder", *f}); err != nil {
				return err
			}
		}
		for _, r := range list.Results {
			became := fmt.Sprintf("torrent %d", r.Torrent)
			if r.Problem != "" {
				became = words.Plain(r.Problem)
			}
			c.Say("%s %s: %s", c.Ago(r.At), words.Plain(r.File), became)
			if err := c.Emit(taken{"file", r}); err != nil {
				return err
			}
		}
		return nil
	})
}

// manner says in words how what is in a folder is added.
func manner(f *automation.WatchFolder) string {
	var parts []string
	if f.Category != "" {
		parts = append(parts, "as "+words.Plain(f.Category))
	}
	if len(f.Labels) > 0 {
		parts = append(parts, "with "+words.Plain(strings.Join(f.Labels, ", ")))
	}
	if f.Dir != "" {
		parts = append(parts, "into "+words.Plain(f.Dir))
	}
	if f.Paused != nil && *f.Paused {
		parts = append(parts, "paused")
	}
	switch f.Then {
	case "delete":
		parts = append(parts, "files are deleted then")
	case "move":
		parts = append(parts, "files go to "+words.Plain(f.To))
	}
	return strings.Join(parts, ", ")
}

type watchAdd struct {
	Folder string `arg:"" help:"The folder. Torrent files that are put there are added, and so is what is in files with magnet links, one a line, that end in .magnet."`
	How
	Delete bool   `xor:"then" help:"Delete a file once its torrent was added, instead of naming it .added."`
	Move   string `xor:"then" placeholder:"DIR" help:"Move a file there once its torrent was added."`
}

// Run watches a folder.
func (w *watchAdd) Run(ctx context.Context, c *console.Console) error {
	f := automation.WatchFolder{Category: w.Category, Labels: w.Label, Paused: w.Wait()}
	for _, p := range []struct {
		to   *string
		said string
	}{{&f.Path, w.Folder}, {&f.Dir, w.Dir}, {&f.To, w.Move}} {
		at, err := Full(p.said)
		if err != nil {
			return err
		}
		*p.to = at
	}
	switch {
	case w.Delete:
		f.Then = "delete"
	case w.Move != "":
		f.Then = "move"
	}
	return remote.With(c, func(n *remote.Node) error {
		var list automation.WatchList
		if err := n.Do(ctx, http.MethodPut, "/watch-folders", f, &list); err != nil {
			return err
		}
		c.Say("%s is watched.", words.Plain(f.Path))
		return c.Emit(folder{"added", automation.WatchStatus{Folder: f}})
	})
}

type watchRemove struct {
	Folder string `arg:"" help:"The folder."`
}

// Run watches a folder no more.
func (w *watchRemove) Run(ctx context.Context, c *console.Console) error {
	path, err := Full(w.Folder)
	if err != nil {
		return err
	}
	return remote.With(c, func(n *remote.Node) error {
		err := n.Do(ctx, http.MethodDelete, "/watch-folders?"+url.Values{"path": {path}}.Encode(), nil, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", words.Plain(path), err)
		}
		c.Say("%s is watched no more.", words.Plain(path))
		return c.Emit(folder{"removed", automation.WatchStatus{Folder: automation.WatchFolder{Path: path}}})
	})
}

package share

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/library/files"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/metainfo/verify"
)

// node returns the node that runs in the home, to share through it; nil if none does, or
// if something is wanted that only an engine of our own can do.
func (s *Command) node(c *console.Console, all []*shared) (*remote.Node, error) {
	if s.Level != "basic" || s.Compatible || len(s.Address) > 0 || s.SuperSeed || s.Flags.Own() {
		return nil, nil
	}
	for _, one := range all {
		if one.meta.TLS != nil || papers.Needed(one.meta) {
			return nil, nil
		}
	}
	n, err := remote.Find(c)
	if _, none := errors.AsType[*remote.NoNodeError](err); none {
		return nil, nil
	}
	return n, err
}

// through has the node seed, and shows how it gets on until the user has seen enough.
func (s *Command) through(ctx context.Context, c *console.Console, n *remote.Node, all []*shared) error {
	defer n.Close()
	var status struct {
		Listen []string `json:"listen"`
	}
	if err := n.Get(ctx, "/status", nil, &status); err != nil {
		return err
	}
	var last *remote.Following
	for _, one := range all {
		f, err := s.give(ctx, c, n, one)
		if err != nil {
			return interrupted(ctx, err)
		}
		if err := s.given(c, f, one, status.Listen); err != nil {
			return err
		}
		last = f
	}
	c.Say("The node in %s seeds. You may press Ctrl-C: it does not stop by that.", words.Plain(n.Home))
	err := last.Until(ctx, c, func(remote.Torrent) (bool, error) { return false, nil })
	if ctx.Err() == nil {
		return err
	}
	c.Say("The node seeds on: `warren list` shows what it has, `warren remove` ends it.")
	return console.ErrInterrupted
}

// give hands a torrent to the node, and waits until it is seeded. That its content is
// there is seen to before: a node would fetch what differs, over what is there.
func (s *Command) give(ctx context.Context, c *console.Console, n *remote.Node, one *shared) (f *remote.Following, err error) {
	name := words.Plain(one.meta.Info.Name)
	if !one.made {
		if err := s.whole(ctx, c, one); err != nil {
			return nil, err
		}
	}
	dir, err := filepath.Abs(one.dir)
	if err != nil {
		return nil, err
	}
	body := map[string]any{"file": one.meta.Bytes(), "dir": dir, "paused": false, "ours": one.made}
	if stamp := one.stamp(dir); stamp != "" {
		body["stamp"] = stamp
	}
	if s.TLS != "prefer" {
		body["tls"] = s.TLS
	}
	if len(s.Company.Tracker) > 0 {
		body["trackers"] = s.Company.Tracker
	}
	for key, limit := range map[string]words.Speed{"up_limit": s.LimitUp, "down_limit": s.LimitDown} {
		if limit > 0 {
			body[key] = int64(limit)
		}
	}
	t, err := n.Add(ctx, body)
	if p, ok := errors.AsType[*remote.Problem](err); err != nil && (!ok || !p.Of("duplicate") || t.Key == "") {
		return nil, fmt.Errorf("share %q: %w", name, err)
	}
	f = n.Follow(t)
	err = f.Until(ctx, c, func(t remote.Torrent) (bool, error) {
		switch t.State {
		case "starting", "checking":
			return false, nil
		case "seeding":
			return true, nil
		}
		return false, fmt.Errorf("share %q: the node has it, as number %d, but it is %s: %s", name, t.ID, t.State, words.Plain(t.Reason))
	})
	if err != nil || !one.made {
		return f, err
	}
	return f, s.take(ctx, n, t.Key, one)
}

// take takes the torrent file back from the node, which may be a tracker of what it
// shares, and writes it where the user wants it.
func (s *Command) take(ctx context.Context, n *remote.Node, key string, one *shared) (err error) {
	if one.meta, err = n.File(ctx, key); err != nil || s.Torrent == "" {
		return err
	}
	one.file = s.Torrent
	return torrentfile.Write(one.file, one.meta)
}

// stamp returns how content in a folder looks that was hashed just now, so that the node
// need not do so again; "" if that cannot be said for certain.
func (one *shared) stamp(path string) string {
	dir, err := vfs.OpenDir(path)
	if err != nil {
		return ""
	}
	defer dir.Close()
	text, err := files.Stamp(dir, &one.meta.Info, one.hashed)
	if err != nil {
		return ""
	}
	return text
}

// whole checks that all content is there and right.
func (s *Command) whole(ctx context.Context, c *console.Console, one *shared) (err error) {
	name := words.Plain(one.meta.Info.Name)
	dir, err := one.open()
	if err != nil {
		return fmt.Errorf("share %q: open %s: %w: say with --dir where the content lies", name, one.dir, console.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	h := console.NewHashing(c.Clock, "verifying", one.meta.Info.Name)
	stop := c.Watch(h)
	one.hashed = c.Clock.Now()
	r, err := verify.Content(ctx, one.meta, dir, ".", verify.Options{Progress: h.Progress})
	stop()
	if err != nil {
		return fmt.Errorf("share %q: %w", name, err)
	}
	if !r.Complete() {
		return fmt.Errorf("share %q: content in %s is missing or differs from the torrent: "+
			"say with --dir where the content lies, or see which files with: warren torrent verify %s --dir %s",
			name, words.Plain(one.dir), words.Shell(one.file), words.Shell(one.dir))
	}
	return nil
}

// given tells what is shared.
func (s *Command) given(c *console.Console, f *remote.Following, one *shared, listen []string) error {
	link := magnet.Of(one.meta)
	ev := f.Event(console.Ready)
	ev.Listen, ev.Magnet, ev.Torrent, ev.Path = listen, link.String(), one.file, filepath.Join(one.dir, one.meta.Info.Name)
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("Sharing %q, %s in %s, as number %d of the node.", words.Plain(one.meta.Info.Name), words.Bytes(one.meta.Info.TotalLength()),
		words.Count(torrentfile.Files(one.meta), "file", "files"), f.Last().ID)
	if one.file != "" {
		c.Say("  torrent  %s", words.Plain(one.file))
	}
	c.Say("  magnet   %s", link)
	for _, url := range slices.Concat(one.meta.Trackers()...) {
		c.Say("  tracker  %s", words.Plain(url))
	}
	c.Say("  listens  %s", strings.Join(listen, ", "))
	return nil
}

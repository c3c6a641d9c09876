// Package share is the command that seeds files.
package share

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/cli/access"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/cli/sharing"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/words"
)

// Command is share.
type Command struct {
	Path        []string   `arg:"" help:"File or directory to share, or a .torrent whose content is shared."`
	Torrent     string     `placeholder:"OUT" help:"Write the torrent to this file; otherwise it is kept in the home directory."`
	Dir         string     `placeholder:"DIR" help:"Directory the content of a .torrent lies in; the one the .torrent is in by default."`
	PieceLength words.Size `placeholder:"SIZE" help:"Piece length of a new torrent, such as 512KiB; chosen by size by default."`
	Kind        string     `enum:"v1,v2,hybrid" default:"hybrid" help:"Versions of BitTorrent a new torrent is for: v1, v2 or hybrid."`
	Address     []string   `sep:"none" placeholder:"HOST:PORT" help:"An address at which others reach this machine; it goes into the link, with the key that is shown there. May be given several times."`
	Magnet      bool       `help:"Share with whoever has the magnet link or torrent file, although a node runs that would share by a private link."`
	SuperSeed   bool       `help:"Show each peer a few pieces at a time, so that one copy is enough for many; for the only seed there is."`

	access.Grant `embed:""`
	Admit        membership.Terms `embed:""`
	engine.Flags `embed:""`

	Link sharing.Flags `embed:""`
}

// Help tells what the flags do not.
func (*Command) Help() string {
	return "If a node runs, it shares what is named here by a private link, which nobody finds who is not given it: with warren it is fetched by `warren get LINK`, and any browser shows what it is. " +
		"`warren share list` shows links, `warren share revoke` ends them, `warren share publish` makes them public. " +
		"If none runs, or if flags say how the torrent is to be, it is shared with whoever has the torrent file or magnet link."
}

// Run shares.
func (s *Command) Run(ctx context.Context, c *console.Console) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	if done, err := s.byLink(ctx, c); done {
		return err
	}
	var all []*shared
	for _, path := range s.Path {
		one, err := s.prepare(ctx, c, path)
		if err != nil {
			return interrupted(ctx, err)
		}
		all = append(all, one)
	}
	if err := distinct(s.Path, all); err != nil {
		return err
	}
	if n, err := s.node(c, all); n != nil || err != nil {
		if err != nil {
			return err
		}
		return s.through(ctx, c, n, all)
	}
	contents := make([]home.Content, len(all))
	for i, one := range all {
		contents[i] = home.Content{InfoHash: engine.Hash(one.meta.Hashes()), Dir: one.dir}
	}
	via, err := s.Network.Open(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, via.Close()) }()
	e, err := engine.Start(ctx, c, &s.Flags, via, nil, contents...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	for _, one := range all {
		if err := s.add(ctx, c, e, one); err != nil {
			return interrupted(ctx, err)
		}
	}
	return s.serve(ctx, c, e, all)
}

// check refuses what cannot be meant, before any work is done.
func (s *Command) check() error {
	if err := s.Grant.Check(s.TLS); err != nil {
		return err
	}
	if err := s.Admit.Check(); err != nil {
		return &console.UsageError{Err: err}
	}
	if s.Level == "full-strict" && s.UTP == "only" {
		return console.Usage("--level full-strict needs TCP, by which others enrol: do without --utp only")
	}
	if s.Torrent != "" && len(s.Path) > 1 {
		return console.Usage("--torrent names one file, but %d paths are to be shared: share them one by one", len(s.Path))
	}
	if err := s.checkAddresses(); err != nil {
		return err
	}
	return s.Flags.Check()
}

// interrupted returns ErrInterrupted instead of what an interruption caused.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return console.ErrInterrupted
	}
	return err
}

// serve tells what is shared and seeds until the end.
func (s *Command) serve(ctx context.Context, c *console.Console, e *engine.Engine, all []*shared) error {
	at := e.Addresses()
	if s.Looks.Name != "" && len(s.Address) == 0 && len(at) > 0 {
		s.Address = at[:1] // the others may mean nothing elsewhere
	}
	for _, one := range all {
		if err := s.announce(c, e, one, at); err != nil {
			return err
		}
	}
	c.Say("Seeding until you press Ctrl-C.")
	v := progress.Seeding{Sought: progress.Sought{LSD: !s.Company.NoLSD}}
	for _, one := range all {
		v.Torrents = append(v.Torrents, one.torrent)
	}
	return engine.UntilEnd(ctx, c, e.Reach, v)
}

func (s *Command) announce(c *console.Console, e *engine.Engine, one *shared, at []string) error {
	link, err := s.link(e, one)
	if err != nil {
		return err
	}
	ev := progress.Event(console.Ready, one.torrent)
	ev.Listen, ev.Magnet, ev.Torrent, ev.Path = at, link.String(), one.file, filepath.Join(one.dir, one.meta.Info.Name)
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("Sharing %q, %s in %s.", words.Plain(one.meta.Info.Name), words.Bytes(one.meta.Info.TotalLength()),
		words.Count(torrentfile.Files(one.meta), "file", "files"))
	c.Say("  torrent  %s", words.Plain(one.file))
	if !papers.Needed(one.meta) { // of others a link is not enough
		c.Say("  magnet   %s", link)
	}
	if len(at) > 0 {
		c.Say("  listens  %s", strings.Join(at, ", "))
	}
	if one.papers != nil {
		c.Say("  level    %v: who has enrolled with an invitation; the torrent file holds one", one.terms.Level)
	} else {
		one.terms.Say(c)
	}
	c.Say("  peers    %s", s.protection(one))
	if len(at) > 0 {
		c.Say("  fetch    warren get %s --peer %s%s", words.Shell(filepath.Base(one.file)), at[0], papers.Advice(one.meta))
	}
	for _, line := range contact.Unprotected(one.torrent.Status().Unprotected) {
		c.Say("  %s", line)
	}
	return nil
}

func (s *Command) protection(one *shared) string {
	switch {
	case papers.Needed(one.meta):
		return words.Plain(papers.Describe(&one.meta.Info))
	case s.TLS == "off":
		return "without TLS"
	case s.TLS == "require", one.terms.Level > btls.Basic:
		return "over TLS only"
	}
	return "over TLS if they have it"
}

package transfer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/home"
	"github.com/warren-p2p/warren/internal/cli/readonly"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// Share is the command that seeds files.
type Share struct {
	Path        []string   `arg:"" help:"File or directory to share, or a .torrent whose content is shared."`
	Level       string     `enum:"basic,strict,full-strict" default:"basic" help:"How peers prove that they know the torrent; this version has basic."`
	Torrent     string     `placeholder:"OUT" help:"Write the torrent to this file; otherwise it is kept in the home directory."`
	Dir         string     `placeholder:"DIR" help:"Directory the content of a .torrent lies in; the one the .torrent is in by default."`
	PieceLength words.Size `placeholder:"SIZE" help:"Piece length of a new torrent, such as 512KiB; chosen by size by default."`
	Kind        string     `enum:"v1,v2,hybrid" default:"hybrid" help:"Versions of BitTorrent a new torrent is for: v1, v2 or hybrid."`
	SuperSeed   bool       `help:"Show each peer a few pieces at a time, so that one copy is enough for many; for the only seed there is."`
	Link        `embed:""`
}

// shared is one torrent of a share.
type shared struct {
	meta    *metainfo.Torrent
	dir     string // in which the content lies
	open    func() (vfs.FS, error)
	file    string // the .torrent, "" if it was made here
	made    bool   // just now, from the content
	torrent *swarm.Torrent
}

// Run shares.
func (s *Share) Run(ctx context.Context, c *console.Console) (err error) {
	if err := s.check(); err != nil {
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
	contents := make([]home.Content, len(all))
	for i, one := range all {
		contents[i] = home.Content{InfoHash: hash(one.meta.Hashes()), Dir: one.dir}
	}
	e, err := start(ctx, c, &s.Link, nil, contents...)
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
func (s *Share) check() error {
	if s.Level != "basic" {
		return console.Usage("--level %s is not in this version: it has basic only, "+
			"in which whoever knows the info-hash may join", s.Level)
	}
	if s.Torrent != "" && len(s.Path) > 1 {
		return console.Usage("--torrent names one file, but %d paths are to be shared: share them one by one", len(s.Path))
	}
	return s.Link.check()
}

// distinct refuses to share a torrent twice at once.
func distinct(paths []string, all []*shared) error {
	first := map[string]string{}
	for i, one := range all {
		h := hash(one.meta.Hashes())
		if other, ok := first[h]; ok {
			return console.Usage("%s and %s are the same torrent: name it once", words.Plain(other), words.Plain(paths[i]))
		}
		first[h] = paths[i]
	}
	return nil
}

// interrupted returns ErrInterrupted instead of what an interruption caused.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return console.ErrInterrupted
	}
	return err
}

// prepare reads or makes the torrent for a path.
func (s *Share) prepare(ctx context.Context, c *console.Console, path string) (*shared, error) {
	is, err := torrentfile.Is(path)
	if err != nil {
		return nil, fmt.Errorf("share %s: %w", path, err)
	}
	if !is {
		if s.Dir != "" {
			return nil, console.Usage("--dir says where the content of a .torrent lies, but %s is not one", path)
		}
		return s.create(ctx, c, path)
	}
	if s.Torrent != "" {
		return nil, console.Usage("--torrent says where a new torrent is written, but %s is one already", path)
	}
	meta, err := torrentfile.Read(path)
	if err != nil {
		return nil, err
	}
	dir := s.Dir
	if dir == "" {
		dir = filepath.Dir(path)
	}
	open := func() (vfs.FS, error) { return vfs.OpenDir(dir) }
	return &shared{meta: meta, dir: dir, open: open, file: path}, nil
}

func (s *Share) create(ctx context.Context, c *console.Console, path string) (*shared, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	meta, err := torrentfile.Create(ctx, c, "making", path, create.Options{
		PieceLength: int64(s.PieceLength), Kind: torrentfile.Kind(s.Kind), Trackers: s.Tiers(),
	})
	if err != nil {
		return nil, err
	}
	open := func() (vfs.FS, error) { // path may be a link to where the content is
		dir, _, err := vfs.OpenPath(path)
		return dir, err
	}
	return &shared{meta: meta, dir: filepath.Dir(abs), open: open, made: true}, nil
}

// add adds a torrent and waits until its content is known to be there.
func (s *Share) add(ctx context.Context, c *console.Console, e *engine, one *shared) error {
	dir, err := one.open()
	if err != nil {
		return fmt.Errorf("share %q: open %s: %w: say with --dir where the content lies",
			words.Plain(one.meta.Info.Name), one.dir, console.Cause(err))
	}
	opts := swarm.Options{Metainfo: one.meta, Content: readonly.FS{FS: dir}, TLS: s.policy(), Verified: one.made, SuperSeed: s.SuperSeed}
	if file := one.file; file != "" && len(s.Path) > 1 { // of many most are wanted by nobody
		opts.Reload = func() (*metainfo.Torrent, error) { return torrentfile.Read(file) }
	}
	one.torrent, err = e.add(opts)
	if err != nil {
		return err
	}
	if one.file == "" {
		if err := s.keep(e, one); err != nil {
			return err
		}
	}
	return ready(ctx, c, one)
}

// keep writes a new torrent where the user or the next get finds it.
func (s *Share) keep(e *engine, one *shared) error {
	if one.file = s.Torrent; one.file == "" {
		one.file = filepath.Join(e.work.Path, one.meta.Info.Name+".torrent")
	}
	return torrentfile.Write(one.file, one.meta)
}

// ready waits until a torrent can be seeded, or says why it cannot.
func ready(ctx context.Context, c *console.Console, one *shared) error {
	t := one.torrent
	stop := c.Watch(view{t: t})
	defer stop()
	for {
		changed := t.Changed()
		switch st := t.Status(); st.State {
		case swarm.StateSeeding:
			return nil
		case swarm.StateStarting, swarm.StateChecking:
		default:
			if st.Reason != nil && (st.State == swarm.StateFailed || st.Done == st.Total) {
				return fmt.Errorf("share %q: %w", words.Plain(one.meta.Info.Name), st.Reason)
			}
			return fmt.Errorf("share %q: %s of %s in %s are missing or differ from the torrent: "+
				"say with --dir where the content lies, or see which files with: warren torrent verify %s --dir %s",
				words.Plain(one.meta.Info.Name), words.Bytes(st.Total-st.Done), words.Bytes(st.Total), words.Plain(one.dir), words.Shell(one.file), words.Shell(one.dir))
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
		}
	}
}

// serve tells what is shared and seeds until the end.
func (s *Share) serve(ctx context.Context, c *console.Console, e *engine, all []*shared) error {
	at := e.addresses()
	for _, one := range all {
		if err := s.announce(c, one, at); err != nil {
			return err
		}
	}
	c.Say("Seeding until you press Ctrl-C.")
	var v seeding
	for _, one := range all {
		v = append(v, one.torrent)
	}
	return v.until(ctx, c)
}

func (s *Share) announce(c *console.Console, one *shared, at []string) error {
	link := magnet.Of(one.meta).String()
	ev := event(console.Ready, one.torrent)
	ev.Listen, ev.Magnet, ev.Torrent, ev.Path = at, link, one.file, filepath.Join(one.dir, one.meta.Info.Name)
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("Sharing %q, %s in %s.", words.Plain(one.meta.Info.Name), words.Bytes(one.meta.Info.TotalLength()),
		words.Count(torrentfile.Files(one.meta), "file", "files"))
	c.Say("  torrent  %s", words.Plain(one.file))
	c.Say("  magnet   %s", link)
	c.Say("  listens  %s", strings.Join(at, ", "))
	c.Say("  peers    %s", protection(s.TLS))
	c.Say("  fetch    warren get %s --peer %s", words.Shell(filepath.Base(one.file)), at[0])
	return nil
}

func protection(tls string) string {
	switch tls {
	case "off":
		return "without TLS"
	case "require":
		return "over TLS only"
	}
	return "over TLS if they have it"
}

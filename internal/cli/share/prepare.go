package share

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/cli/access"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/cli/readonly"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// shared is one torrent of a share.
type shared struct {
	meta    *metainfo.Torrent
	dir     string // in which the content lies
	open    func() (vfs.FS, error)
	file    string    // the .torrent, "" if it was made here
	made    bool      // just now, from the content
	hashed  time.Time // when that, or a check of the content, was begun
	terms   *access.Terms
	members transport.Members     // of level full-strict
	ssl     *ssltorrent.Authority // of an SSL torrent that was made just now
	papers  *membership.Papers    // of an SSL torrent, if they were got by enrolling
	at      string                // where others enrol, if that is here
	torrent *swarm.Torrent
}

// distinct refuses to share a torrent twice at once.
func distinct(paths []string, all []*shared) error {
	first := map[string]string{}
	for i, one := range all {
		h := engine.Hash(one.meta.Hashes())
		if other, ok := first[h]; ok {
			return console.Usage("%s and %s are the same torrent: name it once", words.Plain(other), words.Plain(paths[i]))
		}
		first[h] = paths[i]
	}
	return nil
}

// prepare reads or makes the torrent for a path.
func (s *Command) prepare(ctx context.Context, c *console.Console, path string) (*shared, error) {
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
	if s.Torrent != "" && s.Level == "basic" {
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

func (s *Command) create(ctx context.Context, c *console.Console, path string) (*shared, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	ssl, text, err := s.authority(c, filepath.Base(abs))
	if err != nil {
		return nil, err
	}
	began := c.Clock.Now()
	meta, err := torrentfile.Create(ctx, c, "making", path, create.Options{
		PieceLength: int64(s.PieceLength), Kind: torrentfile.Kind(s.Kind), Trackers: s.Company.Tiers(), SSLCert: text,
	})
	if err != nil {
		return nil, err
	}
	open := func() (vfs.FS, error) { // path may be a link to where the content is
		dir, _, err := vfs.OpenPath(path)
		return dir, err
	}
	return &shared{meta: meta, dir: filepath.Dir(abs), open: open, made: true, hashed: began, ssl: ssl}, nil
}

// add adds a torrent and waits until its content is known to be there.
func (s *Command) add(ctx context.Context, c *console.Console, e *engine.Engine, one *shared) error {
	dir, err := one.open()
	if err != nil {
		return fmt.Errorf("share %q: open %s: %w: say with --dir where the content lies",
			words.Plain(one.meta.Info.Name), one.dir, console.Cause(err))
	}
	if err := s.settle(ctx, c, e, one); err != nil {
		return fmt.Errorf("share %q: %w", words.Plain(one.meta.Info.Name), err)
	}
	opts := swarm.Options{Metainfo: one.meta, Secret: one.terms.Secret, Members: one.members, Content: readonly.FS{FS: dir}, TLS: s.Policy(), Verified: one.made, SuperSeed: s.SuperSeed}
	if file := one.file; file != "" && len(s.Path) > 1 { // of many most are wanted by nobody
		opts.Reload = func() (*metainfo.Torrent, error) { return torrentfile.Read(file) }
	}
	if one.papers != nil {
		opts.Certificate = &one.papers.Own
	}
	one.torrent, err = e.Take(opts)
	if err != nil {
		return err
	}
	if one.papers != nil {
		one.papers.Keep(one.torrent.SetCertificate)
	}
	if one.file == "" {
		if err := s.keep(e, one); err != nil {
			return err
		}
	}
	return ready(ctx, c, one)
}

// settle gives a torrent what its level demands. If that is more than its file says,
// it gets another one.
func (s *Command) settle(ctx context.Context, c *console.Console, e *engine.Engine, one *shared) (err error) {
	was := one.meta.TLS
	if one.terms, err = s.Settle(one.meta, s.path(e, one), e.Work, c.Getenv); err != nil {
		return err
	}
	if one.terms.Level == btls.FullStrict {
		if err := s.enter(ctx, c, e, one); err != nil {
			return err
		}
	}
	if !one.meta.TLS.Equal(was) {
		one.file = ""
	}
	return nil
}

// path returns where a torrent that is made or changed here is written.
func (s *Command) path(e *engine.Engine, one *shared) string {
	if s.Torrent != "" {
		return s.Torrent
	}
	return filepath.Join(e.Work.Path, one.meta.Info.Name+".torrent")
}

// keep writes a new torrent where the user or the next get finds it.
func (s *Command) keep(e *engine.Engine, one *shared) error {
	one.file = s.path(e, one)
	return torrentfile.Write(one.file, one.meta)
}

// ready waits until a torrent can be seeded, or says why it cannot.
func ready(ctx context.Context, c *console.Console, one *shared) error {
	t := one.torrent
	stop := c.Watch(progress.View{Torrent: t})
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

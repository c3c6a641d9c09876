// Package seeds runs the torrents of shares in the library of the node.
package seeds

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Config is what shares are run with.
type Config struct {
	Library *library.Library
	Open    func(path string) (vfs.FS, error) // a folder that is there
	// Place returns where others reach the port, HOST:PORT, "" if that is not known; Pin
	// what they check there, SHA-256 of the SPKI.
	Place func() string
	Pin   func() ([32]byte, error)
	// Tell has a torrent that is public list the node's own tracker at once.
	Tell func(context.Context, *library.Torrent) error
}

// Seeds is the torrents of shares. Its methods are safe for concurrent use.
type Seeds struct{ cfg Config }

var _ book.Swarm = (*Seeds)(nil)

// New returns the torrents of shares that are in a library.
func New(cfg Config) *Seeds { return &Seeds{cfg} }

// Begin implements [book.Swarm]. A private torrent is of level Strict, and known to the
// node's own tracker alone, below the key of its share.
func (s *Seeds) Begin(ctx context.Context, seed book.Seed) (key string, err error) {
	add := library.Add{Metainfo: seed.Metainfo, Dir: seed.Dir, Paused: new(bool), Verified: seed.Verified || s.whole(seed.Like), Ours: true}
	if seed.Secret != nil {
		pin, err := s.cfg.Pin()
		if err != nil {
			return "", err
		}
		require := swarm.TLSRequire
		add.Secret, add.TLS = seed.Secret, &require
		add.Sole = &record.Sole{URL: own.SoleURL(s.cfg.Place(), hex.EncodeToString(seed.Announce[:])), Pin: hex.EncodeToString(pin[:])}
	}
	t, err := s.cfg.Library.Add(ctx, add)
	if errors.Is(err, library.ErrDuplicate) && t != nil {
		if seed.Secret == nil && !open(t) {
			return "", fmt.Errorf("%q is there already, and not for all: %w", t.View().Name, library.ErrDuplicate)
		}
		return t.Key(), book.ErrThere
	}
	if err != nil {
		return "", err
	}
	if seed.Secret == nil {
		if err := s.cfg.Tell(ctx, t); err != nil {
			return "", errors.Join(err, s.cfg.Library.Remove(ctx, t, false))
		}
	}
	return t.Key(), nil
}

// open reports whether a torrent is one that everybody may join. Its file is handed out as
// it is: a secret may be in it.
func open(t *library.Torrent) bool {
	v := t.View()
	m, err := t.Metainfo()
	return v.Secret == "" && v.TLS != swarm.TLSRequire && err == nil && m.TLS == nil
}

// whole reports whether a torrent is complete, so that one of the same content is.
func (s *Seeds) whole(key string) bool {
	t, err := s.cfg.Library.Find(key)
	if err != nil {
		return false
	}
	s.cfg.Library.Refresh()
	v := t.View()
	return v.Status.State == swarm.StateSeeding && v.Status.Left() == 0 && v.Status.Done > 0
}

// End implements [book.Swarm].
func (s *Seeds) End(ctx context.Context, key string, content bool) error {
	t, err := s.cfg.Library.Find(key)
	if errors.Is(err, library.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = s.cfg.Library.Remove(ctx, t, content)
	}
	if errors.Is(err, library.ErrRemoved) {
		return nil
	}
	return err
}

// Has implements [book.Swarm].
func (s *Seeds) Has(key string) bool {
	_, err := s.cfg.Library.Find(key)
	return err == nil
}

// Pause implements [book.Swarm].
func (s *Seeds) Pause(ctx context.Context, key string, paused bool) error {
	t, err := s.cfg.Library.Find(key)
	switch {
	case errors.Is(err, library.ErrNotFound):
		return nil
	case err != nil:
		return err
	case paused:
		return t.Pause(ctx)
	}
	return t.Resume(ctx)
}

// Metainfo implements [book.Swarm].
func (s *Seeds) Metainfo(key string) (m *metainfo.Torrent, dir string, err error) {
	t, err := s.cfg.Library.Find(key)
	if err != nil {
		return nil, "", err
	}
	m, err = t.Metainfo()
	return m, t.View().Dir, err
}

// Open implements [book.Swarm].
func (s *Seeds) Open(key, path string) (book.File, error) {
	t, err := s.cfg.Library.Find(key)
	if err != nil {
		return nil, err
	}
	v := t.View()
	if v.Renamed {
		if path, err = renamed(t, path); err != nil {
			return nil, err
		}
	}
	dir, err := s.cfg.Open(v.Dir)
	if err != nil {
		return nil, err
	}
	f, err := dir.Open(path)
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return &file{f, dir}, nil
}

// renamed returns where a file of the torrent lies now.
func renamed(t *library.Torrent, path string) (string, error) {
	m, err := t.Metainfo()
	if err != nil {
		return "", err
	}
	list, err := t.Files()
	if err != nil {
		return "", err
	}
	for _, f := range list {
		if m.Info.Files[f.Index].Name() == path {
			return f.Path, nil
		}
	}
	return path, nil
}

// file is an open file with the folder that it was opened in.
type file struct {
	vfs.File
	dir vfs.FS
}

func (f *file) Close() error { return errors.Join(f.File.Close(), f.dir.Close()) }

package node

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
)

// database is the name of the store.
const database = "warren.db"

func (n *Node) openHome(ctx context.Context, o Options) error {
	h, err := home.Open(o.Home)
	if err != nil {
		return err
	}
	n.Home = h
	n.own("the home", h.Close)
	lock, err := h.Occupy()
	if err != nil {
		return err
	}
	n.own("the lock of the home", lock.Close)
	n.own("node.json", h.Retract)
	return nil
}

func (n *Node) openStore(ctx context.Context, o Options) error {
	s, err := store.Open(ctx, filepath.Join(n.Home.Path(), database))
	if err != nil {
		return err
	}
	n.Store = s
	n.own("the store", s.Close)
	n.settings, err = settings.Open(ctx, s, o.Sources)
	return err
}

func (n *Node) openLog(_ context.Context, o Options) error {
	c := n.Settings().Log
	cfg := logs.Config{
		Level: c.Level, Levels: c.Levels, Plain: !c.Redact, Out: o.Log,
		JSON: c.Format == "json",
	}
	var dir io.Closer
	if c.File != "" {
		path := n.Path(c.File)
		d, err := home.OpenDir(filepath.Dir(path), 0o700)
		if err != nil {
			return errors.Join(errors.New("log.file: the folder of it cannot be opened"), err)
		}
		cfg.Dir, cfg.File, cfg.Size, dir = d, filepath.Base(path), int64(c.Size), d
	}
	l, err := logs.New(cfg)
	if err != nil {
		return errors.Join(err, closeAll(dir))
	}
	n.Logs, n.Log = l, l.Logger()
	n.own("the log", func() error { return errors.Join(l.Close(), closeAll(dir)) })
	n.tell = teller{n.Log, o.Tell}
	return nil
}

func closeAll(list ...io.Closer) error {
	var errs []error
	for _, c := range list {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

func (n *Node) openIdentities(ctx context.Context, _ Options) (err error) {
	n.Identities, err = identity.Open(ctx, n.Store, n.Clock)
	return err
}

// cutHome returns what follows ~/ in a path.
func cutHome(name string) (rest string, ok bool) {
	if name == "~" {
		return "", true
	}
	return strings.CutPrefix(name, "~/")
}

// ReadSettings returns the configuration that a node in a home would have, or has if
// it runs. Nothing is made.
func ReadSettings(ctx context.Context, path string, src config.Sources) (c config.Config, err error) {
	file := filepath.Join(path, database)
	if !there(file) {
		return config.Load(src)
	}
	s, err := store.Open(ctx, file)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	now, err := settings.Open(ctx, s, src)
	if err != nil {
		return c, err
	}
	return now.Now(), nil
}

// there reports whether there is something in a file.
func there(file string) bool {
	dir, name, err := vfs.OpenPath(file)
	if err != nil {
		return false
	}
	info, err := dir.Stat(name)
	return errors.Join(err, dir.Close()) == nil && info.Size() > 0
}

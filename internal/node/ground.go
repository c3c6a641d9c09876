package node

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/store"
)

// Database is the name of the store in the home.
const Database = "warren.db"

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
	s, err := store.Open(ctx, filepath.Join(n.Home.Path(), Database))
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
	var dir io.Closer = io.NopCloser(nil)
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
		return errors.Join(err, dir.Close())
	}
	n.Logs, n.Log = l, l.Logger()
	n.own("the log", func() error { return errors.Join(l.Close(), dir.Close()) })
	n.tell = logs.Teller{Log: n.Log, Also: o.Tell}
	for _, err := range n.settings.Left() {
		n.Log.Warn("a setting that a program has changed does not count any more", "err", err)
	}
	return nil
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

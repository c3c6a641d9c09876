// Package importcmd holds the commands that bring the torrents of another program into
// a node: import transmission and import qbittorrent.
package importcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/warren-p2p/warren/internal/backup"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/importer/qbittorrent"
	"github.com/warren-p2p/warren/internal/importer/transmission"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// Import is the group of commands.
type Import struct {
	Transmission Transmission `cmd:"" help:"Bring torrents of Transmission into the node."`
	Qbittorrent  QBittorrent  `cmd:"" help:"Bring torrents of qBittorrent into the node."`
}

// Flags are what both have.
type Flags struct {
	Go      bool `help:"Do it. Without this, nothing is changed, and you are shown what would come."`
	Recheck bool `help:"Hash all content, also what was complete and is unchanged."`
	Paused  bool `help:"Let all of them wait until they are resumed."`
}

const help = "Nothing is changed without --go, and the other program's files never are. The node must not run meanwhile. " +
	"End the other program before, and for good: two programs must not write the same files."

// Transmission brings those of Transmission.
type Transmission struct {
	Dir string `arg:"" help:"Where Transmission keeps its state, such as ~/.config/transmission-daemon; it has folders torrents and resume."`
	Flags
}

// Help says what happens.
func (*Transmission) Help() string { return help }

// Run imports.
func (t *Transmission) Run(ctx context.Context, c *console.Console) (err error) {
	dir, err := vfs.OpenDir(t.Dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", words.Plain(t.Dir), console.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	found, err := transmission.Read(ctx, dir, open)
	if err != nil {
		return fmt.Errorf("import from %s: %w", words.Plain(t.Dir), err)
	}
	return t.bring(ctx, c, &found, "Transmission", "warren import transmission "+words.Shell(t.Dir))
}

// QBittorrent brings those of qBittorrent.
type QBittorrent struct {
	Dir string `arg:"" help:"Where qBittorrent keeps its torrents, usually ~/.local/share/qBittorrent/BT_backup; it has .fastresume files. Or where its torrents.db is."`
	Flags
}

// Help says what happens.
func (*QBittorrent) Help() string { return help }

// Run imports.
func (q *QBittorrent) Run(ctx context.Context, c *console.Console) (err error) {
	dir, path, err := state(q.Dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", words.Plain(q.Dir), console.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	found, err := qbittorrent.Read(ctx, dir, open)
	if err != nil {
		return fmt.Errorf("import from %s: %w", words.Plain(path), err)
	}
	if found.Categories, err = categories(path); err != nil {
		return err
	}
	return q.bring(ctx, c, &found, "qBittorrent", "warren import qbittorrent "+words.Shell(q.Dir))
}

func open(path string) (vfs.FS, error) { return vfs.OpenDir(path) }

// state opens BT_backup, or what it lies in. A database is there only while it is used;
// what it was made of stays in BT_backup.
func state(path string) (vfs.FS, string, error) {
	for _, near := range []string{".", "..", "data", "qBittorrent/data", "qBittorrent"} {
		dir, err := vfs.OpenDir(filepath.Join(path, filepath.FromSlash(near)))
		if err != nil {
			continue // or it is another one, below
		}
		if _, err := dir.Stat(qbittorrent.Database); err == nil {
			return dir, filepath.Join(path, filepath.FromSlash(near), "BT_backup"), nil
		}
		if err := dir.Close(); err != nil {
			return nil, "", err
		}
	}
	for _, below := range []string{"BT_backup", "data/BT_backup", "qBittorrent/data/BT_backup", "qBittorrent/BT_backup"} {
		inner := filepath.Join(path, filepath.FromSlash(below))
		dir, err := vfs.OpenDir(inner)
		if err == nil {
			return dir, inner, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, "", err
		}
	}
	dir, err := vfs.OpenDir(path)
	return dir, path, err
}

// categories reads those of qBittorrent, from where they lie beside its torrents.
func categories(path string) (list []record.Category, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	for _, beside := range []string{"../../config", "../../../../.config/qBittorrent", "../config"} {
		dir, err := vfs.OpenDir(filepath.Join(path, filepath.FromSlash(beside)))
		if err != nil {
			continue
		}
		b, err := importer.ReadFile(dir, "categories.json", importer.MaxResume)
		if err := errors.Join(ignoreMissing(err), dir.Close()); err != nil {
			return nil, fmt.Errorf("read categories of qBittorrent: %w", console.Cause(err))
		}
		if b != nil {
			return qbittorrent.Categories(b)
		}
	}
	return nil, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// bring shows what was found and, with --go, takes it.
func (f *Flags) bring(ctx context.Context, c *console.Console, found *importer.Found, from, command string) (err error) {
	for i := range found.Torrents {
		t := &found.Torrents[i]
		if f.Recheck && t.Record.Trusted {
			t.Record.Trusted = false
			t.Note("its content is checked")
		}
		t.Record.Paused = t.Record.Paused || f.Paused
	}
	if err := show(c, found, from); err != nil {
		return err
	}
	if !f.Go {
		c.Say("Nothing was done yet. To do it, with %s ended for good:\n  %s --go", from, command)
		return nil
	}
	h, err := c.OpenHome()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	lock, err := h.Occupy() // the node's own: it must not run
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	s, err := store.Open(ctx, filepath.Join(h.Path(), backup.StoreFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	o, err := found.Into(ctx, s)
	if err != nil {
		return err
	}
	return told(c, o, h.Path())
}

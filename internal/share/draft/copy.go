package draft

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/share/draft/unfinished"
	"github.com/warren-p2p/warren/internal/share/draft/walk"
	"github.com/warren-p2p/warren/internal/share/inspect"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// copying makes a copy of a draft without what its files tell.
type copying struct {
	desk *Desk
	one  *draft
	in   string // the folder for copies
	id   string // the folder of this one in there

	from vfs.FS
	copy vfs.FS
}

func (c *copying) to() string { return filepath.Join(c.in, c.id) }

// run makes the copy and returns its path, which ends as that of the original does.
func (c *copying) run(ctx context.Context) (string, error) {
	fsys, root, err := c.desk.cfg.Disk.Open(c.one.view.Path)
	if err != nil {
		return "", err
	}
	defer fsys.Close()
	c.from = fsys
	if err := c.desk.cfg.Disk.Make(c.in); err != nil {
		return "", fmt.Errorf("copy it: %w", err)
	}
	parent, name, err := c.desk.cfg.Disk.Open(c.to())
	if err != nil {
		return "", fmt.Errorf("copy it: %w", err)
	}
	defer parent.Close()
	c.copy = parent
	if err := unfinished.Sweep(parent, path.Dir(name)); err != nil {
		c.desk.cfg.Log.Warn("a copy that was left behind is not removed", "err", err)
	}
	if err := unfinished.Mark(parent, name); err != nil {
		return "", fmt.Errorf("copy it: %w", err)
	}
	// Where copies lie within what is shared, this one is no part of itself.
	if rel, err := filepath.Rel(c.one.view.Path, filepath.Join(c.desk.real(c.in), c.id)); err == nil {
		c.one.skip[path.Join(root, filepath.ToSlash(rel))] = true
	}
	free, err := parent.Free()
	if err != nil {
		return "", err
	}
	if need := c.one.view.Size; free < need+need/20 {
		return "", fmt.Errorf("a copy has %s, and %s are free: %w", words.Bytes(need), words.Bytes(free), vfs.ErrNoSpace)
	}
	c.desk.set(c.one, func(v *Draft) { v.Total = v.Size })
	w := &walk.Walk{FS: fsys, Root: root, Skip: c.one.skip}
	at := func(file string) string {
		return path.Join(name, path.Base(c.one.view.Path)+strings.TrimPrefix(file, root))
	}
	w.File = func(file string, info fs.FileInfo) error {
		err := c.file(ctx, file, at(file), info)
		c.desk.set(c.one, func(v *Draft) { v.Done += info.Size() })
		return err
	}
	w.Link = func(file, to string) error {
		return errors.Join(c.copy.MkdirAll(path.Dir(at(file)), 0o755), c.copy.Symlink(to, at(file)))
	}
	if err := w.Run(ctx); err != nil {
		return "", err
	}
	return filepath.Join(c.to(), filepath.Base(c.one.view.Path)), nil
}

// file copies one, stripped if something can be taken out of it, and looks whether that
// has worked: what was promised is kept, or there is no share.
func (c *copying) file(ctx context.Context, from, to string, info fs.FileInfo) error {
	in, err := c.from.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := c.copy.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644|info.Mode().Perm()&0o111)
	if err != nil {
		return err
	}
	w := &appender{ctx: ctx, f: out}
	// Nobody waits until it is on the disk for good: the original is.
	if err := errors.Join(c.content(w, until{ctx, in}, info.Size()), out.Close()); err != nil {
		return fmt.Errorf("copy %q: %w", words.Plain(path.Base(from)), err)
	}
	return nil
}

func (c *copying) content(w *appender, in io.ReaderAt, size int64) error {
	found, _ := inspect.Look(in, size) // what cannot be looked into is copied, as was said
	left := 0
	for _, f := range found {
		if f.Removable {
			left++
		}
	}
	if left == 0 {
		_, err := io.CopyBuffer(w, io.NewSectionReader(in, 0, size), make([]byte, buffer))
		return err
	}
	out := bufio.NewWriterSize(w, buffer)
	if err := errors.Join(inspect.Strip(out, in, size), out.Flush()); err != nil {
		return fmt.Errorf("take out what it tells: %w: leave the file out, or share everything as it is", err)
	}
	found, err := inspect.Look(until{w.ctx, w.f}, w.at)
	for _, f := range found {
		if f.Removable {
			return fmt.Errorf("it still tells of %s (%s)", f.Kind, f.What)
		}
	}
	return err
}

const buffer = 256 << 10

// appender writes to the end of a file, until ctx ends.
type appender struct {
	ctx context.Context
	f   vfs.File
	at  int64
}

func (a *appender) Write(p []byte) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := a.f.WriteAt(p, a.at)
	a.at += int64(n)
	return n, err
}

// remove takes away a copy that nobody will have. Its folder was made for it.
func (c *copying) remove() {
	fsys, root, err := c.desk.cfg.Disk.Open(c.to())
	if err != nil {
		return // then nothing was made
	}
	defer fsys.Close()
	if err := unfinished.Remove(fsys, root); err != nil {
		c.desk.cfg.Log.Warn("a copy that was made for nothing is not removed", "err", err)
	}
}

// kept says that the copy is about to become a share.
func (c *copying) kept() error {
	fsys, root, err := c.desk.cfg.Disk.Open(c.to())
	if err != nil {
		return err
	}
	return errors.Join(unfinished.Unmark(fsys, root), fsys.Close())
}

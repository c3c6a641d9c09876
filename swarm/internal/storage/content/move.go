package content

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/warren-p2p/warren/internal/vfs"
)

const (
	movingSuffix = ".moving"
	copyChunk    = 1 << 20
)

// Copy is a file on its way to another volume. The original stays as it is,
// and in use, until [Copy.Finish].
type Copy struct {
	f      *File
	to     vfs.FS
	writes uint64 // of the original when it was copied, plus one
	there  bool   // an earlier move got it there
}

// Stay is the copy of a file that is there already, being the original.
func (f *File) Stay(to vfs.FS) *Copy {
	return &Copy{f: f, to: to, writes: f.writes.Load() + 1, there: true}
}

// CopyTo copies the file to another volume under a temporary name, makes the
// copy durable and compares it.
func (f *File) CopyTo(ctx context.Context, to vfs.FS) (*Copy, error) {
	c := &Copy{f: f, to: to}
	writes := f.writes.Load()
	f.mu.RLock()
	name, state := f.name(), f.state
	f.mu.RUnlock()
	if f.link != "" {
		return c, nil
	}
	if state == Absent {
		c.there, c.writes = true, writes+1
		return c, nil
	}
	if _, err := to.Lstat(name); err != nil {
		if err := c.Refresh(ctx); err != nil {
			return nil, errors.Join(err, c.Discard())
		}
		return c, nil
	}
	// Maybe of a move that was interrupted before it removed the original.
	src, err := c.original()
	if err == nil {
		c.there, err = c.compare(ctx, src, name)
		err = errors.Join(err, src.Close())
	}
	if err == nil && !c.there {
		err = ErrExists
	}
	if err != nil {
		return nil, &Error{"move", name, err}
	}
	c.writes = writes + 1
	return c, nil
}

// Refresh copies again if the original was written since.
func (c *Copy) Refresh(ctx context.Context) error {
	writes := c.f.writes.Load()
	if c.f.link != "" || c.writes == writes+1 {
		return nil
	}
	c.there = false
	src, err := c.original()
	if err == nil {
		err = c.transfer(ctx, src)
		if err == nil {
			err = c.verify(ctx, src, writes)
		}
		err = errors.Join(err, src.Close())
	}
	if err != nil {
		return &Error{"move", c.f.Path(), err}
	}
	c.writes = writes + 1
	return nil
}

// original opens the original under the name it has at this moment.
func (c *Copy) original() (vfs.File, error) {
	c.f.mu.RLock()
	defer c.f.mu.RUnlock()
	return c.f.fsys.Open(c.f.name())
}

// temp is the name of the copy until it lands.
func (c *Copy) temp() string { return suffixed(c.f.Path(), movingSuffix) }

func (c *Copy) verify(ctx context.Context, src vfs.File, writes uint64) error {
	same, err := c.compare(ctx, src, c.temp())
	// A write in between changes the original: the next Refresh sees it.
	if err == nil && !same && c.f.writes.Load() == writes {
		err = errors.New("the copy differs from the original")
	}
	return err
}

func (c *Copy) transfer(ctx context.Context, src vfs.File) (err error) {
	dst, err := c.to.OpenFile(c.temp(), os.O_RDWR|os.O_CREATE|os.O_TRUNC, c.f.perm)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	info, err := src.Stat()
	if err != nil {
		return err
	}
	buf := make([]byte, copyChunk)
	for off := int64(0); off < info.Size(); off += copyChunk {
		p := buf[:min(copyChunk, info.Size()-off)]
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := readFull(src, p, off); err != nil {
			return err
		}
		if len(bytes.TrimLeft(p, "\x00")) == 0 { // a hole stays one
			continue
		}
		if _, err := dst.WriteAt(p, off); err != nil {
			return err
		}
	}
	if err := dst.Truncate(info.Size()); err != nil {
		return err
	}
	return dst.Sync()
}

func readFull(f vfs.File, p []byte, off int64) error {
	n, err := f.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// compare reads the original and the copy byte by byte.
func (c *Copy) compare(ctx context.Context, a vfs.File, copied string) (bool, error) {
	b, err := c.to.Open(copied)
	if err != nil {
		return false, err
	}
	defer b.Close()
	size, err := sizes(a, b)
	if err != nil || size < 0 {
		return false, err
	}
	p, q := make([]byte, copyChunk), make([]byte, copyChunk)
	for off := int64(0); off < size; off += copyChunk {
		n := min(copyChunk, size-off)
		if err := errors.Join(ctx.Err(), readFull(a, p[:n], off), readFull(b, q[:n], off)); err != nil {
			return false, err
		}
		if !bytes.Equal(p[:n], q[:n]) {
			return false, nil
		}
	}
	return true, nil
}

// sizes returns the size of two files, -1 if they differ.
func sizes(a, b vfs.File) (int64, error) {
	x, err := a.Stat()
	if err != nil {
		return 0, err
	}
	y, err := b.Stat()
	if err != nil {
		return 0, err
	}
	if x.Size() != y.Size() {
		return -1, nil
	}
	return x.Size(), nil
}

// Discard removes an unfinished copy.
func (c *Copy) Discard() error {
	if c.there || c.f.link != "" {
		return nil
	}
	if err := c.to.Remove(c.temp()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &Error{"remove", c.temp(), err}
	}
	RemoveEmptyDirs(c.to, c.temp())
	return nil
}

// Land gives the copy its name on the other volume.
func (c *Copy) Land() error {
	if c.there || c.f.link != "" {
		return nil
	}
	c.f.mu.RLock()
	name := c.f.name()
	c.f.mu.RUnlock()
	if err := c.to.Rename(c.temp(), name); err != nil {
		return &Error{"move", name, err}
	}
	c.there = true
	c.f.tree.Changed(c.to, name)
	return nil
}

// Finish makes the copy the file and returns what removes the original; call
// it when the names on the other volume are durable.
func (c *Copy) Finish() (removeOriginal func() error, err error) {
	f := c.f
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tree.cache.Drop(&f.slot)
	old := &File{tree: f.tree, fsys: f.fsys, path: f.path, state: f.state, link: f.link, plain: f.plain}
	f.fsys = c.to
	if err = f.locate(); err == nil && f.link != "" && f.state == Absent && old.state != Absent {
		err = f.createLink()
	}
	return func() error { return old.Remove(true) }, err
}

package memfs

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// do runs fn under the lock, unless the fault forbids it, and says in the error
// what was attempted.
func (m *FS) do(op, name string, fn func() error) error {
	if err := m.begin(op, name, 0, 0); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := fn(); err != nil {
		return pathError(op, name, err)
	}
	return nil
}

// Open opens for reading.
func (m *FS) Open(name string) (vfs.File, error) { return m.OpenFile(name, os.O_RDONLY, 0) }

// OpenFile opens with flags of package os.
func (m *FS) OpenFile(name string, flag int, perm fs.FileMode) (vfs.File, error) {
	f := &file{m: m, name: name, flag: flag}
	err := m.do("open", name, func() (err error) {
		if f.n, err = m.openNode(name, flag, perm); err == nil {
			f.n.open++
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (m *FS) openNode(name string, flag int, perm fs.FileMode) (*node, error) {
	if flag&os.O_APPEND != 0 {
		return nil, fs.ErrInvalid
	}
	exclusive := flag&(os.O_CREATE|os.O_EXCL) == os.O_CREATE|os.O_EXCL
	if flag&os.O_CREATE != 0 {
		if err := m.mkdirAll(path.Dir(name), 0o755); err != nil {
			return nil, err
		}
	}
	p, err := m.resolve(name, !exclusive)
	switch {
	case err != nil:
		return nil, err
	case p.n == nil && flag&os.O_CREATE == 0:
		return nil, fs.ErrNotExist
	case p.n == nil:
		n := &node{mode: perm.Perm(), mtime: m.tick()}
		m.edit(edit{p.dir, p.name, n})
		return n, nil
	case exclusive:
		return nil, fs.ErrExist
	case p.n.mode.IsDir() && flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC) != 0:
		return nil, errIsDir
	}
	if flag&os.O_TRUNC != 0 {
		m.truncate(p.n, 0)
	}
	return p.n, nil
}

// Symlink makes newname point to oldname.
func (m *FS) Symlink(oldname, newname string) error {
	return m.do("symlink", newname, func() error {
		p, err := m.resolve(newname, false)
		if err == nil && p.n != nil {
			err = fs.ErrExist
		}
		if err != nil {
			return err
		}
		n := &node{mode: fs.ModeSymlink | 0o777, mtime: m.tick(), target: oldname}
		m.edit(edit{p.dir, p.name, n})
		return nil
	})
}

// MkdirAll makes a directory and its parents.
func (m *FS) MkdirAll(name string, perm fs.FileMode) error {
	return m.do("mkdir", name, func() error { return m.mkdirAll(name, perm) })
}

func (m *FS) mkdirAll(name string, perm fs.FileMode) error {
	for end := 0; end < len(name); end++ {
		if i := strings.IndexByte(name[end:], '/'); i >= 0 {
			end += i
		} else {
			end = len(name)
		}
		p, err := m.resolve(name[:end], true)
		switch {
		case err != nil:
			return err
		case p.n == nil:
			d := newDir(perm)
			d.mtime = m.tick()
			m.edit(edit{p.dir, p.name, d})
		case !p.n.mode.IsDir():
			return errNotDir
		}
	}
	return nil
}

// Rename moves a file or directory and replaces a file of that name.
func (m *FS) Rename(oldname, newname string) error {
	return m.do("rename", oldname, func() error {
		if !fs.ValidPath(newname) {
			return fs.ErrInvalid
		}
		from, err := m.existing(oldname, false)
		if err != nil {
			return err
		}
		to, err := m.resolve(newname, false)
		if err == nil {
			err = from.mayReplace(to)
		}
		if err == nil && from.n != to.n {
			m.edit(edit{from.dir, from.name, nil}, edit{to.dir, to.name, from.n})
		}
		return err
	})
}

// mayReplace says why a rename is impossible.
func (p place) mayReplace(to place) error {
	switch {
	case p.dir == nil || to.dir == nil || p.n.contains(to.dir):
		return fs.ErrInvalid
	case to.n == nil || to.n == p.n:
		return nil
	case p.n.mode.IsDir() && !to.n.mode.IsDir():
		return errNotDir
	case !p.n.mode.IsDir() && to.n.mode.IsDir():
		return errIsDir
	case len(to.n.entries) > 0:
		return errNotEmpty
	}
	return nil
}

// contains reports whether d is n or lies below it.
func (n *node) contains(d *node) bool {
	if n == d {
		return true
	}
	for _, child := range n.entries {
		if child.mode.IsDir() && child.contains(d) {
			return true
		}
	}
	return false
}

// Remove removes a file, a link or an empty directory.
func (m *FS) Remove(name string) error {
	return m.do("remove", name, func() error {
		p, err := m.existing(name, false)
		switch {
		case err != nil:
			return err
		case p.dir == nil:
			return fs.ErrInvalid
		case len(p.n.entries) > 0:
			return errNotEmpty
		}
		m.edit(edit{p.dir, p.name, nil})
		return nil
	})
}

// Chtimes sets the modification time; access times are not kept.
func (m *FS) Chtimes(name string, _, mtime time.Time) error {
	return m.do("chtimes", name, func() error {
		p, err := m.existing(name, true)
		if err == nil && !mtime.IsZero() {
			p.n.mtime = mtime
		}
		return err
	})
}

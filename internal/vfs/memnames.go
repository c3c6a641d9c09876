package vfs

import (
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
	"time"
)

// Open opens for reading.
func (m *Mem) Open(name string) (File, error) { return m.OpenFile(name, os.O_RDONLY, 0) }

// OpenFile opens with flags of package os.
func (m *Mem) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	if err := m.begin("open", name, 0, 0); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.openNode(name, flag, perm)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	n.open++
	return &memFile{m: m, n: n, name: name, flag: flag}, nil
}

func (m *Mem) openNode(name string, flag int, perm fs.FileMode) (*node, error) {
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

// Stat follows symbolic links.
func (m *Mem) Stat(name string) (fs.FileInfo, error) { return m.stat("stat", name, true) }

// Lstat does not follow a symbolic link.
func (m *Mem) Lstat(name string) (fs.FileInfo, error) { return m.stat("lstat", name, false) }

func (m *Mem) stat(op, name string, follow bool) (fs.FileInfo, error) {
	if err := m.begin(op, name, 0, 0); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.existing(name, follow)
	if err != nil {
		return nil, pathError(op, name, err)
	}
	return p.n.info(path.Base(name)), nil
}

// ReadDir lists a directory in the order of names.
func (m *Mem) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := m.begin("readdir", name, 0, 0); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.existing(name, true)
	if err == nil && !p.n.mode.IsDir() {
		err = errNotDir
	}
	if err != nil {
		return nil, pathError("readdir", name, err)
	}
	var list []fs.DirEntry
	for _, base := range sortedNames(p.n.entries) {
		list = append(list, fs.FileInfoToDirEntry(p.n.entries[base].info(base)))
	}
	return list, nil
}

// Readlink returns the target of a symbolic link.
func (m *Mem) Readlink(name string) (string, error) {
	if err := m.begin("readlink", name, 0, 0); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.existing(name, false)
	if err == nil && p.n.mode.Type() != fs.ModeSymlink {
		err = fs.ErrInvalid
	}
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	return p.n.target, nil
}

// Symlink makes newname point to oldname.
func (m *Mem) Symlink(oldname, newname string) error {
	if err := m.begin("symlink", newname, 0, 0); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.resolve(newname, false)
	if err == nil && p.n != nil {
		err = fs.ErrExist
	}
	if err != nil {
		return pathError("symlink", newname, err)
	}
	n := &node{mode: fs.ModeSymlink | 0o777, mtime: m.tick(), target: oldname}
	m.edit(edit{p.dir, p.name, n})
	return nil
}

// MkdirAll makes a directory and its parents.
func (m *Mem) MkdirAll(name string, perm fs.FileMode) error {
	if err := m.begin("mkdir", name, 0, 0); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.mkdirAll(name, perm); err != nil {
		return pathError("mkdir", name, err)
	}
	return nil
}

func (m *Mem) mkdirAll(name string, perm fs.FileMode) error {
	for i := 0; i < len(name); {
		end := len(name)
		if j := strings.IndexByte(name[i:], '/'); j >= 0 {
			end = i + j
		}
		i = end + 1
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
func (m *Mem) Rename(oldname, newname string) error {
	if err := m.begin("rename", oldname, 0, 0); err != nil {
		return err
	}
	if !fs.ValidPath(newname) {
		return pathError("rename", newname, fs.ErrInvalid)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	from, err := m.existing(oldname, false)
	if err != nil {
		return pathError("rename", oldname, err)
	}
	to, err := m.resolve(newname, false)
	if err == nil {
		err = from.mayReplace(to)
	}
	if err != nil {
		return pathError("rename", newname, err)
	}
	if from.n != to.n {
		m.edit(edit{from.dir, from.name, nil}, edit{to.dir, to.name, from.n})
	}
	return nil
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
func (m *Mem) Remove(name string) error {
	if err := m.begin("remove", name, 0, 0); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.existing(name, false)
	switch {
	case err != nil:
	case p.dir == nil:
		err = fs.ErrInvalid
	case len(p.n.entries) > 0:
		err = errNotEmpty
	}
	if err != nil {
		return pathError("remove", name, err)
	}
	m.edit(edit{p.dir, p.name, nil})
	return nil
}

// Chtimes sets the modification time; access times are not kept.
func (m *Mem) Chtimes(name string, _, mtime time.Time) error {
	if err := m.begin("chtimes", name, 0, 0); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.existing(name, true)
	if err != nil {
		return pathError("chtimes", name, err)
	}
	if !mtime.IsZero() {
		p.n.mtime = mtime
	}
	return nil
}

// Free returns what is left of the capacity.
func (m *Mem) Free() (int64, error) {
	if err := m.begin("free", ".", 0, 0); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.capacity == 0 {
		return math.MaxInt64, nil
	}
	return max(0, m.capacity-m.used), nil
}

// Close does nothing.
func (m *Mem) Close() error { return nil }

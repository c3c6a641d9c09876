package memfs

import (
	"io/fs"
	"math"
	"path"
	"time"
)

// Stat follows symbolic links.
func (m *FS) Stat(name string) (fs.FileInfo, error) { return m.stat("stat", name, true) }

// Lstat does not follow a symbolic link.
func (m *FS) Lstat(name string) (fs.FileInfo, error) { return m.stat("lstat", name, false) }

func (m *FS) stat(op, name string, follow bool) (info fs.FileInfo, err error) {
	err = m.do(op, name, func() error {
		p, err := m.existing(name, follow)
		if err == nil {
			info = p.n.info(path.Base(name))
		}
		return err
	})
	return info, err
}

// ReadDir lists a directory in the order of names.
func (m *FS) ReadDir(name string) (list []fs.DirEntry, err error) {
	err = m.do("readdir", name, func() error {
		p, err := m.existing(name, true)
		if err != nil {
			return err
		}
		if !p.n.mode.IsDir() {
			return errNotDir
		}
		for _, base := range sortedNames(p.n.entries) {
			list = append(list, fs.FileInfoToDirEntry(p.n.entries[base].info(base)))
		}
		return nil
	})
	return list, err
}

// Readlink returns the target of a symbolic link.
func (m *FS) Readlink(name string) (target string, err error) {
	err = m.do("readlink", name, func() error {
		p, err := m.existing(name, false)
		if err != nil {
			return err
		}
		if p.n.mode.Type() != fs.ModeSymlink {
			return fs.ErrInvalid
		}
		target = p.n.target
		return nil
	})
	return target, err
}

// Free returns what is left of the capacity.
func (m *FS) Free() (free int64, err error) {
	err = m.do("free", ".", func() error {
		free = math.MaxInt64
		if m.capacity > 0 {
			free = max(0, m.capacity-m.used)
		}
		return nil
	})
	return free, err
}

// Close does nothing.
func (m *FS) Close() error { return nil }

// nodeInfo is a copy of what a node was like.
type nodeInfo struct {
	name  string
	size  int64
	mode  fs.FileMode
	mtime time.Time
}

func (n *node) info(name string) nodeInfo {
	size := n.data.Size()
	if n.mode.Type() == fs.ModeSymlink {
		size = int64(len(n.target))
	}
	return nodeInfo{name, size, n.mode, n.mtime}
}

func (i nodeInfo) Name() string       { return i.name }
func (i nodeInfo) Size() int64        { return i.size }
func (i nodeInfo) Mode() fs.FileMode  { return i.mode }
func (i nodeInfo) ModTime() time.Time { return i.mtime }
func (i nodeInfo) IsDir() bool        { return i.mode.IsDir() }
func (i nodeInfo) Sys() any           { return nil }

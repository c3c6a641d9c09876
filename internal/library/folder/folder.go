// Package folder shares the folders that contents of torrents lie in: ten thousand
// torrents in one folder hold one handle of it.
//
// A folder that is not there, because its volume is not mounted, is no reason not to
// keep a torrent: what is asked of it fails as it does for a missing file, and works
// once it is there. It is never made unless that is asked for, or content would go to
// the volume below.
package folder

import (
	"io/fs"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Opener opens a folder that is there, by its absolute path.
type Opener func(path string) (vfs.FS, error)

// Folders are the folders in use. Its methods are safe for concurrent use.
type Folders struct {
	open Opener

	mu  sync.Mutex
	all map[string]*shared
}

// New returns none.
func New(open Opener) *Folders { return &Folders{open: open, all: make(map[string]*shared)} }

// At returns the folder at a path. Each has to be closed.
func (f *Folders) At(path string) *Folder {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.all[path]
	if s == nil {
		s = &shared{all: f, path: path}
		f.all[path] = s
	}
	s.users++
	return &Folder{shared: s}
}

// shared is a folder with all who use it.
type shared struct {
	all   *Folders
	path  string
	users int // guarded by all.mu

	mu  sync.Mutex
	dir vfs.FS // nil as long as it is not open
}

func (s *shared) get() (vfs.FS, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir == nil {
		dir, err := s.all.open(s.path)
		if err != nil {
			return nil, err
		}
		s.dir = dir
	}
	return s.dir, nil
}

// Folder is a vfs.FS that opens its directory when it is first needed.
type Folder struct {
	shared *shared
	once   sync.Once
}

var _ vfs.FS = (*Folder)(nil)

// Close lets go of the folder.
func (f *Folder) Close() (err error) {
	f.once.Do(func() {
		s := f.shared
		s.all.mu.Lock()
		s.users--
		last := s.users == 0
		if last {
			delete(s.all.all, s.path)
		}
		s.all.mu.Unlock()
		s.mu.Lock()
		defer s.mu.Unlock()
		if last && s.dir != nil {
			err = s.dir.Close()
			s.dir = nil
		}
	})
	return err
}

// Open implements vfs.FS.
func (f *Folder) Open(name string) (vfs.File, error) {
	return get(f, func(d vfs.FS) (vfs.File, error) { return d.Open(name) })
}

// OpenFile implements vfs.FS.
func (f *Folder) OpenFile(name string, flag int, perm fs.FileMode) (vfs.File, error) {
	return get(f, func(d vfs.FS) (vfs.File, error) { return d.OpenFile(name, flag, perm) })
}

// Stat implements vfs.FS.
func (f *Folder) Stat(name string) (fs.FileInfo, error) {
	return get(f, func(d vfs.FS) (fs.FileInfo, error) { return d.Stat(name) })
}

// Lstat implements vfs.FS.
func (f *Folder) Lstat(name string) (fs.FileInfo, error) {
	return get(f, func(d vfs.FS) (fs.FileInfo, error) { return d.Lstat(name) })
}

// ReadDir implements vfs.FS.
func (f *Folder) ReadDir(name string) ([]fs.DirEntry, error) {
	return get(f, func(d vfs.FS) ([]fs.DirEntry, error) { return d.ReadDir(name) })
}

// Readlink implements vfs.FS.
func (f *Folder) Readlink(name string) (string, error) {
	return get(f, func(d vfs.FS) (string, error) { return d.Readlink(name) })
}

// Symlink implements vfs.FS.
func (f *Folder) Symlink(oldname, newname string) error {
	return f.do(func(d vfs.FS) error { return d.Symlink(oldname, newname) })
}

// MkdirAll implements vfs.FS.
func (f *Folder) MkdirAll(name string, perm fs.FileMode) error {
	return f.do(func(d vfs.FS) error { return d.MkdirAll(name, perm) })
}

// Rename implements vfs.FS.
func (f *Folder) Rename(oldname, newname string) error {
	return f.do(func(d vfs.FS) error { return d.Rename(oldname, newname) })
}

// Remove implements vfs.FS.
func (f *Folder) Remove(name string) error {
	return f.do(func(d vfs.FS) error { return d.Remove(name) })
}

// Chtimes implements vfs.FS.
func (f *Folder) Chtimes(name string, atime, mtime time.Time) error {
	return f.do(func(d vfs.FS) error { return d.Chtimes(name, atime, mtime) })
}

// Free implements vfs.FS.
func (f *Folder) Free() (int64, error) { return get(f, vfs.FS.Free) }

func (f *Folder) do(do func(vfs.FS) error) error {
	_, err := get(f, func(d vfs.FS) (struct{}, error) { return struct{}{}, do(d) })
	return err
}

func get[T any](f *Folder, do func(vfs.FS) (T, error)) (none T, err error) {
	d, err := f.shared.get()
	if err != nil {
		return none, err
	}
	return do(d)
}

// Package content keeps the files of one torrent under their names.
//
// A file that is not complete is called by its name and a suffix, ".part", and
// gets its own name when it is. A file that lies under its own name already is
// read where it is, and gets the suffix before the first byte of it is
// written. Nothing is ever renamed over, or deleted, that is not ours.
package content

import (
	"errors"
	"io/fs"
	"path"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/handles"
)

// Tree is what the files of a torrent have in common.
type Tree struct {
	cache  *handles.Cache
	suffix string

	mu    sync.Mutex
	names map[names]struct{} // directories whose names are not durable yet
}

type names struct {
	fsys vfs.FS
	dir  string
}

// NewTree returns a tree that marks incomplete files with suffix and keeps at
// most maxOpen files open beyond those in use.
func NewTree(suffix string, maxOpen int) *Tree {
	return &Tree{cache: handles.New(maxOpen), suffix: suffix, names: map[names]struct{}{}}
}

// Spec describes a file.
type Spec struct {
	FS     vfs.FS
	Path   string
	Length int64
	Perm   fs.FileMode
	Link   string // a symbolic link: what it points to, from the root of FS
	Plain  bool   // never has the suffix
}

// File adds a file and looks whether it is there.
func (t *Tree) File(spec Spec) (*File, error) {
	f := &File{tree: t, fsys: spec.FS, path: spec.Path, length: spec.Length, perm: spec.Perm, link: spec.Link, plain: spec.Plain}
	f.slot.Owner = f
	return f, f.Locate()
}

// Changed notes that the names in the directory of name are to be synced.
func (t *Tree) Changed(fsys vfs.FS, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names[names{fsys, path.Dir(name)}] = struct{}{}
}

// SyncNames makes created and renamed names durable.
func (t *Tree) SyncNames() error {
	t.mu.Lock()
	todo := t.names
	t.names = map[names]struct{}{}
	t.mu.Unlock()
	var failed error
	for n := range todo {
		dir := n.dir
		err := vfs.SyncDir(n.fsys, dir)
		for errors.Is(err, fs.ErrNotExist) && dir != "." { // removed meanwhile
			dir = path.Dir(dir)
			err = vfs.SyncDir(n.fsys, dir)
		}
		if err == nil {
			continue
		}
		failed = &Error{"sync", dir, err}
		t.Changed(n.fsys, path.Join(n.dir, "_"))
	}
	return failed
}

// Close closes the open files. They are opened again when they are used again.
func (t *Tree) Close() { t.cache.Close() }

// RemoveEmptyDirs removes the directories that lead to name as far as they are
// empty.
func RemoveEmptyDirs(fsys vfs.FS, name string) {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if fsys.Remove(dir) != nil { // not empty
			return
		}
	}
}

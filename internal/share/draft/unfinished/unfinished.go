// Package unfinished marks copies that are no shares yet, so that those which a node that
// ended at once has left behind are removed.
package unfinished

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/warren-p2p/warren/internal/vfs"
)

// mark is a file in the folder of a copy, beside what is copied.
const mark = ".unfinished"

// Mark makes the folder of a copy, as one that is no share yet.
func Mark(fsys vfs.FS, folder string) error {
	return errors.Join(fsys.MkdirAll(folder, 0o755), vfs.WriteFileAtomic(fsys, path.Join(folder, mark), nil, 0o600))
}

// Unmark says that a copy is about to become a share: nothing removes it from now on but
// whoever has made it.
func Unmark(fsys vfs.FS, folder string) error { return fsys.Remove(path.Join(folder, mark)) }

// Sweep removes the copies in a folder that have a mark. Nobody may be at work on one.
func Sweep(fsys vfs.FS, dir string) error {
	list, err := fsys.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range list {
		folder := path.Join(dir, e.Name())
		if _, bad := fsys.Lstat(path.Join(folder, mark)); e.IsDir() && bad == nil {
			err = errors.Join(err, Remove(fsys, folder))
		}
	}
	return err
}

// Remove removes a copy, its mark last: if that ends half way, it is swept up.
func Remove(fsys vfs.FS, folder string) error {
	var names []string
	err := vfs.WalkDir(fsys, folder, func(name string, _ fs.DirEntry, err error) error {
		if name != path.Join(folder, mark) {
			names = append(names, name)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, name := range slices.Backward(names) { // what is in a folder before it
		if name == folder {
			if bad := Unmark(fsys, folder); bad != nil && !errors.Is(bad, fs.ErrNotExist) {
				err = errors.Join(err, bad)
			}
		}
		err = errors.Join(err, fsys.Remove(name))
	}
	return err
}

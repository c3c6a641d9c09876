// Package readonly makes a file system one that only reads.
package readonly

import (
	"io/fs"
	"os"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// FS refuses every change, with an error that matches [vfs.ErrReadOnly]. What is
// shared belongs to the user: if it is not what the torrent says, the engine must
// not begin to repair it.
type FS struct{ vfs.FS }

func refuse(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: vfs.ErrReadOnly}
}

// OpenFile opens for reading alone.
func (r FS) OpenFile(name string, flag int, perm fs.FileMode) (vfs.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC) != 0 {
		return nil, refuse("open", name)
	}
	return r.FS.OpenFile(name, flag, perm)
}

// Symlink makes no links.
func (FS) Symlink(_, newname string) error { return refuse("symlink", newname) }

// MkdirAll makes no directories.
func (FS) MkdirAll(name string, _ fs.FileMode) error { return refuse("mkdir", name) }

// Rename renames nothing.
func (FS) Rename(oldname, _ string) error { return refuse("rename", oldname) }

// Remove removes nothing.
func (FS) Remove(name string) error { return refuse("remove", name) }

// Chtimes changes no times.
func (FS) Chtimes(name string, _, _ time.Time) error { return refuse("chtimes", name) }

package transfer

import (
	"io/fs"
	"os"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// readOnly refuses every change. What is shared belongs to the user: if it is
// not what the torrent says, the engine must not begin to repair it.
type readOnly struct{ vfs.FS }

func refuse(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: vfs.ErrReadOnly}
}

// OpenFile opens for reading alone.
func (r readOnly) OpenFile(name string, flag int, perm fs.FileMode) (vfs.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC) != 0 {
		return nil, refuse("open", name)
	}
	return r.FS.OpenFile(name, flag, perm)
}

func (readOnly) Symlink(_, newname string) error           { return refuse("symlink", newname) }
func (readOnly) MkdirAll(name string, _ fs.FileMode) error { return refuse("mkdir", name) }
func (readOnly) Rename(oldname, _ string) error            { return refuse("rename", oldname) }
func (readOnly) Remove(name string) error                  { return refuse("remove", name) }
func (readOnly) Chtimes(name string, _, _ time.Time) error { return refuse("chtimes", name) }

package vfs

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// ReadFile returns the content of a file.
func ReadFile(fsys FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, pathError("read", name, errNoFile)
	}
	data := make([]byte, st.Size())
	n, err := f.ReadAt(data, 0)
	if errors.Is(err, io.EOF) { // it shrank meanwhile, or is empty
		err = nil
	}
	return data[:n], err
}

// WriteFileAtomic replaces a file so that, whatever happens and whenever, the
// name holds the old content or the new, whole. It returns once the new content
// is durable. The file gets permission perm before umask; missing parent
// directories are made.
func WriteFileAtomic(fsys FS, name string, data []byte, perm fs.FileMode) (err error) {
	// A name of its own: two writers must not share a half-written file.
	temp := path.Join(path.Dir(name), "."+path.Base(name)+"."+rand.Text()[:8]+".tmp")
	f, err := fsys.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreNotExist(fsys.Remove(temp)))
		}
	}()
	_, err = f.WriteAt(data, 0)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err = fsys.Rename(temp, name); err != nil {
		return err
	}
	return SyncDir(fsys, path.Dir(name))
}

func ignoreNotExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// SyncDir makes the names in a directory durable, and those of the directories
// that lead to it, which may be as new.
func SyncDir(fsys FS, name string) error {
	for {
		if err := syncOne(fsys, name); err != nil {
			return err
		}
		if name == "." {
			return nil
		}
		name = path.Dir(name)
	}
}

func syncOne(fsys FS, name string) error {
	d, err := fsys.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// WalkDir calls fn for root and everything below it in the order of names, as
// [fs.WalkDir] does. It does not follow symbolic links below root.
func WalkDir(fsys FS, root string, fn fs.WalkDirFunc) error {
	return fs.WalkDir(walkFS{fsys}, root, fn)
}

// walkFS is what [fs.WalkDir] needs of an FS.
type walkFS struct{ fsys FS }

var _ interface {
	fs.ReadDirFS
	fs.StatFS
} = walkFS{}

func (w walkFS) Open(name string) (fs.File, error) {
	return nil, pathError("open", name, errors.ErrUnsupported)
}

func (w walkFS) ReadDir(name string) ([]fs.DirEntry, error) { return w.fsys.ReadDir(name) }
func (w walkFS) Stat(name string) (fs.FileInfo, error)      { return w.fsys.Stat(name) }

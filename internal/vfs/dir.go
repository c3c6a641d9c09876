package vfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/sys"
)

// Dir is a directory of the machine. It stands on [os.Root]: no name and no
// symbolic link leads outside it.
type Dir struct {
	root *os.Root
	// at is the same directory, for sys.OpenBeneath: os.Root opens every
	// directory on the way one by one, which is most of the work of reading a
	// tree of small files.
	at *os.File
}

var (
	_ FS     = (*Dir)(nil)
	_ Locker = (*Dir)(nil)
)

// OpenDir opens an existing directory.
func OpenDir(path string) (*Dir, error) {
	// To open a pipe is to wait until somebody writes to it, which nobody may.
	if st, err := os.Stat(path); err == nil && !st.IsDir() {
		return nil, pathError("open", path, ErrNotDir)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, Classify(err)
	}
	at, err := root.Open(".")
	if err != nil {
		return nil, errors.Join(Classify(err), root.Close())
	}
	return &Dir{root, at}, nil
}

// OpenPath opens the directory that holds path, a path as people type it, and
// returns the name of the file in it. The file itself need not exist; if it is
// a symbolic link, the directory is that of its target.
func OpenPath(path string) (FS, string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, "", fmt.Errorf("open %s: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	d, err := OpenDir(filepath.Dir(abs))
	if err != nil {
		return nil, "", err
	}
	if filepath.Dir(abs) == abs { // the root of a volume is its own parent
		return d, ".", nil
	}
	return d, filepath.Base(abs), nil
}

// RealPath returns the path of what is at path, with no symbolic link in it.
func RealPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	return real, Classify(err)
}

// local returns name in the platform's form, or an error that matches
// fs.ErrInvalid for names that are not relative paths below the root.
func local(op, name string) (string, error) {
	p, err := filepath.Localize(name)
	if err != nil {
		return "", pathError(op, name, fs.ErrInvalid)
	}
	return p, nil
}

// Open opens for reading.
func (d *Dir) Open(name string) (File, error) { return d.OpenFile(name, os.O_RDONLY, 0) }

// OpenFile opens with flags of package os. Pipes, devices and sockets are refused, and
// nothing is waited for.
func (d *Dir) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	p, err := local("open", name)
	if err != nil {
		return nil, err
	}
	if flag&os.O_APPEND != 0 {
		return nil, pathError("open", name, fs.ErrInvalid)
	}
	perm = perm.Perm()
	if f, ok := sys.OpenBeneath(d.at, p, flag|sys.NoWait, perm); ok {
		return plain(f, name)
	}
	f, err := d.root.OpenFile(p, flag|sys.NoWait, perm)
	if flag&os.O_CREATE != 0 && errors.Is(err, fs.ErrNotExist) {
		if err := d.MkdirAll(path.Dir(name), perm|perm>>2&0o111|0o700); err != nil {
			return nil, err
		}
		f, err = d.root.OpenFile(p, flag|sys.NoWait, perm)
	}
	if sys.IsLeased(err) {
		if st, bad := d.root.Stat(p); bad == nil && st.Mode().IsRegular() {
			f, err = d.root.OpenFile(p, flag, perm) // whoever has it is asked to give it back
		}
	}
	if err != nil {
		return nil, Classify(err)
	}
	return plain(f, name)
}

// Stat follows symbolic links inside the root.
func (d *Dir) Stat(name string) (fs.FileInfo, error) {
	p, err := local("stat", name)
	if err != nil {
		return nil, err
	}
	return d.root.Stat(p)
}

// Lstat does not follow a symbolic link.
func (d *Dir) Lstat(name string) (fs.FileInfo, error) {
	p, err := local("lstat", name)
	if err != nil {
		return nil, err
	}
	return d.root.Lstat(p)
}

// ReadDir lists a directory in the order of names.
func (d *Dir) ReadDir(name string) ([]fs.DirEntry, error) {
	if _, err := local("readdir", name); err != nil {
		return nil, err
	}
	return fs.ReadDir(d.root.FS(), name)
}

// Readlink returns the target of a symbolic link, slash-separated.
func (d *Dir) Readlink(name string) (string, error) {
	p, err := local("readlink", name)
	if err != nil {
		return "", err
	}
	target, err := d.root.Readlink(p)
	return filepath.ToSlash(target), err
}

// Symlink makes newname point to oldname. The target is not checked here;
// following it outside the root is refused.
func (d *Dir) Symlink(oldname, newname string) error {
	p, err := local("symlink", newname)
	if err != nil {
		return err
	}
	return Classify(d.root.Symlink(filepath.FromSlash(oldname), p))
}

// MkdirAll makes a directory and its parents.
func (d *Dir) MkdirAll(name string, perm fs.FileMode) error {
	p, err := local("mkdir", name)
	if err != nil {
		return err
	}
	return Classify(d.root.MkdirAll(p, perm.Perm()))
}

// Rename moves a file or directory and replaces a file of that name.
func (d *Dir) Rename(oldname, newname string) error {
	from, err := local("rename", oldname)
	if err != nil {
		return err
	}
	to, err := local("rename", newname)
	if err != nil {
		return err
	}
	return Classify(d.root.Rename(from, to))
}

// Remove removes a file, a link or an empty directory.
func (d *Dir) Remove(name string) error {
	p, err := local("remove", name)
	if err != nil {
		return err
	}
	return Classify(d.root.Remove(p))
}

// Chtimes sets access and modification time.
func (d *Dir) Chtimes(name string, atime, mtime time.Time) error {
	p, err := local("chtimes", name)
	if err != nil {
		return err
	}
	return Classify(d.root.Chtimes(p, atime, mtime))
}

// Free returns the bytes an ordinary user may still write.
func (d *Dir) Free() (int64, error) {
	free, _, err := d.Space()
	return free, err
}

// Space returns what Free does, and the bytes that the volume has.
func (d *Dir) Space() (free, total int64, err error) {
	f, err := d.root.Open(".")
	if err != nil {
		return 0, 0, fmt.Errorf("free space: %w", err)
	}
	defer f.Close()
	return sys.Space(f)
}

// Lock takes the exclusive lock called name.
func (d *Dir) Lock(name string) (io.Closer, error) {
	p, err := local("lock", name)
	if err != nil {
		return nil, err
	}
	f, err := d.root.OpenFile(p, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, Classify(err)
	}
	if err := sys.Lock(f); err != nil {
		return nil, errors.Join(pathError("lock", name, err), f.Close())
	}
	return f, nil
}

// Close lets go of the directory. Open files stay open.
func (d *Dir) Close() error { return errors.Join(d.at.Close(), d.root.Close()) }

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
		return nil, pathError("read", name, errors.New("not a regular file"))
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
// [fs.WalkDir] does. It does not follow symbolic links.
func WalkDir(fsys FS, root string, fn fs.WalkDirFunc) error {
	info, err := fsys.Lstat(root)
	if err != nil {
		err = fn(root, nil, err)
	} else {
		err = walk(fsys, root, fs.FileInfoToDirEntry(info), fn)
	}
	if err == fs.SkipDir || err == fs.SkipAll {
		return nil
	}
	return err
}

func walk(fsys FS, name string, d fs.DirEntry, fn fs.WalkDirFunc) error {
	err := fn(name, d, nil)
	if err != nil || !d.IsDir() {
		if err == fs.SkipDir && d.IsDir() {
			err = nil
		}
		return err
	}
	entries, err := fsys.ReadDir(name)
	if err != nil {
		if err = fn(name, d, err); err != nil {
			if err == fs.SkipDir {
				err = nil
			}
			return err
		}
	}
	for _, e := range entries {
		if err := walk(fsys, path.Join(name, e.Name()), e, fn); err != nil {
			if err == fs.SkipDir { // from a file: the rest of this directory
				break
			}
			return err
		}
	}
	return nil
}

package content

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path"
	"strings"
)

// maxBase is how long the last element of a name may be on common systems.
const maxBase = 255

// suffixed adds a suffix to a name. A name that would become too long is cut,
// and told from others that begin the same by a checksum.
func suffixed(name, suffix string) string {
	dir, base := path.Split(name)
	if len(base)+len(suffix) <= maxBase {
		return name + suffix
	}
	suffix = fmt.Sprintf("~%08x%s", crc32.ChecksumIEEE([]byte(base)), suffix)
	return dir + strings.ToValidUTF8(base[:maxBase-len(suffix)], "") + suffix
}

// ready reports whether the file may be written where it is.
func (f *File) ready() bool { return f.state == Partial || f.plain && f.state == Final }

// makeReady creates the file, or gives it the suffix.
func (f *File) makeReady() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == Absent { // it may have come meanwhile
		if err := f.locate(); err != nil {
			return err
		}
	}
	switch {
	case f.ready():
		return nil
	case f.state == Final:
		return f.rename(f.path, f.partial(), Partial)
	}
	name, next := f.partial(), Partial
	if f.plain {
		name, next = f.path, Final
	}
	file, err := f.fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, f.perm)
	if err != nil {
		return &Error{"write", name, existing(err)}
	}
	f.state = next
	f.tree.Changed(f.fsys, name)
	return f.wrap("write", file.Close())
}

func existing(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return errors.Join(ErrExists, err)
	}
	return err
}

// rename moves the file within its volume, over nothing.
func (f *File) rename(from, to string, next State) error {
	if info, err := f.fsys.Lstat(from); err == nil && f.link == "" && !info.Mode().IsRegular() {
		return &Error{"rename", from, ErrExists}
	}
	if _, err := f.fsys.Lstat(to); err == nil {
		return &Error{"rename", from, errors.Join(ErrExists, &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist})}
	}
	if err := f.fsys.MkdirAll(path.Dir(to), 0o777); err != nil {
		return &Error{"rename", from, err}
	}
	f.tree.cache.Drop(&f.slot)
	if err := f.fsys.Rename(from, to); err != nil {
		return &Error{"rename", from, err}
	}
	f.state = next
	f.tree.Changed(f.fsys, from)
	f.tree.Changed(f.fsys, to)
	return nil
}

// Finish gives a complete file its own name. A file that is there already, or
// absent, stays as it is.
func (f *File) Finish() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != Partial {
		return nil
	}
	if f.longer {
		if err := f.cut(); err != nil {
			return f.wrap("truncate", err)
		}
	}
	return f.rename(f.name(), f.path, Final)
}

func (f *File) cut() error {
	h, err := f.tree.cache.Acquire(&f.slot, true)
	if err != nil {
		return err
	}
	defer f.tree.cache.Release(h)
	f.dirty.Store(true)
	if err := h.Truncate(f.length); err != nil {
		return err
	}
	f.longer = false
	return nil
}

// Create makes an empty file or a link if it is absent.
func (f *File) Create() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.locate(); err != nil || f.state == Final {
		return err
	}
	if f.link != "" {
		return f.createLink()
	}
	file, err := f.fsys.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, f.perm)
	if err != nil {
		return &Error{"create", f.path, existing(err)}
	}
	f.state = Final
	f.tree.Changed(f.fsys, f.path)
	return f.wrap("create", file.Close())
}

func (f *File) createLink() error {
	err := f.fsys.MkdirAll(path.Dir(f.path), 0o777)
	if err == nil {
		err = f.fsys.Symlink(f.target(), f.path)
	}
	if err != nil {
		return &Error{"create", f.path, existing(err)}
	}
	f.state = Final
	f.tree.Changed(f.fsys, f.path)
	return nil
}

// target is the way from the directory of the link to what it points to.
func (f *File) target() string {
	dir, to := strings.Split(path.Dir(f.path), "/"), strings.Split(f.link, "/")
	if dir[0] == "." {
		dir = nil
	}
	for len(dir) > 0 && len(to) > 1 && dir[0] == to[0] {
		dir, to = dir[1:], to[1:]
	}
	return strings.Repeat("../", len(dir)) + strings.Join(to, "/")
}

// Rename moves the file to another path of its volume.
func (f *File) Rename(to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.state == Absent:
		f.path = to
		return nil
	case f.link != "":
		return f.relink(to)
	}
	from, next := f.name(), to
	if f.state == Partial {
		next = suffixed(to, f.tree.suffix)
	}
	if err := f.rename(from, next, f.state); err != nil {
		return err
	}
	f.path = to
	return nil
}

// relink makes a link anew: seen from elsewhere the way to its target differs.
func (f *File) relink(to string) error {
	from := f.path
	f.path = to
	if err := f.createLink(); err != nil {
		f.path = from
		return err
	}
	if err := f.fsys.Remove(from); err != nil {
		return &Error{"remove", from, err}
	}
	return nil
}

// Remove deletes the file and the directories that become empty. A file under
// its own name is deleted only if it is ours.
func (f *File) Remove(ours bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == Absent || f.state == Final && !ours {
		return nil
	}
	f.tree.cache.Drop(&f.slot)
	name := f.name()
	if err := f.fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.wrap("remove", err)
	}
	f.state = Absent
	f.dirty.Store(false)
	f.tree.Changed(f.fsys, name)
	RemoveEmptyDirs(f.fsys, name)
	return nil
}

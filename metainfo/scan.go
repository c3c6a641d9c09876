package metainfo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// ErrNotRegular reports something below the tree that a torrent cannot carry:
// a device, a socket, a pipe.
var ErrNotRegular = errors.New("neither a regular file nor a directory nor a symbolic link")

// ErrChanged reports a file that was written to while it was being hashed.
var ErrChanged = errors.New("file changed while it was read")

// found is a file on disk that goes into a torrent.
type found struct {
	File
	source  string // name in the FS
	modTime time.Time
}

// scanner collects the files below root in the order of BEP 52's file tree,
// that of the bytes of each path component.
type scanner struct {
	ctx   context.Context
	fsys  vfs.FS
	root  string
	names *pathname.Set
	files []found
}

// scan returns what root consists of and whether it is a directory.
func scan(ctx context.Context, fsys vfs.FS, root, name string) ([]found, bool, error) {
	info, err := fsys.Stat(root)
	if err != nil {
		return nil, false, err
	}
	s := &scanner{ctx: ctx, fsys: fsys, root: root, names: pathname.NewSet(0)}
	if !info.IsDir() {
		err = s.add(root, []string{name}, info)
		return s.files, false, err
	}
	err = s.dir(root, nil)
	return s.files, true, err
}

func (s *scanner) dir(dir string, below []string) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	entries, err := s.fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		source := path.Join(dir, e.Name())
		if err := pathname.Check(e.Name()); err != nil {
			return fmt.Errorf("%q: %w", source, err)
		}
		way := append(below[:len(below):len(below)], e.Name())
		if e.IsDir() {
			if err := s.dir(source, way); err != nil {
				return err
			}
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if err := s.add(source, way, info); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) add(source string, way []string, info fs.FileInfo) error {
	f := found{source: source, modTime: info.ModTime()}
	f.Path = way
	switch mode := info.Mode(); {
	case mode.IsRegular():
		f.Length = info.Size()
		f.Executable = mode&0o100 != 0
	case mode&fs.ModeSymlink != 0:
		target, err := s.target(source)
		if err != nil {
			return err
		}
		f.Symlink = target
	default:
		return fmt.Errorf("%q: %w", source, ErrNotRegular)
	}
	if err := pathname.CheckPath(way); err != nil {
		return fmt.Errorf("%q: %w", source, err)
	}
	if err := s.names.Add(strings.Join(way, "/")); err != nil {
		return fmt.Errorf("%q: %w", source, err)
	}
	s.files = append(s.files, f)
	return nil
}

// target returns where a symbolic link leads, as a path below root. A link
// that leaves the tree would share what nobody chose to share.
func (s *scanner) target(link string) ([]string, error) {
	to, err := s.fsys.Readlink(link)
	if err != nil {
		return nil, err
	}
	if path.IsAbs(to) {
		return nil, fmt.Errorf("%q -> %q: %w", link, to, ErrSymlink)
	}
	rest := path.Join(path.Dir(link), to)
	if s.root != "." {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, s.root+"/"); !ok {
			return nil, fmt.Errorf("%q -> %q: %w", link, to, ErrSymlink)
		}
	}
	way := strings.Split(rest, "/")
	if err := pathname.CheckPath(way); err != nil {
		return nil, fmt.Errorf("%q -> %q: %w", link, to, ErrSymlink)
	}
	return way, nil
}

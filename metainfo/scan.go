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
	"golang.org/x/sync/errgroup"
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
	ctx  context.Context
	fsys vfs.FS
	root string
	// helpers bounds the directories that are read at the same time.
	helpers chan struct{}
}

// scan returns what root consists of and whether it is a directory.
func scan(ctx context.Context, fsys vfs.FS, root, name string, workers int) ([]found, bool, error) {
	info, err := fsys.Stat(root)
	if err != nil {
		return nil, false, err
	}
	s := &scanner{ctx: ctx, fsys: fsys, root: root, helpers: make(chan struct{}, workers-1)}
	if !info.IsDir() {
		f, err := s.file(root, []string{name}, info)
		return []found{f}, false, err
	}
	files, err := s.dir(root, nil)
	return files, true, err
}

func (s *scanner) dir(dir string, below []string) ([]found, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := s.fsys.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	// Each directory has a part of its own; files go to the part before the
	// next directory.
	parts := []*[]found{new([]found)}
	var g errgroup.Group
	for _, e := range entries {
		source, way, err := s.entry(dir, below, e)
		if err != nil {
			return nil, errors.Join(err, g.Wait())
		}
		if e.IsDir() {
			part := new([]found)
			parts = append(parts, part, new([]found))
			err = s.fork(&g, func() (err error) {
				*part, err = s.dir(source, way)
				return err
			})
		} else {
			part := parts[len(parts)-1]
			*part, err = s.add(*part, source, way, e)
		}
		if err != nil {
			return nil, errors.Join(err, g.Wait())
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var files []found
	for _, part := range parts {
		files = append(files, *part...)
	}
	return files, nil
}

// fork runs f in g if a helper is free, else at once.
func (s *scanner) fork(g *errgroup.Group, f func() error) error {
	select {
	case s.helpers <- struct{}{}:
		g.Go(func() error {
			defer func() { <-s.helpers }()
			return f()
		})
		return nil
	default:
		return f()
	}
}

// entry names a directory entry: in the FS, and below root.
func (s *scanner) entry(dir string, below []string, e fs.DirEntry) (string, []string, error) {
	source := path.Join(dir, e.Name())
	way := append(below[:len(below):len(below)], e.Name())
	if err := pathname.CheckPath(way); err != nil {
		return "", nil, fmt.Errorf("%q: %w", source, err)
	}
	return source, way, nil
}

func (s *scanner) add(files []found, source string, way []string, e fs.DirEntry) ([]found, error) {
	info, err := e.Info()
	if err != nil {
		return nil, err
	}
	f, err := s.file(source, way, info)
	return append(files, f), err
}

func (s *scanner) file(source string, way []string, info fs.FileInfo) (found, error) {
	f := found{source: source, modTime: info.ModTime()}
	f.Path = way
	switch mode := info.Mode(); {
	case mode.IsRegular():
		f.Length = info.Size()
		f.Executable = mode&0o100 != 0
	case mode&fs.ModeSymlink != 0:
		target, err := s.target(source)
		if err != nil {
			return f, err
		}
		f.Symlink = target
	default:
		return f, fmt.Errorf("%q: %w", source, ErrNotRegular)
	}
	return f, nil
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

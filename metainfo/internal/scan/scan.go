// Package scan lists the files a torrent is made of.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
	"golang.org/x/sync/errgroup"
)

// ErrNotRegular reports something below the tree that a torrent cannot carry:
// a device, a socket, a pipe.
var ErrNotRegular = errors.New("neither a regular file nor a directory nor a symbolic link")

// File is a regular file, or a symbolic link.
type File struct {
	Source     string   // name in the FS
	Path       []string // below the root; just the name of a lone file
	Length     int64    // bytes; 0 for links
	ModTime    time.Time
	Executable bool
	Symlink    []string // target below the root; nil if not a link
}

// scanner collects the files below root in the order of BEP 52's file tree,
// that of the bytes of each path component.
type scanner struct {
	ctx  context.Context
	fsys vfs.FS
	root string
	// helpers bounds the directories that are read at the same time.
	helpers chan struct{}
	count   atomic.Int64 // of files
}

// Tree returns what the file or directory root consists of and whether it is a
// directory; a lone file gets the given name. It reads as many directories at
// once as there are workers. The errors match [ErrNotRegular], the reasons of
// package pathname, or are those of the FS and of ctx.
func Tree(ctx context.Context, fsys vfs.FS, root, name string, workers int) ([]File, bool, error) {
	info, err := fsys.Stat(root)
	if err != nil {
		return nil, false, err
	}
	s := &scanner{ctx: ctx, fsys: fsys, root: root, helpers: make(chan struct{}, workers-1)}
	if !info.IsDir() {
		f, err := s.file(root, []string{name}, info)
		return []File{f}, false, err
	}
	var d directory
	if err := s.dir(&d, root, nil); err != nil {
		return nil, true, err
	}
	return d.append(make([]File, 0, s.count.Load())), true, nil
}

// directory is what was found in one: runs of files, each followed by a
// directory but the last.
type directory []run

type run struct {
	files []File
	below *directory
}

func (d directory) append(files []File) []File {
	for _, r := range d {
		files = append(files, r.files...)
		if r.below != nil {
			files = r.below.append(files)
		}
	}
	return files
}

func (s *scanner) dir(d *directory, dir string, below []string) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	entries, err := s.fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	var g errgroup.Group
	var here run
	for _, e := range entries {
		source, way, err := s.entry(dir, below, e)
		if err == nil && e.IsDir() {
			next := new(directory)
			here.below = next
			*d, here = append(*d, here), run{}
			err = s.fork(&g, func() error { return s.dir(next, source, way) })
		} else if err == nil {
			err = s.add(&here, source, way, e)
		}
		if err != nil {
			return errors.Join(err, g.Wait())
		}
	}
	*d = append(*d, here)
	return g.Wait()
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
	way := append(slices.Clip(below), e.Name())
	if err := pathname.CheckPath(way); err != nil {
		return "", nil, fmt.Errorf("%q: %w", source, err)
	}
	return source, way, nil
}

func (s *scanner) add(r *run, source string, way []string, e fs.DirEntry) error {
	info, err := e.Info()
	if err != nil {
		return err
	}
	f, err := s.file(source, way, info)
	r.files = append(r.files, f)
	s.count.Add(1)
	return err
}

func (s *scanner) file(source string, way []string, info fs.FileInfo) (File, error) {
	f := File{Source: source, Path: way, ModTime: info.ModTime()}
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
		return nil, fmt.Errorf("%q -> %q: %w", link, to, pathname.ErrSymlink)
	}
	rest := path.Join(path.Dir(link), to)
	if s.root != "." {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, s.root+"/"); !ok {
			return nil, fmt.Errorf("%q -> %q: %w", link, to, pathname.ErrSymlink)
		}
	}
	way := strings.Split(rest, "/")
	if err := pathname.CheckPath(way); err != nil {
		return nil, fmt.Errorf("%q -> %q: %w", link, to, pathname.ErrSymlink)
	}
	return way, nil
}

// Package layout knows in which files the bytes of each piece lie.
//
// Most lie in the torrent's own files. The bytes of an unwanted file that come
// with the pieces of its neighbours lie in the parts file, a sparse file in the
// node's home, at their place in the piece space.
//
// A Layout has no lock. Reading and writing may go on side by side; whatever
// changes where things lie must be alone.
package layout

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// Layout is where the content of a torrent lies.
type Layout struct {
	Tree  *content.Tree
	Files []File        // as in metainfo.Info
	Parts *content.File // the parts file

	info   *metainfo.Info
	fsys   vfs.FS
	suffix string
}

// File is one file of the torrent.
type File struct {
	*content.File // nil for padding
	Entry         resume.Entry
	Allocated     atomic.Bool
}

// Config says what lies where.
type Config struct {
	Info        *metainfo.Info
	Content     vfs.FS
	State       vfs.FS
	Parts       string // name of the parts file in State
	FileHandles int
	// Entries are what is known of the files, the parts file last.
	Entries []resume.Entry
	// Paths are where files lie that have another path than in the torrent, by their
	// index, as long as nothing else is known of them.
	Paths  map[int]string
	Origin resume.Origin // of Entries
}

// New finds the files, where the last session left them or where a rename that
// was interrupted took them. It creates nothing.
func New(cfg Config) (*Layout, error) {
	l := &Layout{info: cfg.Info, fsys: cfg.Content, suffix: partialSuffix(cfg.Info)}
	l.Tree = content.NewTree(l.suffix, cfg.FileHandles)
	l.Files = make([]File, len(cfg.Info.Files))
	if cfg.Origin <= resume.Damaged {
		if err := l.given(cfg); err != nil {
			return nil, err
		}
	}
	for i := range l.Files {
		l.Files[i].Entry = cfg.Entries[i]
		l.Files[i].Allocated.Store(cfg.Entries[i].Allocated)
		if cfg.Info.Files[i].Pad {
			continue
		}
		if err := l.locate(i); err != nil {
			return nil, err
		}
		l.forgetSpace(i)
	}
	var err error
	l.Parts, err = l.Tree.File(content.Spec{FS: cfg.State, Path: cfg.Parts, Perm: 0o600, Plain: true})
	return l, err
}

// given enters the paths that files were given before anything was kept of them.
func (l *Layout) given(cfg Config) error {
	for i, name := range cfg.Paths {
		if i < 0 || i >= len(l.Files) || cfg.Info.Files[i].Pad {
			return &content.Error{Op: "name", File: name, Err: fs.ErrInvalid}
		}
		cfg.Entries[i].Path = name
	}
	var names []string
	for i := range cfg.Info.Files {
		if name := cmp.Or(cfg.Paths[i], cfg.Info.Files[i].Name()); !cfg.Info.Files[i].Pad && len(cfg.Paths) > 0 {
			names = append(names, name)
		}
	}
	return l.distinct(names, cfg.Paths)
}

func (l *Layout) locate(i int) (err error) {
	f := &l.Files[i]
	next := f.Entry.Next
	f.Entry.Next = ""
	if f.File, err = l.Tree.File(l.spec(i, f.Entry.Path)); err != nil || next == "" {
		return err
	}
	moved, err := l.Tree.File(l.spec(i, next))
	if err == nil && l.Absent(i) && moved.State() != content.Absent {
		f.File, f.Entry.Path = moved, next
	}
	return err
}

func (l *Layout) spec(i int, moved string) content.Spec {
	mf := &l.info.Files[i]
	spec := content.Spec{FS: l.fsys, Path: mf.Name(), Length: mf.Length, Perm: 0o666}
	if moved != "" {
		spec.Path = moved
	}
	if mf.Executable {
		spec.Perm = fs.FileMode(0o777)
	}
	if mf.Symlink != nil {
		spec.Link = path.Join(path.Dir(mf.Name()), mf.LinkTarget())
	}
	return spec
}

// Relocate looks again where the files are: they may have come or gone.
func (l *Layout) Relocate() (err error) {
	for i := range l.Files {
		if l.Files[i].File != nil {
			err = errors.Join(err, l.Files[i].Locate())
			l.forgetSpace(i)
		}
	}
	return errors.Join(err, l.Parts.Locate())
}

// forgetSpace: the space of a file that is gone is not reserved any more.
func (l *Layout) forgetSpace(i int) {
	if l.Absent(i) {
		l.Files[i].Allocated.Store(false)
	}
}

// Free returns how much room the volume of the content has.
func (l *Layout) Free() (int64, error) { return free(l.fsys) }

func free(fsys vfs.FS) (int64, error) {
	n, err := fsys.Free()
	if err != nil {
		return 0, &content.Error{Op: "free space", File: ".", Err: err}
	}
	return n, nil
}

// partialSuffix is what incomplete files are called by. It depends on nothing
// but the torrent, so that every session finds the same files.
func partialSuffix(info *metainfo.Info) string {
	taken := make(map[string]bool, len(info.Files))
	for i := range info.Files {
		for name := info.Files[i].Name(); name != "."; name = path.Dir(name) {
			taken[strings.ToLower(name)] = true
		}
	}
	suffix := ".part"
	for i := 0; i < len(info.Files); i++ {
		if taken[strings.ToLower(info.Files[i].Name()+suffix)] {
			suffix += "ial"
			i = -1
		}
	}
	return suffix
}

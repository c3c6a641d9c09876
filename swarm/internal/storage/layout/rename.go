package layout

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// Below returns the files below a folder, and what they would be called below
// another.
func (l *Layout) Below(from, to string) map[int]string {
	names := make(map[int]string)
	for i := range l.Files {
		if l.Files[i].File == nil {
			continue
		}
		if rest, ok := strings.CutPrefix(l.Files[i].Path(), from+"/"); ok {
			names[i] = to + "/" + rest
		}
	}
	return names
}

// MayRename reports why files cannot have other names: one is no name or leads out
// of the folder (fs.ErrInvalid), or some system would take it for that of another
// file, complete or not (content.ErrExists).
func (l *Layout) MayRename(to map[int]string) error {
	var names []string
	for i := range l.Files {
		if l.Files[i].File == nil {
			continue
		}
		name, ok := to[i]
		if !ok {
			name = l.Files[i].Path()
		}
		names = append(names, name)
	}
	return l.distinct(names, to)
}

// distinct checks the paths of all files, some of which are new.
func (l *Layout) distinct(names []string, to map[int]string) error {
	for _, name := range to {
		if err := piecespace.CheckName(name); err != nil {
			return fmt.Errorf("%w: %q: %w", fs.ErrInvalid, name, err)
		}
	}
	if err := piecespace.CheckDistinct(names); err != nil {
		return fmt.Errorf("%w: %w: %w", content.ErrExists, fs.ErrExist, err)
	}
	partial := make(map[string]bool, len(names))
	for _, name := range names {
		partial[strings.ToLower(name+l.suffix)] = true
	}
	for _, name := range names {
		if partial[strings.ToLower(name)] {
			return fmt.Errorf("%w: %w: %q is what another file is called until it is complete", content.ErrExists, fs.ErrExist, name)
		}
	}
	return nil
}

// MakeFolders makes the folders that files are to lie in, durable: a power cut
// could keep that they went there and lose the folders.
func (l *Layout) MakeFolders(to map[int]string) error {
	for i, name := range to {
		if l.Absent(i) {
			continue
		}
		if err := l.fsys.MkdirAll(path.Dir(name), 0o777); err != nil {
			return &content.Error{Op: "rename", File: name, Err: err}
		}
		l.Tree.Changed(l.fsys, name)
	}
	return l.Tree.SyncNames()
}

// Rename renames files, or none of them, and returns what they were called.
func (l *Layout) Rename(to map[int]string) (from map[int]string, err error) {
	from = make(map[int]string)
	for _, i := range slices.Sorted(maps.Keys(to)) {
		f := &l.Files[i]
		was := f.Path()
		if err := f.File.Rename(to[i]); err != nil {
			if len(from) > 0 {
				_, back := l.Rename(from)
				err = errors.Join(err, back)
			}
			return nil, err
		}
		l.Moved(i, to[i])
		from[i] = was
	}
	return from, nil
}

// Tidy removes the folders that are empty now that files have left them.
func (l *Layout) Tidy(from map[int]string) {
	for _, name := range from {
		content.RemoveEmptyDirs(l.fsys, name)
	}
}

package memfs

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/sparse"
)

// maxLinks is how many symbolic links one name may lead through.
const maxLinks = 40

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

var (
	errNotDir   = errors.New("not a directory")
	errIsDir    = errors.New("is a directory")
	errNotEmpty = errors.New("directory not empty")
	errEscapes  = errors.New("symbolic link leads outside the root")
	errLoop     = errors.New("too many symbolic links")
)

// node is a file, a directory or a symbolic link of a [FS].
type node struct {
	mode  fs.FileMode
	mtime time.Time

	// A file.
	data     sparse.Cached
	reserved int64 // pages
	open     int   // handles
	linked   bool

	entries, durableEntries map[string]*node // a directory
	target                  string           // a symbolic link
}

func newDir(perm fs.FileMode) *node {
	return &node{
		mode: fs.ModeDir | perm.Perm(), linked: true,
		entries: map[string]*node{}, durableEntries: map[string]*node{},
	}
}

// held returns the bytes a file takes of the capacity.
func (n *node) held() int64 { return max(n.data.Pages(), n.reserved) * sparse.PageSize }

// change is one atomic change of names, such as a rename.
type change struct{ edits []edit }

// edit makes dir hold n under name, or nothing if n is nil.
type edit struct {
	dir  *node
	name string
	n    *node
}

// split divides pending into the changes to keep, in order, and the rest. With
// a kept change it keeps the earlier ones it builds on: those of the same file
// or the same name, and those that moved a directory it moves something into.
func split(pending []change, want func(change) bool) (kept, rest []change) {
	type entry struct {
		dir  *node
		name string
	}
	nodes, names := map[*node]bool{}, map[entry]bool{}
	for _, c := range slices.Backward(pending) {
		needed := slices.ContainsFunc(c.edits, func(e edit) bool {
			return names[entry{e.dir, e.name}] || e.n != nil && nodes[e.n]
		})
		if !want(c) && !needed {
			rest = append(rest, c)
			continue
		}
		kept = append(kept, c)
		for _, e := range c.edits {
			names[entry{e.dir, e.name}] = true
			if e.n != nil {
				nodes[e.n] = true
				if len(c.edits) > 1 && e.n.mode.IsDir() {
					nodes[e.dir] = true
				}
			}
		}
	}
	slices.Reverse(kept)
	slices.Reverse(rest)
	return kept, rest
}

// tree is the durable names of directories with further changes on top.
type tree map[*node]map[string]*node

func (t tree) entries(dir *node) map[string]*node {
	if t[dir] == nil {
		t[dir] = maps.Clone(dir.durableEntries)
	}
	return t[dir]
}

func (t tree) apply(c change) {
	for _, e := range c.edits {
		put(t.entries(e.dir), e.name, e.n)
	}
}

func put(entries map[string]*node, name string, n *node) {
	if n == nil {
		delete(entries, name)
		return
	}
	entries[name] = n
}

func sortedNames(entries map[string]*node) []string {
	return slices.Sorted(maps.Keys(entries))
}

// edit changes names now; they are durable when their directories are synced.
func (m *FS) edit(edits ...edit) {
	var replaced []*node
	for _, e := range edits {
		if old := e.dir.entries[e.name]; old != nil {
			old.linked = false
			replaced = append(replaced, old)
		}
		put(e.dir.entries, e.name, e.n)
		e.dir.mtime = m.tick()
	}
	for _, e := range edits { // a rename took it away and puts it back
		if e.n != nil {
			e.n.linked = true
		}
	}
	for _, old := range replaced {
		m.release(old)
	}
	m.pending = append(m.pending, change{edits})
}

// release gives back the room of a file that has neither name nor handle.
func (m *FS) release(n *node) {
	if n.mode.IsRegular() && !n.linked && n.open == 0 {
		m.used -= n.held()
		n.data.Drop()
		n.reserved = 0
	}
}

// syncNames makes the names in dir durable.
func (m *FS) syncNames(dir *node) {
	kept, rest := split(m.pending, func(c change) bool {
		return slices.ContainsFunc(c.edits, func(e edit) bool { return e.dir == dir })
	})
	for _, c := range kept {
		for _, e := range c.edits {
			put(e.dir.durableEntries, e.name, e.n)
		}
	}
	m.pending = rest
}

// place is where a name leads: the directory and name in it, and what is there,
// nil for nothing. The root has no directory.
type place struct {
	dir  *node
	name string
	n    *node
}

// resolve walks name from the root. It follows a symbolic link in the last
// position only if follow is set.
func (m *FS) resolve(name string, follow bool) (place, error) {
	dirs := []*node{m.root}
	parts := strings.Split(name, "/")
	for links := 0; len(parts) > 0; {
		part := parts[0]
		parts = parts[1:]
		dir := dirs[len(dirs)-1]
		switch part {
		case "", ".":
			continue
		case "..":
			if len(dirs) == 1 {
				return place{}, errEscapes
			}
			dirs = dirs[:len(dirs)-1]
			continue
		}
		n := dir.entries[part]
		switch {
		case n != nil && n.mode.Type() == fs.ModeSymlink && (follow || len(parts) > 0):
			if links++; links > maxLinks {
				return place{}, errLoop
			}
			if path.IsAbs(n.target) {
				return place{}, errEscapes
			}
			parts = append(strings.Split(n.target, "/"), parts...)
		case len(parts) == 0:
			return place{dir, part, n}, nil
		case n == nil:
			return place{}, fs.ErrNotExist
		case !n.mode.IsDir():
			return place{}, errNotDir
		default:
			dirs = append(dirs, n)
		}
	}
	return place{name: ".", n: dirs[len(dirs)-1]}, nil
}

// existing is resolve for a name that must be there.
func (m *FS) existing(name string, follow bool) (place, error) {
	p, err := m.resolve(name, follow)
	if err == nil && p.n == nil {
		err = fs.ErrNotExist
	}
	return p, err
}

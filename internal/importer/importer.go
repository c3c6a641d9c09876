// Package importer brings the torrents of another program into a node: where their
// content lies, how they are sorted, what is wanted of them and what they have done.
//
// Packages transmission and qbittorrent read the state folders of these programs into a
// [Found], and change nothing in them. [Found.Into] writes it to the store of a node
// that does not run.
//
// What another program says of content is believed in one case: it has all of a
// torrent, every file is there with its size, and none was changed after the program
// had checked it ([Trust]). All other content is hashed when the node starts.
package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/swarm"
)

// Limits of what is read of a file in a state folder.
const (
	MaxResume  = 64 << 20
	MaxTorrent = 256 << 20
)

// Errors of folders.
var (
	// ErrFolder reports a folder that is not that of the program.
	ErrFolder = errors.New("this is not where the program keeps its torrents")
	// ErrRunning reports a program that has not ended, or not well.
	ErrRunning = errors.New("the program still runs, or was killed: end it, after starting it again if need be")
)

// Found is what was read of another program.
type Found struct {
	Torrents   []Torrent // as they stand in its queue
	Categories []record.Category
	// Left are torrents that cannot come along.
	Left []Left
}

// Torrent is one that can come along.
type Torrent struct {
	Record   record.Record
	Metainfo *metainfo.Torrent // nil of a magnet link
	// Notes say what is lost or different.
	Notes []string
}

// Left is a torrent, or a file, that stays behind.
type Left struct{ Name, Reason string }

// Leave notes that something stays behind.
func (f *Found) Leave(name, format string, args ...any) {
	f.Left = append(f.Left, Left{name, fmt.Sprintf(format, args...)})
}

// Note says what is lost or different about a torrent.
func (t *Torrent) Note(format string, args ...any) {
	t.Notes = append(t.Notes, fmt.Sprintf(format, args...))
}

// Priorities sets what the program wants of each file. It says them of all files,
// padding included, or something is wrong.
func (t *Torrent) Priorities(list []swarm.Priority) {
	if t.Metainfo == nil || len(list) == 0 {
		return
	}
	if len(list) != len(t.Metainfo.Info.Files) {
		t.Note("the priorities of its files are lost: it has %d files, and %d priorities", len(t.Metainfo.Info.Files), len(list))
		return
	}
	for i, p := range list {
		if p == swarm.Normal || t.Metainfo.Info.Files[i].Pad {
			continue
		}
		if t.Record.Wishes.Priorities == nil {
			t.Record.Wishes.Priorities = map[int]swarm.Priority{}
		}
		t.Record.Wishes.Priorities[i] = p
	}
}

// Place says that a file of the torrent has another path than in the torrent itself.
func (t *Torrent) Place(file int, path string) {
	if t.Record.Paths == nil {
		t.Record.Paths, t.Record.Renamed = map[int]string{}, true
	}
	t.Record.Paths[file] = path
}

// Trust marks a torrent as complete, not to be hashed, if its files are all there, of
// the right sizes and not changed after checked, a time for each file. Otherwise it
// notes why it will be.
func Trust(t *Torrent, open func(path string) (vfs.FS, error), checked func(file int) time.Time) {
	why := untrusted(t, open, checked)
	t.Record.Trusted = why == ""
	if why != "" {
		t.Note("its content is checked: %s", why)
	}
}

func untrusted(t *Torrent, open func(path string) (vfs.FS, error), checked func(file int) time.Time) (why string) {
	dir, err := open(t.Record.Dir)
	if err != nil {
		return "its folder cannot be opened"
	}
	defer func() { _ = dir.Close() }() // it was only looked at
	for i := range t.Metainfo.Info.Files {
		f := &t.Metainfo.Info.Files[i]
		if f.Pad || f.Symlink != nil {
			continue
		}
		name := cmp.Or(t.Record.Paths[i], f.Name())
		switch st, err := dir.Lstat(name); {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Sprintf("%q is not there", name)
		case err != nil:
			return fmt.Sprintf("%q cannot be looked at", name)
		case !st.Mode().IsRegular():
			return fmt.Sprintf("%q is no regular file", name)
		case st.Size() != f.Length:
			return fmt.Sprintf("%q has another size", name)
		case st.ModTime().Truncate(time.Second).After(checked(i)):
			return fmt.Sprintf("%q was changed since", name)
		}
	}
	return ""
}

// Usable reports why a torrent cannot be kept as it is, "" if it can.
func (t *Torrent) Usable() (why string) {
	if !filepath.IsAbs(t.Record.Dir) {
		return fmt.Sprintf("its folder is not one of this machine: %q", t.Record.Dir)
	}
	if err := record.CheckName("name", t.Record.Name); err != nil {
		return err.Error()
	}
	for _, name := range t.Record.Paths {
		if err := piecespace.CheckName(name); err != nil {
			return fmt.Sprintf("a file of it has the name %q, which is not possible here: %v", name, err)
		}
	}
	return ""
}

// Outcome is what became of a Found.
type Outcome struct {
	Added int
	Known []string // names of torrents that were here already
}

// Into writes what was found to the store of a node that does not run, all or nothing.
// Torrents that are there stay as they are.
func (f *Found) Into(ctx context.Context, s *store.Store) (o Outcome, err error) {
	err = s.Write(ctx, func(q store.Querier) error {
		o = Outcome{}
		here, err := record.All(ctx, q)
		if err != nil {
			return err
		}
		if err := f.categories(ctx, q); err != nil {
			return err
		}
		known := map[metainfo.InfoHashes]bool{}
		for i := range here {
			learn(known, here[i].Hashes)
		}
		for i := range f.Torrents {
			t := f.Torrents[i] // its record gets an ID and a place
			if isKnown(known, t.Record.Hashes) {
				o.Known = append(o.Known, t.Record.Name)
				continue
			}
			learn(known, t.Record.Hashes)
			t.Record.Place = len(here) + o.Added
			var bytes []byte
			if t.Metainfo != nil {
				bytes = t.Metainfo.Bytes()
			}
			if err := record.Insert(ctx, q, &t.Record, bytes); err != nil {
				return err
			}
			o.Added++
		}
		return nil
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("import: %w", err)
	}
	return o, nil
}

// categories adds those that are not here, and those that torrents have.
func (f *Found) categories(ctx context.Context, q store.Querier) error {
	here, err := record.Categories(ctx, q)
	if err != nil {
		return err
	}
	all := f.Categories
	for i := range f.Torrents {
		if name := f.Torrents[i].Record.Category; name != "" {
			all = append(all, record.Category{Name: name})
		}
	}
	for _, c := range all {
		if _, ok := here[c.Name]; ok {
			continue
		}
		here[c.Name] = c
		if err := record.PutCategory(ctx, q, c); err != nil {
			return err
		}
	}
	return nil
}

func learn(known map[metainfo.InfoHashes]bool, h metainfo.InfoHashes) {
	if h.HasV1 {
		known[metainfo.InfoHashes{V1: h.V1, HasV1: true}] = true
	}
	if h.HasV2 {
		known[metainfo.InfoHashes{V2: h.V2, HasV2: true}] = true
	}
}

func isKnown(known map[metainfo.InfoHashes]bool, h metainfo.InfoHashes) bool {
	return h.HasV1 && known[metainfo.InfoHashes{V1: h.V1, HasV1: true}] || h.HasV2 && known[metainfo.InfoHashes{V2: h.V2, HasV2: true}]
}

package storage_test

import (
	"os"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// What Whole says without opening anything is what Open finds.
func TestWhole(t *testing.T) {
	edit := func(do func(fsys *memfs.FS, name string) error) func(*world) error {
		return func(w *world) error {
			for i := range w.torrent.Info.Files {
				if f := &w.torrent.Info.Files[i]; f.Length > 1 && !f.Pad {
					return do(w.content, f.Name())
				}
			}
			return os.ErrNotExist
		}
	}
	overwrite := edit(func(fsys *memfs.FS, name string) error {
		f, err := fsys.OpenFile(name, os.O_RDWR, 0)
		if err == nil {
			_, err = f.WriteAt([]byte{1}, 0)
		}
		return err
	})
	shorten := edit(func(fsys *memfs.FS, name string) error {
		f, err := fsys.OpenFile(name, os.O_RDWR, 0)
		if err == nil {
			err = f.Truncate(1)
		}
		return err
	})
	touch := edit(func(fsys *memfs.FS, name string) error { return fsys.Chtimes(name, time.Unix(1, 0), time.Unix(1, 0)) })
	for name, c := range map[string]struct {
		end   func(*storage.Store) error // of the last session
		boot  string                     // of this one, if it is another
		since func(*world) error
		want  bool
	}{
		"closed":        {end: (*storage.Store).Close, want: true},
		"killed":        {want: true},
		"power lost":    {boot: "boot 2"},
		"synced":        {end: (*storage.Store).Sync, boot: "boot 2", want: true},
		"changed":       {end: (*storage.Store).Close, since: overwrite},
		"touched":       {end: (*storage.Store).Close, since: touch},
		"gone":          {end: (*storage.Store).Close, since: edit((*memfs.FS).Remove)},
		"short":         {since: shorten},
		"missing piece": {end: func(s *storage.Store) error { return s.Reject(0) }},
	} {
		t.Run(name, func(t *testing.T) {
			eachKind(t, func(t *testing.T, w *world) {
				s := w.open(t)
				w.writeAll(t, s)
				if c.end != nil {
					if err := c.end(s); err != nil {
						t.Fatal(err)
					}
				}
				if c.since != nil {
					if err := c.since(w); err != nil {
						t.Fatal(err)
					}
				}
				if c.boot != "" {
					w.boot = c.boot
				}
				if whole, err := storage.Whole(w.config()); whole != c.want || err != nil {
					t.Errorf("whole: %t, %v", whole, err)
				}
				again := w.open(t)
				if doubt := again.NeedsCheck(); c.want != (len(doubt) == 0 && again.Complete()) {
					t.Errorf("%d pieces in doubt, complete: %t", len(doubt), again.Complete())
				}
			})
		})
	}
}

// What the user has changed takes the layout to know.
func TestWholeElsewhere(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	w.writeAll(t, s)
	if err := s.Rename(0, "elsewhere"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if whole, err := storage.Whole(w.config()); whole || err != nil {
		t.Errorf("whole: %t, %v", whole, err)
	}
}

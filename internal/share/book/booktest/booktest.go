// Package booktest has a book of shares for tests, with a swarm that seeds nothing.
package booktest

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/permid"
)

// World is a book and what it stands on.
type World struct {
	T          testing.TB
	Book       *book.Book
	Clock      *clock.Manual // nil in a world of Running
	Store      *store.Store
	Identities *identity.Book
	Me         permid.ID
	Swarm      *Swarm
	Disk       *memfs.FS // of all content
	Place      string    // where others reach the node

	clock clock.Clock
}

// Begin is what the clock of a world shows first.
func Begin() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

// New returns a world without shares, whose time stands still. It ends with the test.
func New(t testing.TB) *World {
	t.Helper()
	c := clock.NewManual(Begin())
	w := world(t, c)
	w.Clock = c
	return w
}

// Running is New for a bubble of testing/synctest, whose time it has.
func Running(t testing.TB) *World {
	t.Helper()
	return world(t, clock.System{})
}

func world(t testing.TB, c clock.Clock) *World {
	t.Helper()
	w := &World{T: t, clock: c, Disk: memfs.New(), Place: "node.example:6881"}
	w.Swarm = &Swarm{Seeds: map[string]book.Seed{}, Paused: map[string]bool{}, disk: w.Disk}
	var err error
	if w.Store, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "warren.db")); err != nil {
		t.Fatal(err)
	}
	if w.Identities, err = identity.Open(t.Context(), w.Store, c); err != nil {
		t.Fatal(err)
	}
	w.Me = w.Identities.List()[0].ID
	w.open()
	t.Cleanup(func() {
		w.Close()
		if err := w.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *World) open() {
	w.T.Helper()
	var err error
	w.Book, err = book.Open(context.Background(), book.Config{
		Store: w.Store, Clock: w.clock, Identities: w.Identities, Swarm: w.Swarm,
		Place: func() string { return w.Place }, Pin: func() ([32]byte, error) { return [32]byte{9}, nil },
		Cost: guard.Cost{Passes: 1, Memory: 8},
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// Close closes the book.
func (w *World) Close() {
	w.T.Helper()
	if err := w.Book.Close(); err != nil {
		w.T.Error(err)
	}
}

// Restart closes the book and opens it again.
func (w *World) Restart() {
	w.T.Helper()
	w.Close()
	w.open()
}

// Write puts files on the disk, below the folder they are named with.
func (w *World) Write(files map[string]string) {
	w.T.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := vfs.WriteFileAtomic(w.Disk, name, []byte(files[name]), 0o600); err != nil {
			w.T.Fatal(err)
		}
	}
}

// Draft returns what is to be shared of a folder of the disk, confirmed.
func (w *World) Draft(folder, title string) book.New {
	w.T.Helper()
	n := book.New{ID: record.NewID(), Identity: w.Me, Dir: "/disk", Verified: true, Confirmed: true}
	n.Title = title
	var err error
	if n.Metainfo, err = create.Torrent(w.T.Context(), w.Disk, folder, create.Options{Private: true, Source: n.ID.String(), PieceLength: 32 << 10}); err != nil {
		w.T.Fatal(err)
	}
	return n
}

// Share shares something.
func (w *World) Share(n book.New) book.Share {
	w.T.Helper()
	s, err := w.Book.Create(w.T.Context(), n)
	if err != nil {
		w.T.Fatal(err)
	}
	return s
}

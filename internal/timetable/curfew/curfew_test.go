package curfew_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/timetable/curfew"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// open returns a library on an engine that reaches nobody.
func open(t *testing.T) *library.Library {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := swarm.NewSession(t.Context(), swarm.Config{Home: memfs.New(), Listen: "127.0.0.1:0", Policy: netpolicy.NewMem(), NoLSD: true, NoPortmap: true, NoTrackers: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := library.Open(t.Context(), library.Config{
		Store: db, Session: s, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Defaults: library.Defaults{Dir: "/content"},
		Open: func(string) (vfs.FS, error) { return memfs.New(), nil }, Make: func(string) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, end := range []func() error{l.Close, s.Close, l.CloseFolders, db.Close} {
			if err := end(); err != nil {
				t.Error(err)
			}
		}
	})
	return l
}

func add(t *testing.T, l *library.Library, n int, paused bool) *library.Torrent {
	t.Helper()
	link, err := magnet.Parse(fmt.Sprintf("magnet:?xt=urn:btih:%040x", n))
	if err != nil {
		t.Fatal(err)
	}
	one, err := l.Add(t.Context(), library.Add{Magnet: link, Paused: &paused})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// states says of each torrent, in their order, whether the engine runs it, and whether the
// user wants that.
func states(l *library.Library) string {
	var list []string
	for _, t := range l.All() {
		s := "runs"
		if t.Engine().Status().State == swarm.StatePaused {
			s = "stopped"
		}
		if t.View().Paused {
			s += " by the user"
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// Those go on afterwards that the user has not stopped, whenever that was.
func TestCurfew(t *testing.T) {
	l := open(t)
	add(t, l, 1, false)
	add(t, l, 2, true)
	third := add(t, l, 3, false)
	fourth := add(t, l, 4, true)
	check := func(want string) {
		t.Helper()
		got := states(l)
		for deadline := time.Now().Add(time.Minute); got != want && time.Now().Before(deadline); got = states(l) {
			time.Sleep(time.Millisecond) // the engine does it soon
		}
		if got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	var c curfew.Curfew
	c.Set(false, l.All()) // it is off: nothing happens
	check("runs, stopped by the user, runs, stopped by the user")
	c.Set(true, l.All())
	check("stopped, stopped by the user, stopped, stopped by the user")

	// What comes meanwhile waits, what the user says meanwhile counts.
	c.Added(add(t, l, 5, false))
	c.Added(add(t, l, 6, true))
	if err := third.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := fourth.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("stopped, stopped by the user, stopped by the user, runs, stopped, stopped by the user")
	c.Set(true, l.All()) // it is on already: what the user has resumed goes on
	check("stopped, stopped by the user, stopped by the user, runs, stopped, stopped by the user")
	c.Set(false, l.All())
	check("runs, stopped by the user, stopped by the user, runs, runs, stopped by the user")
	c.Added(add(t, l, 7, false))
	check("runs, stopped by the user, stopped by the user, runs, runs, stopped by the user, runs")
}

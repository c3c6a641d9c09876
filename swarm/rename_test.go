package swarm_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// Files and folders get other names while content comes in and goes out, and the
// next session finds them.
func TestRenameFolder(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(90, map[string]int{"set/a/one": 400_000, "set/a/two": 300_000, "set/b": 300_000, "set/empty": 0})
				m := c.create(t, kind, 16<<10)
				w := newWorld(t)
				seed := w.seeder(m, c, swarm.TLSPrefer)
				seed.session.SetLimits(100<<10, 0)
				get := w.start(nil)
				get.add(m, swarm.TLSPrefer, seed)
				time.Sleep(2 * time.Second)
				for _, n := range []*node{seed, get} {
					for _, r := range [][2]string{{"set/a", "set/c/d"}, {"set", "other set"}} {
						if err := n.torrent.RenameFolder(r[0], r[1]); err != nil {
							t.Fatal(err)
						}
					}
				}
				time.Sleep(2 * time.Second)
				if err := get.torrent.Rename(fileOf(t, m, "set/b"), "b at the top"); err != nil {
					t.Fatal(err)
				}
				want := tree{
					"other set/c/d/one": c["set/a/one"], "other set/c/d/two": c["set/a/two"],
					"b at the top": c["set/b"], "other set/empty": nil,
				}
				get.close()
				get.open(nil)
				get.add(m, swarm.TLSPrefer, seed)
				get.wait(time.Minute)
				if r := get.torrent.Status().Received; r > 900_000 {
					t.Errorf("%d bytes were fetched again", r)
				}
				want.check(t, get.disk)
				if _, err := get.disk.Stat("set"); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the folder is still there: %v", err)
				}
				together(seed.close, get.close)
			})
		})
	}
}

// Names that lead out of the folder, or that are those of another file on some
// system, are refused, and nothing is changed.
func TestRenameRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(91, map[string]int{"set/a/one": 1000, "set/a/two": 1000, "set/b/caf\u00e9": 1000, "set/three": 1000})
		m := c.create(t, create.V1, 16<<10)
		w := newWorld(t)
		n := w.seeder(m, c, swarm.TLSPrefer)
		for _, r := range []struct {
			file string
			to   string
			want error
		}{
			{"set/a/one", "../one", fs.ErrInvalid},
			{"set/a/one", "/one", fs.ErrInvalid},
			{"set/a/one", "set/a/..", fs.ErrInvalid},
			{"set/a/one", `set\one`, fs.ErrInvalid},
			{"set/a/one", "set/con", fs.ErrInvalid},
			{"set/a/one", "", fs.ErrInvalid},
			{"set/a/one", "set/a/two", fs.ErrExist},
			{"set/a/one", "SET/A/TWO", fs.ErrExist},
			{"set/a/one", "set/b/cafe\u0301", fs.ErrExist},
			{"set/a/one", "set/b", fs.ErrExist},
			{"set/a/one", "set/three/one", fs.ErrExist},
			{"set/a/one", "set/three.part", fs.ErrExist},
		} {
			if err := n.torrent.Rename(fileOf(t, m, r.file), r.to); !errors.Is(err, r.want) {
				t.Errorf("%s to %q: %v", r.file, r.to, err)
			}
		}
		for _, r := range []struct {
			from, to string
			want     error
		}{
			{"set/a", "../a", fs.ErrInvalid},
			{"set", "", fs.ErrInvalid},
			{"set/a", "set/three", fs.ErrExist},
			{"nowhere", "set/x", fs.ErrNotExist},
			{"set/a/one", "set/x", fs.ErrNotExist},
		} {
			if err := n.torrent.RenameFolder(r.from, r.to); !errors.Is(err, r.want) {
				t.Errorf("folder %s to %q: %v", r.from, r.to, err)
			}
		}
		if err := n.torrent.Rename(99, "x"); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("no such file: %v", err)
		}
		if err := n.torrent.RenameFolder("set/a", "set/a/a"); err != nil { // into itself
			t.Error(err)
		}
		tree{"set/a/a/one": c["set/a/one"], "set/a/a/two": c["set/a/two"], "set/three": c["set/three"]}.check(t, n.disk)
		get := w.start(nil)
		if err := get.addMagnet(linkOf(m)).RenameFolder("set", "x"); !errors.Is(err, swarm.ErrUnknown) {
			t.Errorf("unknown: %v", err)
		}
		together(n.close, get.close)
	})
}

// A folder whose files cannot all be renamed stays as it is.
func TestRenameFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(92, map[string]int{"set/a": 1000, "set/b": 1000, "set/c": 1000})
		m := c.create(t, create.V1, 16<<10)
		n := newWorld(t).seeder(m, c, swarm.TLSPrefer)
		tree{"new/b": []byte("somebody else's")}.write(t, n.disk)
		if err := n.torrent.RenameFolder("set", "new"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("renamed over another file: %v", err)
		}
		c.check(t, n.disk)
		if err := n.torrent.Recheck(); err != nil {
			t.Error(err)
		}
		n.wait(time.Minute)
		n.close()
	})
}

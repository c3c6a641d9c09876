package swarm_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// Torrents of a group share its limit; without one they have that of the session.
func TestGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		seed, get := w.start(nil), w.start(nil)
		group := get.session.NewGroup(0, 100<<10)
		began := time.Now()
		var all []*swarm.Torrent
		for i := range uint64(2) {
			name := string(rune('a' + i))
			c := sample(i, map[string]int{name: 1 << 20})
			m := c.create(t, create.V1, 64<<10)
			c.write(t, seed.disk)
			seed.add(m, swarm.TLSPrefer)
			seed.wait(time.Minute)
			all = append(all, get.add(m, swarm.TLSPrefer, seed))
			all[i].SetGroup(group)
		}
		for _, tor := range all {
			get.torrent = tor
			get.wait(2 * time.Minute)
		}
		// 2 MiB at 100 KiB a second, but for what an idle bucket holds.
		if took := time.Since(began); took < 19*time.Second || took > 25*time.Second {
			t.Errorf("two torrents of a group took %v", took)
		}
		c := sample(7, map[string]int{"c": 1 << 20})
		m := c.create(t, create.V1, 64<<10)
		c.write(t, seed.disk)
		seed.add(m, swarm.TLSPrefer)
		seed.wait(time.Minute)
		began = time.Now()
		get.add(m, swarm.TLSPrefer, seed).SetGroup(group)
		time.Sleep(2 * time.Second)
		get.torrent.SetGroup(nil)
		get.wait(time.Minute)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("one that has left the group took %v", took)
		}
		together(seed.close, get.close)
	})
}

// Files tell where they lie, pieces who has them.
func TestFilesAndPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := many()
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(func(cfg *swarm.Config) { cfg.DownloadLimit = 100 << 10 })
		tor := get.add(m, swarm.TLSPrefer, seed)
		if err := tor.SetPriority(map[int]swarm.Priority{0: swarm.High}); err != nil {
			t.Fatal(err)
		}
		tor.SetFirstLast(true)
		time.Sleep(3 * time.Second)
		files, err := tor.Files()
		if err != nil || len(files) != len(m.Info.Files) || files[0].Priority != swarm.High {
			t.Fatalf("%+v, %v", files, err)
		}
		pieces := tor.Pieces()
		if len(pieces) != m.Info.NumPieces() || pieces[0].Availability != 1 {
			t.Fatalf("%d pieces, %+v", len(pieces), pieces[:1])
		}
		for f := range m.Info.Files {
			first, end := m.Info.FilePieces(f)
			if first == end || m.Info.Files[f].Pad {
				continue
			}
			if pieces[first].Priority != swarm.High || pieces[end-1].Priority != swarm.High {
				t.Errorf("file %d begins with %v and ends with %v", f, pieces[first].Priority, pieces[end-1].Priority)
			}
		}
		get.session.SetLimits(0, 0)
		get.wait(2 * time.Minute)
		if files, err = tor.Files(); err != nil {
			t.Fatal(err)
		}
		for i, f := range files {
			if f.Done != f.Length && !m.Info.Files[i].Pad {
				t.Errorf("%q has %d of %d bytes", f.Path, f.Done, f.Length)
			}
		}
		together(seed.close, get.close)
	})
}

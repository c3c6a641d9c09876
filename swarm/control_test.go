package swarm_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// A file that is not wanted is not fetched, and can be wanted later.
func TestSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := many()
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(nil)
		big := -1
		for i := range m.Info.Files {
			if m.Info.Files[i].Name() == "set/a/big" {
				big = i
			}
		}
		tor, err := get.session.Add(swarm.Options{Metainfo: m, Content: get.disk, Paused: true})
		if err != nil {
			t.Fatal(err)
		}
		get.torrent = tor
		if err := tor.SetPriority(map[int]swarm.Priority{big: swarm.Skip}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		tor.Start()
		tor.AddPeers(seed.addr())
		get.wait(time.Minute)
		if _, err := get.disk.Stat("set/a/big"); err == nil {
			t.Error("the file that was not wanted is there")
		}
		if r := tor.Status().Received; r > m.Info.TotalLength()-700_000 {
			t.Errorf("received %d of %d bytes", r, m.Info.TotalLength())
		}
		if err := tor.SetPriority(map[int]swarm.Priority{big: swarm.Normal}); err != nil {
			t.Fatal(err)
		}
		tor.AddPeers(seed.addr())
		get.wait(2 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// A torrent that is stopped has no connections; started, it goes on. A check
// finds what changed on disk.
func TestStopStartRecheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(9, map[string]int{"file.bin": 1 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.session.SetLimits(256<<10, 0)
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(2 * time.Second)
		get.torrent.Stop()
		synctest.Wait()
		if st := get.torrent.Status(); st.Peers != 0 || st.State != swarm.StatePaused {
			t.Errorf("stopped: %+v", st)
		}
		time.Sleep(10 * time.Minute) // long enough for it not to tick any more
		get.torrent.Start()
		time.Sleep(2 * time.Second)
		if st := get.torrent.Status(); st.DownRate == 0 {
			t.Errorf("started: %+v", st)
		}
		get.wait(5 * time.Minute)
		corrupt(t, get, "file.bin", 1<<30)
		if err := get.torrent.Recheck(); err != nil {
			t.Fatal(err)
		}
		if st := get.torrent.Status(); st.PiecesDone != st.Pieces-1 {
			t.Errorf("%d of %d pieces after one was spoilt", st.PiecesDone, st.Pieces)
		}
		get.wait(5 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// What is not wanted stays so in the next session, and its progress is told.
func TestSkipLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(14, map[string]int{"set/a": 200_000, "set/b": 500_000, "set/c": 200_000})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.session.SetLimits(50<<10, 0)
		get := w.start(nil)
		tor := get.add(m, swarm.TLSPrefer)
		if err := tor.SetPriority(map[int]swarm.Priority{1: swarm.Skip}); err != nil {
			t.Fatal(err)
		}
		get.close()
		get.open(nil)
		tor = get.add(m, swarm.TLSPrefer, seed)
		if st := tor.Status(); st.Wanted != 400_000 || st.Total != 900_000 {
			t.Errorf("%d of %d bytes wanted", st.Wanted, st.Total)
		}
		time.Sleep(5 * time.Second)
		if st := tor.Status(); st.WantedDone == 0 || st.WantedDone >= st.Wanted || st.Done < st.WantedDone {
			t.Errorf("on the way: %+v", st)
		}
		get.wait(5 * time.Minute)
		if st := tor.Status(); st.WantedDone != st.Wanted || st.Done >= st.Total {
			t.Errorf("in the end: %+v", st)
		}
		if _, err := get.disk.Stat("set/b"); err == nil {
			t.Error("the file that was not wanted is there")
		}
		tree{"set/a": c["set/a"], "set/c": c["set/c"]}.check(t, get.disk)
		if err := tor.SetPriority(map[int]swarm.Priority{1: swarm.High}); err != nil {
			t.Fatal(err)
		}
		tor.AddPeers(seed.addr())
		get.wait(5 * time.Minute) // not at once: more has become wanted
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

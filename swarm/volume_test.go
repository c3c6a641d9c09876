package swarm_test

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// A full volume pauses the download with the reason; it goes on by itself.
func TestVolumeFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(6, map[string]int{"file.bin": 2 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(nil)
		get.disk.SetCapacity(1 << 20)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(20 * time.Second)
		st := get.torrent.Status()
		if st.State != swarm.StateWaiting || !errors.Is(st.Reason, vfs.ErrNoSpace) {
			t.Fatalf("state %v, reason %v", st.State, st.Reason)
		}
		get.disk.SetCapacity(0)
		get.wait(time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// A volume that fails in the middle pauses as well, and nothing verified is
// lost.
func TestVolumeFails(t *testing.T) {
	for name, errno := range map[string]error{"no space": syscall.ENOSPC, "read-only": syscall.EROFS} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(7, map[string]int{"file.bin": 2 << 20})
				m := c.create(t, create.V1, 64<<10)
				w := newWorld(t)
				seed := w.seeder(m, c, swarm.TLSPrefer)
				seed.session.SetLimits(256<<10, 0)
				get := w.start(nil)
				get.add(m, swarm.TLSPrefer, seed)
				time.Sleep(3 * time.Second)
				get.disk.SetFault(func(op, name string, _ int64, _ int) error {
					if op == "write" || op == "allocate" || op == "open" && name != "file.bin" {
						return fmt.Errorf("%s %s: %w", op, name, vfs.Classify(errno))
					}
					return nil
				})
				time.Sleep(10 * time.Second)
				st := get.torrent.Status()
				if st.State != swarm.StateWaiting || st.Reason == nil {
					t.Fatalf("state %v, reason %v", st.State, st.Reason)
				}
				if st.PiecesDone == 0 {
					t.Error("verified pieces are lost")
				}
				get.disk.SetFault(nil)
				get.wait(time.Minute)
				c.check(t, get.disk)
				if r := get.torrent.Status().Received; r > m.Info.TotalLength()+2*m.Info.PieceLength {
					t.Errorf("received %d of %d bytes", r, m.Info.TotalLength())
				}
				together(seed.close, get.close)
			})
		})
	}
}

// Content that can no longer be read stops the torrent with the reason; what
// peers got before stays right.
func TestUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(10, map[string]int{"file.bin": 2 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.disk.SetFault(func(op, name string, _ int64, _ int) error {
			if op == "read" {
				return fmt.Errorf("%s %s: %w", op, name, syscall.EIO)
			}
			return nil
		})
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(10 * time.Second)
		if st := seed.torrent.Status(); st.State != swarm.StateFailed || !errors.Is(st.Reason, syscall.EIO) {
			t.Errorf("state %v, reason %v", st.State, st.Reason)
		}
		seed.disk.SetFault(nil)
		seed.torrent.Start()
		get.torrent.AddPeers(seed.addr())
		get.wait(5 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// When a sync fails, what may be lost is fetched again, and nobody is promised
// it meanwhile.
func TestSyncFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(11, map[string]int{"file.bin": 2 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(nil)
		get.disk.SetFault(func(op, name string, _ int64, _ int) error {
			if op == "sync" {
				return fmt.Errorf("%s %s: %w", op, name, syscall.EIO)
			}
			return nil
		})
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(3 * time.Second)
		st := get.torrent.Status()
		if st.State != swarm.StateWaiting || !errors.Is(st.Reason, syscall.EIO) || st.PiecesDone != 0 {
			t.Errorf("state %v, reason %v, %d pieces", st.State, st.Reason, st.PiecesDone)
		}
		get.disk.SetFault(nil)
		get.wait(5 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// The reserve stays free: a download that would use it up waits.
func TestReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(12, map[string]int{"file.bin": 8 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(func(cfg *swarm.Config) { cfg.Reserve = 4 << 20 })
		get.disk.SetCapacity(11 << 20)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(time.Minute)
		if st := get.torrent.Status(); st.State != swarm.StateWaiting || !errors.Is(st.Reason, vfs.ErrNoSpace) {
			t.Errorf("state %v, reason %v", st.State, st.Reason)
		}
		get.disk.SetCapacity(13 << 20)
		get.wait(5 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// Of several volumes each has its own room: a torrent on one that is full waits, those on
// another go on, and the reserve is kept free on both.
func TestVolumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		get := w.start(func(cfg *swarm.Config) { cfg.Reserve = 4 << 20 })
		small, large := get.disk, memfs.New()
		small.SetCapacity(7 << 20)
		large.SetCapacity(13 << 20)
		var seeds []*node
		var contents []tree
		add := func(disk *memfs.FS) *swarm.Torrent {
			t.Helper()
			c := sample(uint64(50+len(seeds)), map[string]int{fmt.Sprintf("%d.bin", len(seeds)): 4 << 20})
			m := c.create(t, create.V1, 64<<10)
			seeds, contents = append(seeds, w.seeder(m, c, swarm.TLSPrefer)), append(contents, c)
			get.disk = disk
			return get.add(m, swarm.TLSPrefer, seeds[len(seeds)-1])
		}
		waits := func(what string, one *swarm.Torrent) {
			t.Helper()
			st := one.Status()
			if st.State != swarm.StateWaiting || !errors.Is(st.Reason, vfs.ErrNoSpace) {
				t.Errorf("%s: state %v, reason %v", what, st.State, st.Reason)
			}
		}
		onSmall, first, second, third := add(small), add(large), add(large), add(large)
		time.Sleep(time.Minute)
		waits("on the small one", onSmall)
		waits("on the large one, of which two take all", third)
		for i, one := range []*swarm.Torrent{first, second} {
			if st := one.Status(); st.State != swarm.StateSeeding {
				t.Errorf("on the large one: %v, %v", st.State, st.Reason)
			}
			contents[1+i].check(t, large)
		}
		small.SetCapacity(9 << 20)
		get.torrent = onSmall
		get.wait(5 * time.Minute)
		contents[0].check(t, small)
		waits("room elsewhere does not help", third)
		for _, n := range append(seeds, get) {
			n.close()
		}
	})
}

// A folder that is deleted in the middle of a download: the torrent tells, and a
// check brings everything back.
func TestFolderGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(15, map[string]int{"set/a": 900_000, "set/b": 300_000})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		seed.session.SetLimits(200<<10, 0)
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		time.Sleep(3 * time.Second)
		list, err := get.disk.ReadDir("set")
		if err != nil || len(list) == 0 {
			t.Fatalf("%v, %v", list, err)
		}
		for _, e := range list {
			if err := get.disk.Remove("set/" + e.Name()); err != nil {
				t.Fatal(err)
			}
		}
		if err := get.disk.Remove("set"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if st := get.torrent.Status(); st.State != swarm.StateFailed && st.State != swarm.StateWaiting || st.Reason == nil {
			t.Errorf("state %v, reason %v", st.State, st.Reason)
		}
		if err := get.torrent.Recheck(); err != nil {
			t.Fatal(err)
		}
		get.torrent.AddPeers(seed.addr())
		get.wait(5 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

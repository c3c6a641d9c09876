package swarm_test

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
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

package swarm_test

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

var kinds = map[string]metainfo.Kind{"v1": metainfo.V1, "v2": metainfo.V2, "hybrid": metainfo.Hybrid}

// Every kind of torrent arrives whole, under every policy, and the bubble ends
// only if no goroutine is left after Close.
func TestTransfer(t *testing.T) {
	contents := map[string]tree{
		"single": sample(2, map[string]int{"file.bin": 1_500_001}),
		"many":   many(),
	}
	policies := map[string]swarm.TLSPolicy{"require": swarm.TLSRequire, "prefer": swarm.TLSPrefer, "off": swarm.TLSOff}
	for kindName, kind := range kinds {
		for contentName, c := range contents {
			for policyName, policy := range policies {
				t.Run(kindName+"/"+contentName+"/"+policyName, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						m := c.create(t, kind, 64<<10)
						w := newWorld(t)
						seed := w.seeder(m, c, policy)
						get := w.start(nil)
						get.add(m, policy, seed)
						get.wait(time.Minute)
						c.check(t, get.disk)
						st := get.torrent.Status()
						if st.Done != m.Info.TotalLength() || st.Received != m.Info.TotalLength() {
							t.Errorf("done %d, received %d, want %d", st.Done, st.Received, m.Info.TotalLength())
						}
						if secret := st.SecretBytes > 0; secret != (policy != swarm.TLSOff) {
							t.Errorf("%d bytes over TLS under policy %s", st.SecretBytes, policyName)
						}
						together(seed.close, get.close)
					})
				})
			}
		}
	}
}

// A seed and four that fetch, who also serve each other.
func TestSwarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(3, map[string]int{"file.bin": 4 << 20})
		m := c.create(t, metainfo.Hybrid, 64<<10)
		w := newWorld(t)
		nodes := []*node{w.seeder(m, c, swarm.TLSPrefer)}
		nodes[0].session.SetLimits(1<<20, 0) // or it would have served all at once
		for range 4 {
			n := w.start(nil)
			n.add(m, swarm.TLSPrefer, nodes...)
			nodes = append(nodes, n)
		}
		for _, n := range nodes[1:] {
			n.wait(time.Minute)
			c.check(t, n.disk)
		}
		var sent int64
		for _, n := range nodes[1:] {
			sent += n.torrent.Status().Sent
		}
		if sent == 0 {
			t.Error("those who fetch gave each other nothing")
		}
		for _, n := range nodes {
			n.close()
		}
	})
}

// What was verified before a stop is not fetched again.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(4, map[string]int{"file.bin": 8 << 20})
		m := c.create(t, metainfo.Hybrid, 128<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSRequire)
		seed.session.SetLimits(1<<20, 0)
		get := w.start(nil)
		get.add(m, swarm.TLSRequire, seed)
		time.Sleep(3 * time.Second)
		before := get.torrent.Status()
		get.close()
		if before.PiecesDone == 0 || before.PiecesDone == before.Pieces {
			t.Fatalf("%d of %d pieces after three seconds at an eighth a second", before.PiecesDone, before.Pieces)
		}
		get.open(nil)
		get.add(m, swarm.TLSRequire, seed)
		get.wait(time.Minute)
		c.check(t, get.disk)
		missing := m.Info.TotalLength() - int64(before.PiecesDone)*m.Info.PieceLength
		if got := get.torrent.Status().Received; got > missing {
			t.Errorf("received %d bytes, %d were missing", got, missing)
		}
		together(seed.close, get.close)
	})
}

// corrupt changes bytes of a file behind the back of its node.
func corrupt(t *testing.T, n *node, name string, every int) {
	t.Helper()
	b, err := vfs.ReadFile(n.disk, name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(b); i += every {
		b[i] ^= 0xff
	}
	tree{name: b}.write(t, n.disk)
}

// A peer that sends wrong blocks is found and out; the data is right.
func TestLiar(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(5, map[string]int{"file.bin": 6 << 20})
				m := c.create(t, kind, 256<<10)
				w := newWorld(t)
				honest := w.seeder(m, c, swarm.TLSPrefer)
				liar := w.seeder(m, c, swarm.TLSPrefer)
				corrupt(t, liar, "file.bin", 300<<10)
				honest.session.SetLimits(2<<20, 0)
				liar.session.SetLimits(2<<20, 0)
				get := w.start(nil)
				get.add(m, swarm.TLSPrefer, liar, honest)
				time.Sleep(30 * time.Second)
				st := get.torrent.Status()
				if st.Banned != 1 || st.Corrupt == 0 {
					t.Errorf("after 30 s: %d banned, %d bytes found wrong", st.Banned, st.Corrupt)
				}
				for _, p := range get.torrent.Peers() {
					if p.Addr.Addr() == liar.ip {
						t.Error("the liar is still connected")
					}
				}
				get.wait(time.Minute)
				c.check(t, get.disk)
				for _, n := range []*node{honest, liar, get} {
					n.close()
				}
			})
		})
	}
}

// A full volume pauses the download with the reason; it goes on by itself.
func TestVolumeFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(6, map[string]int{"file.bin": 2 << 20})
		m := c.create(t, metainfo.Hybrid, 64<<10)
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
				m := c.create(t, metainfo.V1, 64<<10)
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

// A file that is not wanted is not fetched, and can be wanted later.
func TestSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := many()
		m := c.create(t, metainfo.V1, 64<<10)
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
		time.Sleep(5 * time.Second)
		tor.AddPeers(seed.addr())
		get.wait(2 * time.Minute)
		c.check(t, get.disk)
		together(seed.close, get.close)
	})
}

// What the policy forbids does not connect, in either direction.
func TestPolicies(t *testing.T) {
	c := sample(8, map[string]int{"file.bin": 300_000})
	for _, test := range []struct {
		name      string
		seed, get swarm.TLSPolicy
		ok        bool
	}{
		{"require from off", swarm.TLSOff, swarm.TLSRequire, false},
		{"off from require", swarm.TLSRequire, swarm.TLSOff, false},
		{"prefer from off", swarm.TLSOff, swarm.TLSPrefer, true},
		{"off from prefer", swarm.TLSPrefer, swarm.TLSOff, true},
		{"prefer from require", swarm.TLSRequire, swarm.TLSPrefer, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := c.create(t, metainfo.Hybrid, 64<<10)
				w := newWorld(t)
				seed := w.seeder(m, c, test.seed)
				get := w.start(nil)
				get.add(m, test.get, seed)
				ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
				defer cancel()
				if err := get.torrent.Wait(ctx); (err == nil) != test.ok {
					t.Errorf("complete: %v", err)
				}
				together(seed.close, get.close)
			})
		})
	}
}

// A torrent that is stopped has no connections; started, it goes on. A check
// finds what changed on disk.
func TestStopStartRecheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(9, map[string]int{"file.bin": 1 << 20})
		m := c.create(t, metainfo.Hybrid, 64<<10)
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
		get.torrent.Start()
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

// Content that can no longer be read stops the torrent with the reason; what
// peers got before stays right.
func TestUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(10, map[string]int{"file.bin": 2 << 20})
		m := c.create(t, metainfo.V1, 64<<10)
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
		m := c.create(t, metainfo.Hybrid, 64<<10)
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
		m := c.create(t, metainfo.V1, 64<<10)
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

// Content that a torrent was made from is not read again; content that is not
// there is not believed.
func TestVerified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := many()
		m := c.create(t, metainfo.Hybrid, 64<<10)
		w := newWorld(t)
		seed, empty := w.start(nil), w.start(nil)
		c.write(t, seed.disk)
		var read int64
		seed.disk.SetFault(func(op, _ string, _ int64, n int) error {
			if op == "read" {
				read += int64(n)
			}
			return nil
		})
		for _, n := range []*node{seed, empty} {
			tor, err := n.session.Add(swarm.Options{Metainfo: m, Content: n.disk, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			n.torrent = tor
		}
		seed.wait(time.Minute)
		if read > int64(len(c)) {
			t.Errorf("%d bytes were read", read)
		}
		if st := empty.torrent.Status(); st.PiecesDone != 0 {
			t.Errorf("%d pieces of content that is not there", st.PiecesDone)
		}
		empty.torrent.AddPeers(seed.addr())
		empty.wait(time.Minute)
		c.check(t, empty.disk)
		together(seed.close, empty.close)
	})
}

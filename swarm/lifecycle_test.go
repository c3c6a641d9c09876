package swarm_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// slowReads makes each read of content take time, so that a check lasts.
func slowReads(n *node) {
	n.disk.SetFault(func(op, _ string, _ int64, _ int) error {
		if op == "read" {
			time.Sleep(100 * time.Millisecond)
		}
		return nil
	})
}

// holding starts a node with content that has to be checked, which takes long.
func holding(w *world, m *metainfo.Torrent, c tree, opts swarm.Options) *node {
	n := w.start(func(cfg *swarm.Config) { cfg.Workers = 1 })
	c.write(w.t, n.disk)
	slowReads(n)
	opts.Metainfo, opts.Content = m, n.disk
	tor, err := n.session.Add(opts)
	if err != nil {
		w.t.Fatal(err)
	}
	n.torrent = tor
	return n
}

func (n *node) expect(want swarm.State) {
	n.w.t.Helper()
	synctest.Wait()
	if st := n.torrent.Status(); st.State != want {
		n.w.t.Errorf("state %v (%v), want %v", st.State, st.Reason, want)
	}
}

// What the user says during a check is what happens.
func TestDuringCheck(t *testing.T) {
	c := sample(30, map[string]int{"file.bin": 3 << 20})
	m := c.create(t, create.V1, 16<<10)
	for name, test := range map[string]struct {
		opts swarm.Options
		do   func(t *testing.T, n *node)
	}{
		"stop": {swarm.Options{}, func(_ *testing.T, n *node) {
			n.torrent.Stop()
			n.expect(swarm.StatePaused)
			time.Sleep(time.Minute)
			n.expect(swarm.StatePaused)
			n.torrent.Start()
			time.Sleep(time.Minute)
			n.expect(swarm.StateSeeding)
		}},
		"stop and start": {swarm.Options{}, func(_ *testing.T, n *node) {
			n.torrent.Stop()
			n.torrent.Start()
			time.Sleep(time.Minute)
			n.expect(swarm.StateSeeding)
		}},
		"start": {swarm.Options{}, func(_ *testing.T, n *node) {
			n.torrent.Start()
			n.expect(swarm.StateChecking)
			time.Sleep(time.Minute)
			n.expect(swarm.StateSeeding)
		}},
		"start what was added paused": {swarm.Options{Paused: true}, func(_ *testing.T, n *node) {
			n.torrent.Start()
			time.Sleep(time.Minute)
			n.expect(swarm.StateSeeding)
		}},
		"paused with a check": {swarm.Options{Paused: true, Check: true}, func(t *testing.T, n *node) {
			time.Sleep(time.Minute)
			n.expect(swarm.StatePaused)
			if st := n.torrent.Status(); st.PiecesDone != st.Pieces {
				t.Errorf("%d pieces of %d", st.PiecesDone, st.Pieces)
			}
		}},
		"recheck": {swarm.Options{}, func(t *testing.T, n *node) {
			if err := n.torrent.Recheck(); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
			n.expect(swarm.StateSeeding)
		}},
		"recheck and stop": {swarm.Options{}, func(t *testing.T, n *node) {
			done := make(chan error)
			go func() { done <- n.torrent.Recheck() }()
			time.Sleep(3 * time.Second)
			n.torrent.Stop()
			if err := <-done; !errors.Is(err, swarm.ErrStopped) {
				t.Errorf("recheck: %v", err)
			}
			n.expect(swarm.StatePaused)
			n.torrent.Start()
			time.Sleep(time.Minute)
			n.expect(swarm.StateSeeding)
		}},
		"two rechecks and a move": {swarm.Options{}, func(t *testing.T, n *node) {
			to := newDisk()
			together(
				func() { _ = n.torrent.Recheck() },
				func() { _ = n.torrent.Recheck() },
				func() {
					if err := n.torrent.Move(t.Context(), to); err != nil {
						t.Error(err)
					}
				})
			time.Sleep(time.Minute)
			n.expect(swarm.StateSeeding)
			c.check(t, to)
		}},
		"close": {swarm.Options{}, func(t *testing.T, n *node) {
			began := time.Now()
			_ = n.session.Close()
			if d := time.Since(began); d > 4*time.Second {
				t.Errorf("close took %v", d)
			}
		}},
		"remove": {swarm.Options{}, func(t *testing.T, n *node) {
			waited := make(chan error)
			go func() { waited <- n.torrent.Wait(context.Background()) }()
			if err := n.torrent.Remove(false); err != nil {
				t.Error(err)
			}
			if err := <-waited; !errors.Is(err, swarm.ErrRemoved) {
				t.Errorf("wait: %v", err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := holding(newWorld(t), m, c, test.opts)
				time.Sleep(1500 * time.Millisecond)
				n.expect(swarm.StateChecking)
				test.do(t, n)
				if err := n.session.Close(); err != nil && !errors.Is(err, swarm.ErrClosed) {
					t.Error(err)
				}
			})
		})
	}
}

// A torrent is there once. Removing the old one does not touch a new one, and
// whatever goes on, Close ends it.
func TestAddRemove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(31, map[string]int{"file.bin": 1 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		if _, err := seed.session.Add(swarm.Options{Metainfo: m, Content: seed.disk}); !errors.Is(err, swarm.ErrDuplicate) {
			t.Errorf("added twice: %v", err)
		}
		old := seed.torrent
		if err := old.Remove(false); err != nil {
			t.Fatal(err)
		}
		seed.add(m, swarm.TLSPrefer)
		if err := old.Remove(true); !errors.Is(err, swarm.ErrRemoved) {
			t.Errorf("removed twice: %v", err)
		}
		old.Start()
		old.Stop()
		if err := old.Recheck(); err == nil {
			t.Error("a torrent that was removed is checked")
		}
		if err := old.Move(t.Context(), newDisk()); err == nil {
			t.Error("a torrent that was removed is moved")
		}
		seed.wait(time.Minute)
		if l := seed.session.Torrents(); len(l) != 1 || l[0] != seed.torrent {
			t.Errorf("torrents %v", l)
		}
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		get.wait(time.Minute)
		c.check(t, get.disk)
		var wg sync.WaitGroup
		wg.Go(func() { _ = get.torrent.Remove(true) })
		wg.Go(func() {
			for range 5 {
				if tor, err := get.session.Add(swarm.Options{Metainfo: m, Content: newDisk()}); err == nil {
					_ = tor.Remove(true)
				}
			}
		})
		get.close()
		wg.Wait()
		if _, err := get.session.Add(swarm.Options{Metainfo: m, Content: newDisk()}); !errors.Is(err, swarm.ErrClosed) {
			t.Errorf("added to a closed session: %v", err)
		}
		seed.close()
	})
}

// Everything at once, from several sides; at the end what was asked for last is
// what is.
func TestAtOnce(t *testing.T) {
	c := sample(32, map[string]int{"set/a": 900_000, "set/b": 300_000, "set/c": 10})
	m := c.create(t, create.Hybrid, 64<<10)
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			from := w.seeder(m, c, swarm.TLSPrefer)
			from.session.SetLimits(400<<10, 0)
			get := w.start(nil)
			tor := get.add(m, swarm.TLSPrefer, from)
			disks := []*node{{disk: newDisk()}, {disk: newDisk()}, {disk: get.disk}}
			var at sync.Mutex // where the content is
			last := get.disk
			var wg sync.WaitGroup
			for k := range uint64(4) {
				r := rand.New(rand.NewPCG(seed, k))
				wg.Go(func() {
					for range 12 {
						switch r.IntN(7) {
						case 0:
							tor.Stop()
						case 1, 2:
							tor.Start()
						case 3:
							_ = tor.Recheck()
						case 4:
							if at.TryLock() {
								to := disks[r.IntN(len(disks))].disk
								if tor.Move(t.Context(), to) == nil {
									last = to
								}
								at.Unlock()
							}
						case 5:
							_ = tor.SetPriority(map[int]swarm.Priority{r.IntN(3): swarm.Priority(r.IntN(4))})
						case 6:
							_ = tor.SetTLS(swarm.TLSPolicy(r.IntN(3)))
						}
						time.Sleep(time.Duration(r.IntN(900)) * time.Millisecond)
					}
				})
			}
			wg.Wait()
			if err := tor.SetPriority(map[int]swarm.Priority{0: swarm.Normal, 1: swarm.Normal, 2: swarm.High}); err != nil {
				t.Fatal(err)
			}
			_ = tor.SetTLS(swarm.TLSPrefer)
			tor.Start()
			tor.AddPeers(from.addr())
			get.wait(3 * time.Hour)
			c.check(t, last)
			tor.Stop()
			time.Sleep(time.Minute)
			get.expect(swarm.StatePaused)
			if dialing, open := get.session.InUse(); dialing != 0 || open != 0 {
				t.Errorf("%d dials and %d connections are counted", dialing, open)
			}
			together(from.close, get.close)
		})
	}
}

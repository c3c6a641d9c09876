package swarm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// sleeper is a node whose torrent can sleep.
type sleeper struct {
	*node
	meta    *metainfo.Torrent
	reloads atomic.Int32
	reads   atomic.Int32 // of content
	lost    atomic.Bool  // the metainfo
}

var errGone = errors.New("gone")

// restart ends the session and starts another one, with the torrent.
func (s *sleeper) restart(opts swarm.Options) {
	s.w.t.Helper()
	s.close()
	s.open(nil)
	opts.Metainfo, opts.Content = s.meta, s.disk
	opts.Reload = func() (*metainfo.Torrent, error) {
		s.reloads.Add(1)
		if s.lost.Load() {
			return nil, errGone
		}
		return metainfo.Parse(s.meta.Bytes())
	}
	var err error
	if s.torrent, err = s.session.Add(opts); err != nil {
		s.w.t.Fatal(err)
	}
}

// newSleeper returns a node that had the content before it was restarted.
func newSleeper(w *world, c tree, opts swarm.Options) *sleeper {
	s := &sleeper{meta: c.create(w.t, create.Hybrid, 16<<10)}
	s.node = w.seeder(s.meta, c, swarm.TLSPrefer)
	s.disk.SetFault(func(op, _ string, _ int64, _ int) error {
		if op == "read" {
			s.reads.Add(1)
		}
		return nil
	})
	s.restart(opts)
	return s
}

func (s *sleeper) expectAsleep(reloads int32) {
	s.w.t.Helper()
	if st := s.torrent.Status(); st.State != swarm.StateSeeding || st.Done != st.Total || st.WantedDone != st.Total || st.PiecesDone != st.Pieces {
		s.w.t.Errorf("status %+v", st)
	}
	if n := s.reloads.Load(); n != reloads {
		s.w.t.Errorf("the metainfo was read %d times, want %d", n, reloads)
	}
}

// A complete torrent sleeps until a peer comes, and again when it has gone.
func TestSleep(t *testing.T) {
	for name, tls := range map[string]swarm.TLSPolicy{"plain": swarm.TLSOff, "TLS": swarm.TLSRequire} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := many()
				w := newWorld(t)
				seed := newSleeper(w, c, swarm.Options{})
				time.Sleep(time.Minute)
				seed.expectAsleep(0)
				if n := seed.reads.Load(); n > 0 {
					t.Errorf("%d reads of content before anybody needs it", n)
				}
				for round := range int32(2) {
					get := w.start(nil)
					get.add(seed.meta, tls, seed.node)
					get.wait(time.Minute)
					c.check(t, get.disk)
					if st := seed.torrent.Status(); st.Sent != int64(round+1)*st.Total {
						t.Errorf("%d bytes sent of %d", st.Sent, st.Total)
					}
					get.close()
					time.Sleep(2 * time.Minute)
					seed.expectAsleep(round + 1)
					if st := seed.torrent.Status(); st.Sent != int64(round+1)*st.Total || st.Peers != 0 {
						t.Errorf("asleep: %+v", st)
					}
				}
				seed.close()
			})
		})
	}
}

// Nothing changes by itself with a torrent that sleeps, or that was stopped.
func TestMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := many()
		w := newWorld(t)
		seed := newSleeper(w, c, swarm.Options{})
		time.Sleep(time.Minute)
		get := w.start(nil)
		get.add(seed.meta, swarm.TLSOff)
		time.Sleep(time.Second)
		if seed.torrent.Moves() || !get.torrent.Moves() {
			t.Errorf("the one that sleeps: %v, the one that looks for peers: %v", seed.torrent.Moves(), get.torrent.Moves())
		}
		get.torrent.Stop()
		time.Sleep(time.Second)
		if !get.torrent.Awake() || get.torrent.Moves() {
			t.Errorf("stopped: %+v", get.torrent.Status())
		}
		get.torrent.Start()
		time.Sleep(time.Second)
		if !get.torrent.Moves() {
			t.Errorf("started: %+v", get.torrent.Status())
		}
		get.close()
		seed.close()
	})
}

// Content that changed while the torrent slept is not served, but found out.
func TestSleepChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(3, map[string]int{"file.bin": 200_000})
		w := newWorld(t)
		seed := newSleeper(w, c, swarm.Options{})
		wrong := sample(4, map[string]int{"file.bin": 200_000})
		wrong.write(t, seed.disk)
		seed.expectAsleep(0)
		changed := seed.torrent.Changed()
		get := w.start(nil)
		get.add(seed.meta, swarm.TLSOff, seed.node)
		<-changed
		time.Sleep(time.Minute)
		if st := get.torrent.Status(); st.Done != 0 || st.Corrupt != 0 {
			t.Errorf("what is wrong was served: %+v", st)
		}
		if st := seed.torrent.Status(); st.State != swarm.StateDownloading || st.Done != 0 {
			t.Errorf("the change was not noticed: %+v", st)
		}
		get.close()
		seed.restart(swarm.Options{})
		time.Sleep(time.Second)
		if st := seed.torrent.Status(); st.Done != 0 {
			t.Errorf("it sleeps and is not complete: %+v", st)
		}
		seed.close()
	})
}

// A torrent whose metainfo is lost says so, and comes back with it.
func TestSleepLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		seed := newSleeper(w, sample(5, map[string]int{"file.bin": 100_000}), swarm.Options{})
		seed.lost.Store(true)
		if err := seed.torrent.Wait(t.Context()); !errors.Is(err, errGone) {
			t.Errorf("wait: %v", err)
		}
		st := seed.torrent.Status()
		if st.State != swarm.StateFailed || !errors.Is(st.Reason, errGone) || !strings.Contains(st.Reason.Error(), "file.bin") {
			t.Errorf("status %+v", st)
		}
		if seed.torrent.Metainfo() != nil {
			t.Error("metainfo that is lost")
		}
		seed.lost.Store(false)
		asleep := seed.torrent
		seed.restart(swarm.Options{})
		if err := asleep.Wait(t.Context()); !errors.Is(err, swarm.ErrClosed) {
			t.Errorf("wait for a torrent of another session: %v", err)
		}
		seed.wait(time.Minute)
		if h := seed.torrent.Metainfo().Hashes(); h != seed.meta.Hashes() {
			t.Errorf("metainfo of %v", h)
		}
		seed.close()
	})
}

// What the user says of a torrent that sleeps holds when it wakes.
func TestSleepTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := sample(6, map[string]int{"file.bin": 100_000})
		seed := newSleeper(w, c, swarm.Options{Paused: true})
		if st := seed.torrent.Status(); st.State != swarm.StatePaused || st.Done != st.Total || seed.reloads.Load() != 0 {
			t.Errorf("status %+v", st)
		}
		done := make(chan error)
		go func() { done <- seed.torrent.Wait(context.Background()) }()
		time.Sleep(time.Hour)
		seed.torrent.Start()
		if err := <-done; err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if err := seed.torrent.SetTLS(swarm.TLSRequire); err != nil {
			t.Error(err)
		}
		seed.torrent.SetLimits(10_000, 0)
		seed.expectAsleep(1)
		plain := w.start(nil)
		plain.add(seed.meta, swarm.TLSOff, seed.node)
		began := time.Now()
		get := w.start(nil)
		get.add(seed.meta, swarm.TLSRequire, seed.node)
		get.wait(time.Minute)
		if d := time.Since(began); d < 7*time.Second {
			t.Errorf("it took %v in spite of the limit", d)
		}
		if st := plain.torrent.Status(); st.Done > 0 {
			t.Errorf("a peer without TLS got %d bytes", st.Done)
		}
		plain.close()
		get.close()
		if err := seed.torrent.Remove(true); err != nil {
			t.Error(err)
		}
		if _, err := seed.disk.Stat("file.bin"); err == nil {
			t.Error("the content is still there")
		}
		seed.close()
	})
}

// Who knows of many torrents does not wake many at a time, and keeps nobody out
// for long.
func TestWakeAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const torrents = 400
		w := newWorld(t)
		few := func(cfg *swarm.Config) { cfg.SessionPeers, cfg.NoLSD = 4, true }
		n := w.start(few)
		var all []*metainfo.Torrent
		for i := range torrents {
			c := sample(uint64(i), map[string]int{fmt.Sprintf("file%d", i): 20_000 + i})
			c.write(t, n.disk)
			all = append(all, c.create(t, create.V1, 16<<10))
		}
		add := func(opts swarm.Options) {
			for _, m := range all {
				opts.Metainfo, opts.Content = m, n.disk
				opts.Reload = func() (*metainfo.Torrent, error) { return metainfo.Parse(m.Bytes()) }
				if _, err := n.session.Add(opts); err != nil {
					t.Fatal(err)
				}
			}
		}
		add(swarm.Options{Verified: true})
		n.close()
		n.open(few)
		add(swarm.Options{})
		most := 0
		for _, m := range all {
			conn, err := w.net.Host(host(9)).Dial(t.Context(), n.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = conn.Write(shake(m, 9)) // it may not be let in
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.Close()
			most = max(most, n.session.Woken())
		}
		if most < 10 || most > 260 {
			t.Errorf("%d torrents were awake at a time", most)
		}
		time.Sleep(time.Minute)
		if left := n.session.Woken(); left > 0 {
			t.Errorf("%d torrents do not fall asleep", left)
		}
		w.call(host(10), n, all[torrents-1], 10)
		n.close()
	})
}

// Trackers hear of it when a torrent that sleeps is stopped, and when it goes on.
func TestSleepStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		g, url := w.registry("10.99.0.1")
		seed := newSleeper(w, sample(7, map[string]int{"file.bin": 100_000}), swarm.Options{Trackers: []string{url}})
		time.Sleep(time.Hour)
		seed.expectAsleep(0)
		g.said()
		seed.torrent.Stop()
		time.Sleep(2 * time.Hour)
		for _, said := range g.said() {
			if said != "stopped 0" {
				t.Errorf("stopped, it says %q", said)
			}
		}
		if n := g.len(); n > 0 {
			t.Errorf("the tracker knows %d peers", n)
		}
		seed.torrent.Start()
		time.Sleep(time.Hour)
		if n := g.len(); n == 0 {
			t.Error("the tracker does not know that it goes on")
		}
		seed.close()
	})
}

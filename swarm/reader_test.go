package swarm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// fileOf returns the index of a file by its name.
func fileOf(t *testing.T, m *metainfo.Torrent, name string) int {
	t.Helper()
	for i := range m.Info.Files {
		if m.Info.Files[i].Name() == name {
			return i
		}
	}
	t.Fatalf("no file %s", name)
	return 0
}

// reader opens a file that is there.
func (n *node) reader(ctx context.Context, m *metainfo.Torrent, name string) *swarm.Reader {
	n.w.t.Helper()
	r, err := n.torrent.NewReader(ctx, fileOf(n.w.t, m, name))
	if err != nil {
		n.w.t.Fatal(err)
	}
	return r
}

// expectAt reads what a reader has at an offset and compares it.
func expectAt(t *testing.T, r *swarm.Reader, want []byte, at, n int) {
	t.Helper()
	if _, err := r.Seek(int64(at), io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, n)
	if _, err := io.ReadFull(r, got); err != nil {
		t.Fatalf("read %s at %d: %v", r.Name(), at, err)
	}
	if !bytes.Equal(got, want[at:at+n]) {
		t.Errorf("%s at %d is not what was shared", r.Name(), at)
	}
}

// What is read near the end of a file is there long before the whole, and then
// what is read at its beginning; all of it arrives in the end.
func TestReader(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(40, map[string]int{"set/film": 6 << 20, "set/text": 300_000})
				m := c.create(t, kind, 128<<10)
				w := newWorld(t)
				seed := w.seeder(m, c, swarm.TLSPrefer)
				get := w.start(func(c *swarm.Config) { c.DownloadLimit = 100 << 10 })
				get.add(m, swarm.TLSPrefer, seed)
				time.Sleep(5 * time.Second)
				begun := time.Now()
				r, text := get.reader(t.Context(), m, "set/film"), get.reader(t.Context(), m, "set/text")
				film := c["set/film"]
				expectAt(t, r, film, len(film)-200_000, 200_000)
				expectAt(t, text, c["set/text"], 150_000, 100)
				expectAt(t, r, film, 1<<20, 300_000)
				if took := time.Since(begun); took > 20*time.Second {
					t.Errorf("took %v of the minute that the whole takes", took)
				}
				if st := get.torrent.Status(); st.Done > m.Info.TotalLength()/2 {
					t.Errorf("%d of %d bytes were there first", st.Done, m.Info.TotalLength())
				}
				if n, err := r.Seek(0, io.SeekEnd); n != r.Size() || err != nil {
					t.Errorf("the end is at %d: %v", n, err)
				}
				if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
					t.Errorf("%d bytes behind the end: %v", n, err)
				}
				if err := errors.Join(r.Close(), text.Close()); err != nil {
					t.Error(err)
				}
				get.wait(3 * time.Minute)
				c.check(t, get.disk)
				together(seed.close, get.close)
			})
		})
	}
}

// Readers at several places at once all get on, through the whole file.
func TestReadersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(41, map[string]int{"film": 3 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(func(c *swarm.Config) { c.DownloadLimit = 200 << 10 })
		get.add(m, swarm.TLSPrefer, seed)
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				r := get.reader(t.Context(), m, "film")
				defer func() { _ = r.Close() }()
				r.SetAhead(swarm.Ahead{Bytes: 128 << 10, Time: time.Second})
				at := i * len(c["film"]) / 4
				if _, err := r.Seek(int64(at), io.SeekStart); err != nil {
					t.Error(err)
				}
				if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, c["film"][at:]) {
					t.Errorf("from %d on: %d bytes, %v", at, len(got), err)
				}
			})
		}
		wg.Wait()
		together(seed.close, get.close)
	})
}

// A file that is skipped is fetched as far as it is read, and stays skipped.
func TestReadSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(42, map[string]int{"set/a": 200_000, "set/film": 2 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(nil)
		tor, err := get.session.Add(swarm.Options{Metainfo: m, Content: get.disk, Paused: true})
		if err != nil {
			t.Fatal(err)
		}
		get.torrent = tor
		film := fileOf(t, m, "set/film")
		if err := tor.SetPriority(map[int]swarm.Priority{film: swarm.Skip}); err != nil {
			t.Fatal(err)
		}
		tor.Start()
		tor.AddPeers(seed.addr())
		get.wait(time.Minute)
		r := get.reader(t.Context(), m, "set/film")
		r.SetAhead(swarm.Ahead{Bytes: 1})
		expectAt(t, r, c["set/film"], 1<<20, 50_000)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		get.wait(time.Minute)
		st := tor.Status()
		if st.Wanted != 200_000 || st.Done > 600_000 || st.Done < 300_000 {
			t.Errorf("%d of %d bytes are there, %d wanted", st.Done, st.Total, st.Wanted)
		}
		if _, err := get.disk.Stat("set/film"); err == nil {
			t.Error("the file that is skipped is in the folder")
		}
		together(seed.close, get.close)
	})
}

// A read that waits ends with what it waits in vain for; one that may go on does.
func TestReadEnds(t *testing.T) {
	mine := errors.New("the player has gone")
	for name, tt := range map[string]struct {
		do   func(get *node, r *swarm.Reader, cancel context.CancelCauseFunc) error
		want error
	}{
		"removed": {func(get *node, _ *swarm.Reader, _ context.CancelCauseFunc) error { return get.torrent.Remove(true) }, swarm.ErrRemoved},
		"session": {func(get *node, _ *swarm.Reader, _ context.CancelCauseFunc) error { return get.session.Close() }, swarm.ErrClosed},
		"context": {func(_ *node, _ *swarm.Reader, cancel context.CancelCauseFunc) error { cancel(mine); return nil }, mine},
		"closed":  {func(_ *node, r *swarm.Reader, _ context.CancelCauseFunc) error { return r.Close() }, swarm.ErrReaderClosed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(43, map[string]int{"film": 1 << 20})
				m := c.create(t, create.V1, 64<<10)
				get := newWorld(t).start(nil)
				get.add(m, swarm.TLSPrefer)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				r := get.reader(ctx, m, "film")
				done := make(chan error, 1)
				go func() {
					_, err := r.Read(make([]byte, 1))
					done <- err
				}()
				synctest.Wait()
				if err := tt.do(get, r, cancel); err != nil {
					t.Fatal(err)
				}
				if err := <-done; !errors.Is(err, tt.want) {
					t.Errorf("read: %v", err)
				}
				if _, err := r.Read(make([]byte, 1)); !errors.Is(err, tt.want) {
					t.Errorf("read again: %v", err)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
				if name != "session" {
					get.close()
				}
			})
		})
	}
}

// A torrent that is stopped, moved, renamed and checked is read on.
func TestReadGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(44, map[string]int{"set/film": 2 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(func(c *swarm.Config) { c.DownloadLimit = 100 << 10 })
		tor := get.add(m, swarm.TLSPrefer, seed)
		r := get.reader(t.Context(), m, "set/film")
		got := make(chan []byte, 1)
		go func() {
			b, err := io.ReadAll(r)
			if err != nil {
				t.Error(err)
			}
			got <- b
		}()
		again := func() {
			tor.AddPeers(seed.addr())
			time.Sleep(3 * time.Second)
		}
		again()
		tor.Stop()
		time.Sleep(time.Minute)
		tor.Start()
		again()
		if err := tor.Rename(0, "set/film 2"); err != nil {
			t.Error(err)
		}
		again()
		to := newDisk()
		if err := tor.Move(t.Context(), to); err != nil {
			t.Error(err)
		}
		again()
		if err := tor.Recheck(); err != nil {
			t.Error(err)
		}
		again()
		if b := <-got; !bytes.Equal(b, c["set/film"]) {
			t.Errorf("read %d bytes", len(b))
		}
		get.wait(time.Minute)
		tree{"set/film 2": c["set/film"]}.check(t, to)
		together(seed.close, get.close)
	})
}

// A torrent that sleeps is woken by who reads, and falls asleep again though the
// reader is open.
func TestReadAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(45, map[string]int{"film": 1 << 20})
		s := newSleeper(newWorld(t), c, swarm.Options{})
		s.restart(swarm.Options{})
		s.expectAsleep(0)
		r, err := s.torrent.NewReader(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		expectAt(t, r, c["film"], 1000, 100_000)
		time.Sleep(2 * time.Minute)
		s.expectAsleep(1)
		expectAt(t, r, c["film"], 900_000, 100_000)
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		s.close()
	})
}

// The files of a magnet link cannot be read before they are known, nor what is no
// file.
func TestReadUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(46, map[string]int{"film": 1 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.seeder(m, c, swarm.TLSPrefer)
		get := w.start(nil)
		tor := get.addMagnet(linkOf(m))
		if _, err := tor.NewReader(t.Context(), 0); !errors.Is(err, swarm.ErrUnknown) {
			t.Errorf("unknown: %v", err)
		}
		tor.AddPeers(seed.addr())
		get.wait(time.Minute)
		for _, file := range []int{-1, 1} {
			if _, err := tor.NewReader(t.Context(), file); !errors.Is(err, swarm.ErrNoFile) {
				t.Errorf("file %d: %v", file, err)
			}
		}
		r := get.reader(t.Context(), m, "film")
		expectAt(t, r, c["film"], 70_000, 200_000)
		together(seed.close, get.close)
	})
}

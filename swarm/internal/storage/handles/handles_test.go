package handles_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/handles"
)

// owner hands out files that know whether they are open.
type owner struct {
	t        testing.TB
	slot     handles.Slot
	opened   atomic.Int32
	open     *atomic.Int32 // of all owners
	openErr  error
	closeErr error
	failed   error
}

type fakeFile struct {
	vfs.File
	o      *owner
	write  bool
	closed atomic.Bool
}

func (o *owner) OpenFile(write bool) (vfs.File, error) {
	if o.openErr != nil {
		return nil, o.openErr
	}
	o.opened.Add(1)
	o.open.Add(1)
	return &fakeFile{o: o, write: write}, nil
}

func (o *owner) CloseFailed(err error) { o.failed = err }

func (f *fakeFile) Close() error {
	if f.closed.Swap(true) {
		f.o.t.Error("closed twice")
	}
	f.o.open.Add(-1)
	return f.o.closeErr
}

func owners(t testing.TB, n int) ([]*owner, *atomic.Int32) {
	open := new(atomic.Int32)
	out := make([]*owner, n)
	for i := range out {
		out[i] = &owner{t: t, open: open}
		out[i].slot.Owner = out[i]
	}
	return out, open
}

func acquire(t testing.TB, c *handles.Cache, o *owner, write bool) *handles.Handle {
	t.Helper()
	h, err := c.Acquire(&o.slot, write)
	if err != nil {
		t.Fatal(err)
	}
	f := h.File.(*fakeFile)
	if f.closed.Load() || f.o != o || write && !f.write {
		t.Fatalf("wrong file: %+v", f)
	}
	return h
}

func TestLeastRecentlyUsedIsClosed(t *testing.T) {
	c := handles.New(2)
	o, open := owners(t, 3)
	for _, i := range []int{0, 1, 0, 2, 0, 1} {
		c.Release(acquire(t, c, o[i], false))
	}
	for i, want := range []int32{1, 2, 1} {
		if got := o[i].opened.Load(); got != want {
			t.Errorf("file %d was opened %d times, want %d", i, got, want)
		}
	}
	if open.Load() != 2 || c.Open() != 2 {
		t.Errorf("%d files are open, the cache holds %d", open.Load(), c.Open())
	}
	c.Close()
	if open.Load() != 0 {
		t.Errorf("%d files stay open", open.Load())
	}
}

func TestFileInUseStaysOpen(t *testing.T) {
	c := handles.New(1)
	o, open := owners(t, 3)
	a, b := acquire(t, c, o[0], false), acquire(t, c, o[1], false)
	c.Drop(&o[0].slot)
	c.Close()
	if open.Load() != 2 {
		t.Fatalf("%d files are open while 2 are in use", open.Load())
	}
	again := acquire(t, c, o[0], false)
	if o[0].opened.Load() != 2 {
		t.Error("a dropped file was not opened anew")
	}
	c.Release(a)
	c.Release(b)
	c.Release(again)
	if open.Load() != 1 {
		t.Errorf("%d files are open, want 1", open.Load())
	}
}

func TestWriteReplacesReadOnly(t *testing.T) {
	c := handles.New(4)
	o, open := owners(t, 1)
	read := acquire(t, c, o[0], false)
	write := acquire(t, c, o[0], true)
	c.Release(acquire(t, c, o[0], false))
	if o[0].opened.Load() != 2 || open.Load() != 2 {
		t.Errorf("opened %d times, %d open", o[0].opened.Load(), open.Load())
	}
	c.Release(read)
	if open.Load() != 1 {
		t.Error("the read-only file stays open")
	}
	c.Release(write)
}

func TestErrors(t *testing.T) {
	c := handles.New(1)
	o, _ := owners(t, 1)
	o[0].openErr = errors.New("open")
	if _, err := c.Acquire(&o[0].slot, false); !errors.Is(err, o[0].openErr) {
		t.Errorf("open: %v", err)
	}
	o[0].openErr, o[0].closeErr = nil, errors.New("close")
	c.Release(acquire(t, c, o[0], false))
	c.Drop(&o[0].slot)
	if !errors.Is(o[0].failed, o[0].closeErr) {
		t.Errorf("close: %v", o[0].failed)
	}
}

func TestConcurrent(t *testing.T) {
	c := handles.New(3)
	o, open := owners(t, 8)
	var wg sync.WaitGroup
	for g := range 8 {
		rng := rand.New(rand.NewPCG(uint64(g), 0))
		wg.Go(func() {
			for range 2000 {
				f := o[rng.IntN(len(o))]
				h, err := c.Acquire(&f.slot, rng.IntN(4) == 0)
				if err != nil {
					t.Error(err)
					return
				}
				if h.File.(*fakeFile).closed.Load() {
					t.Error("a file in use was closed")
				}
				c.Release(h)
				if rng.IntN(10) == 0 {
					c.Drop(&f.slot)
				}
			}
		})
	}
	wg.Wait()
	if n := open.Load(); n > 3 || int(n) != c.Open() {
		t.Errorf("%d files are open, the cache holds %d", n, c.Open())
	}
	c.Close()
	if open.Load() != 0 {
		t.Errorf("%d files stay open", open.Load())
	}
}

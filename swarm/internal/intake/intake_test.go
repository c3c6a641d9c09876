package intake

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const pieceLen = peerwire.BlockLen

var errFull = errors.New("volume is full")

// world is the Store and the Owner of one torrent with pieces of one block.
type world struct {
	t       *testing.T
	line    *Line
	torrent *metainfo.Torrent
	content []byte

	mu       sync.Mutex
	full     map[int]bool // pieces that cannot be stored
	mute     map[int]bool // pieces that cannot be confirmed
	disk     map[int]string
	arriving func(piece int)
	verdicts []verdict
}

type verdict struct {
	piece int
	what  string
}

func newWorld(t *testing.T, w *Workers, pieces int, seed byte) *world {
	t.Helper()
	v := &world{t: t, full: map[int]bool{}, mute: map[int]bool{}, disk: map[int]string{}, arriving: func(int) {}}
	v.content = make([]byte, pieces*pieceLen-5)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(v.content)
	disk := memfs.New()
	file, err := disk.OpenFile("content", os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		_, err = file.WriteAt(v.content, 0)
	}
	if err == nil {
		err = file.Close()
	}
	if err == nil {
		v.torrent, err = create.Torrent(context.Background(), disk, "content", create.Options{Kind: create.V1, PieceLength: pieceLen})
	}
	if err != nil {
		t.Fatal(err)
	}
	v.line = NewLine(w, v.torrent, v, v)
	return v
}

// piece returns a complete piece; a wrong one has one bit too many or too few.
func (v *world) piece(i int, wrong bool) *piece.Piece {
	buf := slices.Clone(v.content[i*pieceLen : min((i+1)*pieceLen, len(v.content))])
	if wrong {
		buf[len(buf)-1] ^= 1
	}
	return piece.New(i, buf)
}

// take has pieces taken in. Each is stored, or failed, when Take returns.
func (v *world) take(pieces ...*piece.Piece) {
	v.line.Announce(len(pieces))
	for _, pc := range pieces {
		v.line.Take(pc, false)
		v.mu.Lock()
		if v.disk[pc.Index] == "" && !v.full[pc.Index] {
			v.t.Errorf("piece %d is not on disk", pc.Index)
		}
		v.mu.Unlock()
	}
	v.line.Drain()
}

func (v *world) Arrive(i int, _ []byte) error {
	v.arriving(i)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.full[i] {
		return errFull
	}
	v.disk[i] = "in doubt"
	return nil
}

func (v *world) Confirm(i int) error { return v.settle(i, "there") }

func (v *world) Reject(i int) error { return v.settle(i, "missing") }

func (v *world) settle(i int, as string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.mute[i] {
		return errFull
	}
	v.disk[i] = as
	return nil
}

func (v *world) Right(pc *piece.Piece)             { v.tell(pc, "right") }
func (v *world) Wrong(pc *piece.Piece)             { v.tell(pc, "wrong") }
func (v *world) Failed(pc *piece.Piece, err error) { v.tell(pc, err.Error()) }

func (v *world) tell(pc *piece.Piece, what string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.verdicts = append(v.verdicts, verdict{pc.Index, what})
}

func (v *world) verdict(t *testing.T, i int, want, disk string) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	at := slices.IndexFunc(v.verdicts, func(d verdict) bool { return d.piece == i })
	if at < 0 || v.verdicts[at].what != want || v.disk[i] != disk {
		t.Errorf("piece %d: %v, %q on disk; want %q, %q", i, v.verdicts, v.disk[i], want, disk)
		return
	}
	v.verdicts = slices.Delete(v.verdicts, at, at+1)
}

func TestVerdicts(t *testing.T) {
	workers := NewWorkers(2, 1<<20, time.Millisecond)
	defer workers.Close()
	v := newWorld(t, workers, 8, 1)
	v.full[3], v.mute[4], v.mute[5] = true, true, true
	v.take(v.piece(0, false), v.piece(1, true), v.piece(3, false), v.piece(4, false), v.piece(5, true), v.piece(7, false))
	v.verdict(t, 0, "right", "there")
	v.verdict(t, 1, "wrong", "missing")
	v.verdict(t, 3, errFull.Error(), "")
	v.verdict(t, 4, errFull.Error(), "in doubt")
	v.verdict(t, 5, "wrong", "in doubt")
	v.verdict(t, 7, "right", "there")
	if len(v.verdicts) > 0 {
		t.Errorf("too many: %v", v.verdicts)
	}
}

// TestAgain: what could not be stored can be taken again.
func TestAgain(t *testing.T) {
	workers := NewWorkers(1, 1<<20, 0)
	defer workers.Close()
	v := newWorld(t, workers, 4, 1)
	v.full[2] = true
	pc := v.piece(2, false)
	v.take(pc)
	v.verdict(t, 2, errFull.Error(), "")
	v.full[2] = false
	v.take(pc)
	v.verdict(t, 2, "right", "there")
}

// TestStores checks that as many pieces are stored at a time as there are
// workers, and no more.
func TestStores(t *testing.T) {
	const n, all = 2, 8
	workers := NewWorkers(n, 1<<20, 0)
	defer workers.Close()
	v := newWorld(t, workers, all, 1)
	var now atomic.Int32
	meet := make(chan struct{})
	v.arriving = func(int) {
		if now.Add(1) > n {
			t.Error("too many at a time")
		}
		select { // each meets another one: two are stored at a time
		case meet <- struct{}{}:
		case <-meet:
		}
		now.Add(-1)
	}
	v.line.Announce(all)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { v.line.Take(v.piece(i, false), false) })
	}
	wg.Wait()
	v.line.Drain()
	for i := range all {
		v.verdict(t, i, "right", "there")
	}
}

// TestClose: what the workers did not come to is dropped, and nobody waits.
func TestClose(t *testing.T) {
	workers := NewWorkers(1, 1<<20, time.Hour)
	v := newWorld(t, workers, 4, 1)
	v.line.Announce(2)
	v.line.Take(v.piece(0, false), false) // gathers, or is in the queue
	workers.stores <- struct{}{}          // nobody else may store
	var wg sync.WaitGroup
	wg.Go(func() { v.line.Take(v.piece(1, false), false) })
	workers.Close()
	wg.Wait()
	v.line.Drain()
	if v.disk[0] == "" || v.disk[1] != "" {
		t.Errorf("on disk: %v", v.disk)
	}
}

func TestGather(t *testing.T) {
	for _, c := range []struct {
		name       string
		jobs, last int // pieces in the queue; which of them is the last of its torrent
		most       int
		want       int
	}{
		{"as many as there are lanes", lanes.Width, -1, 1 << 30, lanes.Width},
		{"as much memory as allowed", lanes.Width, -1, 5*pieceLen + 1, 5},
		{"one at least", 3, -1, 1, 1},
		{"the last does not wait", 4, 2, 1 << 30, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			workers := NewWorkers(0, c.most, time.Hour)
			defer workers.Close()
			v := newWorld(t, workers, lanes.Width+1, 1)
			v.line.Announce(c.jobs)
			for i := range c.jobs {
				workers.submit(job{line: v.line, pc: v.piece(i, false), last: i == c.last})
			}
			row := workers.gather(make([]job, 0, lanes.Width))
			v.line.Announce(-len(row))
			if len(row) != c.want {
				t.Errorf("%d pieces, want %d", len(row), c.want)
			}
		})
	}
}

// TestTorrentsMixed checks that pieces of several torrents in one row are each
// held against their own.
func TestTorrentsMixed(t *testing.T) {
	workers := NewWorkers(0, 1<<20, 0)
	defer workers.Close()
	a, b := newWorld(t, workers, 8, 1), newWorld(t, workers, 8, 2)
	var row []job
	for i := range 8 {
		for _, v := range []*world{a, b} {
			v.line.Announce(1)
			row = append(row, job{line: v.line, pc: v.piece(i, i == 5)})
		}
	}
	handOn(row)
	for _, v := range []*world{a, b} {
		v.line.Drain()
		for i := range 8 {
			if i == 5 {
				v.verdict(t, i, "wrong", "missing")
			} else {
				v.verdict(t, i, "right", "there")
			}
		}
	}
}

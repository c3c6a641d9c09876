package recheck

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	pieceLength = 16 << 10
	pieces      = 40
)

// faults are what is the matter with a disk.
type faults struct {
	reads  map[int]error // what reading a piece gives
	wrong  map[int]bool  // pieces with a wrong byte
	closed error
}

// disk is a Source: pieces of zeros.
type disk struct {
	faults

	mu       sync.Mutex
	held     map[int]bool
	found    []int
	missing  []int
	longest  int // most pieces held at once by one worker
	unopened bool
}

func (d *disk) Hold(row []int) (func(), error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed != nil {
		return nil, d.closed
	}
	d.longest = max(d.longest, len(row))
	for _, p := range row {
		d.held[p] = true
	}
	held := slices.Clone(row)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, p := range held {
			delete(d.held, p)
		}
	}, nil
}

func (d *disk) Read(p int, buf []byte) error {
	clear(buf)
	if d.wrong[p] {
		buf[len(buf)-1] = 1
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unopened = d.unopened || !d.held[p]
	return d.reads[p]
}

func (d *disk) Found(p int) error   { return d.record(&d.found, p) }
func (d *disk) Missing(p int) error { return d.record(&d.missing, p) }

func (d *disk) record(list *[]int, p int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unopened = d.unopened || !d.held[p]
	*list = append(*list, p)
	return nil
}

func newTorrent(t *testing.T, kind create.Kind) *metainfo.Torrent {
	t.Helper()
	fsys := memfs.New()
	f, err := fsys.OpenFile("zeros", os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		err = f.Truncate(pieces*pieceLength - 7)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(context.Background(), fsys, "zeros", create.Options{Kind: kind, PieceLength: pieceLength})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// all are the pieces but some.
func all(but ...int) (list []int) {
	for p := range pieces {
		if !slices.Contains(but, p) {
			list = append(list, p)
		}
	}
	return list
}

func TestFindings(t *testing.T) {
	device := &content.Error{Op: "read", File: "zeros", Err: syscall.EIO}
	foreign := errors.New("no such thing as a piece")
	for _, c := range []struct {
		name           string
		disk           faults
		pieces         []int
		found, missing []int
		err            error
	}{
		{name: "all right", found: all()},
		{name: "some of them", pieces: []int{3, 39, 17}, found: []int{3, 17, 39}},
		{name: "none of them", pieces: []int{}},
		{name: "wrong", disk: faults{wrong: map[int]bool{5: true, 39: true}}, found: all(5, 39), missing: []int{5, 39}},
		{
			name:  "absent and cut short",
			disk:  faults{reads: map[int]error{1: fs.ErrNotExist, 2: io.ErrUnexpectedEOF}},
			found: all(1, 2), missing: []int{1, 2},
		},
		{
			name: "unreadable", disk: faults{reads: map[int]error{0: device, 20: device}},
			found: all(0, 20), missing: []int{0, 20}, err: content.ErrDevice,
		},
		{name: "not to be tolerated", disk: faults{reads: map[int]error{0: foreign}}, pieces: []int{0}, err: foreign},
		{name: "closed", disk: faults{closed: foreign}, err: foreign},
	} {
		for _, kind := range []create.Kind{create.V1, create.V2, create.Hybrid} {
			for _, workers := range []int{0, 3} {
				d := disk{faults: c.disk, held: map[int]bool{}}
				last := 0
				err := Run(context.Background(), Config{
					Torrent: newTorrent(t, kind), Source: &d, Pieces: c.pieces, Workers: workers, Clock: clock.System{},
					Progress: func(done int) { last = done },
				})
				slices.Sort(d.found)
				slices.Sort(d.missing)
				if !errors.Is(err, c.err) || !slices.Equal(d.found, c.found) || !slices.Equal(d.missing, c.missing) {
					t.Errorf("%s, %v, %d workers: found %v, missing %v, %v", c.name, kind, workers, d.found, d.missing, err)
				}
				if want := len(c.found) + len(c.missing); last != want {
					t.Errorf("%s: progress ends at %d of %d", c.name, last, want)
				}
				if len(d.held) > 0 || d.unopened {
					t.Errorf("%s: held in the end: %v; touched without: %t", c.name, d.held, d.unopened)
				}
				if d.longest > lanes.Width {
					t.Errorf("%s: %d pieces at a time", c.name, d.longest)
				}
			}
		}
	}
}

// TestCancel: what was not reached stays as it was.
func TestCancel(t *testing.T) {
	d := disk{held: map[int]bool{}}
	ctx, cancel := context.WithCancel(context.Background())
	err := Run(ctx, Config{
		Torrent: newTorrent(t, create.V1), Source: &d, Workers: 1, Clock: clock.System{},
		Progress: func(int) { cancel() },
	})
	if !errors.Is(err, context.Canceled) || len(d.found) != lanes.Width || len(d.missing) > 0 {
		t.Errorf("%d found, %d missing, %v", len(d.found), len(d.missing), err)
	}
}

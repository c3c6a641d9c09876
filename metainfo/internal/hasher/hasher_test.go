package hasher

import (
	"context"
	"crypto/sha1"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
	"go.uber.org/goleak"
)

const piece = 32 << 10

// files are a, 80000 bytes, padding up to a piece, and b, 50000 bytes.
var files = []File{
	{Name: "a", Length: 80000},
	{Length: 18304, Offset: 80000, Pad: true},
	{Name: "b", Length: 50000, Offset: 98304},
}

// record collects the pieces of a run.
type record struct {
	mu     sync.Mutex
	pieces map[int]Piece
	failed map[int]error
}

func newPlan(t *testing.T) (*Plan, *record, []byte) {
	t.Helper()
	dir := t.TempDir()
	space := make([]byte, 98304+50000)
	for _, f := range files {
		if f.Pad {
			continue
		}
		data := space[f.Offset : f.Offset+f.Length]
		for i := range data {
			data[i] = byte(i * i >> 3)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fsys.Close() })
	r := &record{pieces: map[int]Piece{}, failed: map[int]error{}}
	return &Plan{
		FS: fsys, Files: files, PieceLength: piece, NumPieces: 5, V1: true, V2: true, Workers: 2,
		Piece: func(p Piece) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if _, ok := r.pieces[p.Index]; ok {
				t.Errorf("piece %d is hashed twice", p.Index)
			}
			r.pieces[p.Index] = p
		},
		Failed: func(i int, err error) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.failed[i] = err
			return nil
		},
	}, r, space
}

func TestRun(t *testing.T) {
	defer goleak.VerifyNone(t)
	p, r, space := newPlan(t)
	var done int64
	p.Progress = func(n int64) { done = n }
	if err := Run(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	if done != 130000 || len(r.pieces) != 5 || len(r.failed) != 0 {
		t.Errorf("%d bytes, %d pieces, failed %v", done, len(r.pieces), r.failed)
	}
	for i := range p.NumPieces {
		data := space[i*piece : min((i+1)*piece, len(space))]
		content := data
		if i == 2 {
			content = data[:80000-2*piece]
		}
		root := merkle.RootAt(merkle.AppendLeaves(nil, content), 0, 1)
		if got := r.pieces[i]; !got.OK || got.V1 != sha1.Sum(data) || got.V2 != root {
			t.Errorf("piece %d: %+v", i, got)
		}
	}
}

func TestRunGoesOnAfterFailures(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *Plan)
		want   error
		bad    int // pieces of file 0
	}{
		"missing": {func(p *Plan) { p.Files[0].Name = "absent" }, fs.ErrNotExist, 3},
		"short":   {func(p *Plan) { p.Files[0].Name = "b" }, ErrShort, 2},
		"refused": {func(p *Plan) {
			p.Read = func(i int, _ vfs.File) error {
				if i == 0 {
					return fs.ErrInvalid
				}
				return nil
			}
		}, fs.ErrInvalid, 0},
	} {
		p, r, _ := newPlan(t)
		p.Files = append([]File(nil), files...)
		c.change(p)
		if err := Run(context.Background(), p); err != nil {
			t.Fatal(err)
		}
		bad := 0
		for _, piece := range r.pieces {
			if !piece.OK {
				bad++
			}
		}
		if len(r.pieces) != 5 || bad != c.bad || len(r.failed) != 1 || !errors.Is(r.failed[0], c.want) {
			t.Errorf("%s: %d of %d pieces bad, failed %v", name, bad, len(r.pieces), r.failed)
		}
	}
}

func TestRunStops(t *testing.T) {
	defer goleak.VerifyNone(t)
	stop := errors.New("stop")
	p, _, _ := newPlan(t)
	p.Files = append([]File{{Name: "absent", Length: 80000}}, files[1:]...)
	p.Failed = func(int, error) error { return stop }
	if err := Run(context.Background(), p); !errors.Is(err, stop) {
		t.Errorf("%v, want %v", err, stop)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p, _, _ = newPlan(t)
	if err := Run(ctx, p); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want cancelled", err)
	}
}

package storage_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func eachKind(t *testing.T, test func(t *testing.T, w *world)) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) { test(t, newWorld(t, kind)) })
	}
}

func TestWriteAllPieces(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		s := w.open(t)
		if got := names(t, w.content); len(got) != 0 {
			t.Fatalf("Open created %v", got)
		}
		for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(len(w.pieces)) {
			if s.Complete() {
				t.Fatal("complete before the last piece")
			}
			if err := s.WritePiece(i, w.pieces[i]); err != nil {
				t.Fatal(err)
			}
			w.honest(t, s, "written")
		}
		if !s.Complete() || s.Have().Count() != len(w.pieces) {
			t.Fatalf("not complete with %d of %d pieces", s.Have().Count(), len(w.pieces))
		}
		w.complete(t, w.content)
		for _, name := range names(t, w.content) {
			if strings.Contains(name, ".part") {
				t.Errorf("left over: %s", name)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = w.open(t)
		defer s.Close()
		if s.Have().Count() != len(w.pieces) || s.NeedsCheck() != nil || !s.Complete() {
			t.Fatalf("after a clean stop: %d pieces, to check: %v", s.Have().Count(), s.NeedsCheck())
		}
		w.honest(t, s, "reopened")
	})
}

func TestExecutable(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	defer s.Close()
	w.writeAll(t, s)
	for name, want := range map[string]bool{"top/t1": true, "top/t3": false} {
		info, err := w.content.Stat(name)
		if err != nil || info.Mode()&0o100 != 0 != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestSuffix: a file carries the suffix exactly until its last piece is there.
func TestSuffix(t *testing.T) {
	w := newWorld(t, "v2")
	s := w.open(t)
	defer s.Close()
	file := w.file(t, "top/a")
	first, end := w.torrent.Info.FilePieces(file)
	for i := first; i < end; i++ {
		if err := s.WritePiece(i, w.pieces[i]); err != nil {
			t.Fatal(err)
		}
		want := []string{"top/a.part"}
		if i == end-1 {
			want = []string{"top/a"}
		}
		if got := names(t, w.content); !slices.Equal(got, want) {
			t.Fatalf("after piece %d: %v", i, got)
		}
	}
	if got := s.FileProgress(file); got != w.torrent.Info.Files[file].Length {
		t.Errorf("progress %d", got)
	}
}

func TestReadVec(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		s := w.open(t)
		defer s.Close()
		w.writeAll(t, s)
		rng := rand.New(rand.NewPCG(2, 2))
		for range 2000 {
			i := rng.IntN(len(w.pieces))
			begin := rng.IntN(len(w.padded[i]))
			size := rng.IntN(len(w.padded[i])-begin) + 1
			got := make([]byte, size)
			var bufs [][]byte
			for rest := got; len(rest) > 0; {
				n := rng.IntN(min(len(rest), 6000) + 1)
				bufs = append(bufs, rest[:n])
				rest = rest[n:]
			}
			for i := range got {
				got[i] = 0xee
			}
			if err := s.ReadVec(i, begin, bufs); err != nil {
				t.Fatal(err)
			}
			if string(got) != string(w.padded[i][begin:begin+size]) {
				t.Fatalf("piece %d, %d bytes at %d differ", i, size, begin)
			}
		}
	})
}

func TestRange(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	n := len(w.pieces)
	buf := func(n int) [][]byte { return [][]byte{make([]byte, n)} }
	for _, err := range []error{
		s.WritePiece(-1, nil), s.WritePiece(n, nil), s.WritePiece(0, w.pieces[0][1:]),
		s.ReadVec(-1, 0, buf(1)), s.ReadVec(n, 0, buf(1)), s.ReadVec(0, -1, buf(1)),
		s.ReadVec(0, 1, buf(pieceLength)), s.SetWanted(99, true), s.Check(context.Background(), []int{n}, 1, nil),
	} {
		if !errors.Is(err, storage.ErrRange) {
			t.Errorf("%v is not ErrRange", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		s.WritePiece(0, w.pieces[0]), s.ReadVec(0, 0, buf(1)), s.Sync(), s.Prepare(), s.SetWanted(0, false),
		s.Rename(0, "x"), s.Move(context.Background(), w.state, false), s.Check(context.Background(), nil, 1, nil),
	} {
		if !errors.Is(err, storage.ErrClosed) {
			t.Errorf("%v is not ErrClosed", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		s := w.open(t)
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := g; i < len(w.pieces); i += 4 {
					if err := s.WritePiece(i, w.pieces[i]); err != nil {
						t.Error(err)
					}
					_ = s.FileProgress(0)
				}
			})
		}
		wg.Go(func() {
			for range 20 {
				w.honest(t, s, "meanwhile")
			}
		})
		wg.Go(func() {
			for range 5 {
				if err := s.Sync(); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			if err := s.Check(context.Background(), nil, 2, func(int) {}); err != nil {
				t.Error(err)
			}
		})
		file := w.file(t, "top/a")
		wg.Go(func() {
			for i := range 10 {
				if err := errors.Join(s.SetWanted(file, i%2 == 1), s.Rename(file, []string{"top/q", "top/a"}[i%2])); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Wait()
		if s.Have().Count() != len(w.pieces) || !s.Complete() {
			t.Fatalf("%d of %d pieces", s.Have().Count(), len(w.pieces))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		w.complete(t, w.content)
	})
}

func TestNoAllocations(t *testing.T) {
	w := newWorld(t, "v2")
	dir, err := vfs.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	cfg := w.config()
	cfg.Content, cfg.State = dir, dir
	s, err := storage.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	first, _ := w.torrent.Info.FilePieces(w.file(t, "top/z"))
	piece := first
	if n := testing.AllocsPerRun(3, func() {
		if e := s.WritePiece(piece, w.pieces[piece]); e != nil {
			err = e
		}
		piece++
	}); n != 0 || err != nil {
		t.Errorf("WritePiece allocates %v times, %v", n, err)
	}
	bufs := [][]byte{make([]byte, 4096), make([]byte, 8192)}
	if n := testing.AllocsPerRun(100, func() {
		if e := s.ReadVec(first, 100, bufs); e != nil {
			err = e
		}
	}); n != 0 || err != nil {
		t.Errorf("ReadVec allocates %v times, %v", n, err)
	}
}

package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/verify"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// step is one act of a history: a piece to write, or one of the rest.
type step int

const (
	stepSync step = -1 - iota
	stepReopen
	stepUnwant
	stepWant
	stepRename
	stepRenameFolder
	stepCheck
	stepPrepare
	lastStep
)

func history(rng *rand.Rand, pieces, length int) []step {
	steps := make([]step, length)
	for i := range steps {
		steps[i] = step(rng.IntN(pieces))
		if rng.IntN(4) == 0 {
			steps[i] = stepSync - step(rng.IntN(int(stepSync-lastStep)))
		}
	}
	return steps
}

// run is one history with what the store promised in its course.
type run struct {
	w       *world
	store   *storage.Store
	written map[int]bool // WritePiece returned without error
	synced  map[int]bool // … and then Sync did
	file    int          // the one that is renamed and unwanted
	ops     int
	atOp    func(op int, name string) error
}

func newRun(t testing.TB, w *world) *run {
	r := &run{w: w, written: map[int]bool{}, synced: map[int]bool{}, file: w.file(t, "top/a")}
	hook := func(op, name string, _ int64, _ int) error {
		r.ops++
		if r.atOp == nil {
			return nil
		}
		return r.atOp(r.ops, op+" "+name)
	}
	w.content.SetFault(hook)
	w.state.SetFault(hook)
	return r
}

// play does the steps until one fails, or all of them if stubborn.
func (r *run) play(steps []step, stubborn bool) (err error) {
	if r.store, err = storage.Open(r.w.config()); err != nil {
		return err
	}
	for _, st := range steps {
		if err := r.do(st); err != nil && !stubborn {
			return err
		}
		if r.store == nil {
			return errors.New("could not reopen")
		}
	}
	return nil
}

func (r *run) do(st step) error {
	if st >= 0 {
		i := int(st)
		had := r.store.Have().Has(i)
		err := r.store.WritePiece(i, r.w.pieces[i])
		if err == nil {
			r.written[i] = true
		} else if !had && r.store.Have().Has(i) {
			panic(fmt.Sprintf("piece %d is marked although writing it failed: %v", i, err))
		}
		return err
	}
	switch st {
	case stepSync:
		return r.promise(r.store.Sync())
	case stepReopen:
		err := r.promise(r.store.Close())
		store, openErr := storage.Open(r.w.config())
		r.store = store
		return errors.Join(err, openErr)
	case stepUnwant, stepWant:
		return r.store.SetWanted(r.file, st == stepWant)
	case stepRename:
		to := "top/renamed"
		if r.ops%2 == 0 {
			to = "top/a"
		}
		return r.store.Rename(r.file, to)
	case stepRenameFolder:
		from, to := "top", "other/top"
		if r.ops%2 == 0 {
			from, to = to, from
		}
		if err := r.store.RenameFolder(from, to); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil // it lies elsewhere
	case stepCheck:
		return r.store.Check(context.Background(), nil, 1, nil)
	}
	return r.store.Prepare()
}

func (r *run) promise(err error) error {
	for i := range r.written {
		switch {
		case err == nil:
			r.synced[i] = true
		case !r.synced[i]:
			delete(r.written, i) // may be gone, as Sync says
		}
	}
	return err
}

// survive opens what is left and holds it against what was promised.
func (r *run) survive(t tb, w *world, promised map[int]bool, when string) {
	t.Helper()
	s := w.open(t)
	defer s.Close()
	w.honest(t, s, when)
	have := s.Have()
	for i := range promised {
		if !have.Has(i) {
			t.Fatalf("%s: piece %d is lost; to check: %v", when, i, s.NeedsCheck())
		}
	}
	if todo := s.NeedsCheck(); todo != nil {
		if err := s.Check(context.Background(), todo, 2, nil); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		w.honest(t, s, when+", checked")
	}
	if s.NeedsCheck() != nil {
		t.Fatalf("%s: pieces stay in doubt", when)
	}
	for i, p := range w.pieces {
		if err := s.WritePiece(i, p); err != nil {
			t.Fatalf("%s: go on: %v", when, err)
		}
	}
	w.honest(t, s, when+", gone on")
	if s.Have().Count() != len(w.pieces) {
		t.Fatalf("%s: %d pieces in the end", when, s.Have().Count())
	}
}

func copied(m map[int]bool) map[int]bool {
	out := map[int]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

// TestKilled stops the process before each operation of a history in turn: no
// piece that was written may be lost, and none trusted that was not.
func TestKilled(t *testing.T) {
	torrent := newWorld(t, "v1")
	for seed := range uint64(3) {
		steps := history(rand.New(rand.NewPCG(seed, 1)), len(torrent.pieces), 40)
		for at := 1; ; at++ {
			w := *torrent
			w.content, w.state = memfs.New(), memfs.New()
			r := newRun(t, &w)
			r.atOp = func(op int, _ string) error {
				if op >= at {
					return errors.New("killed")
				}
				return nil
			}
			err := r.play(steps, false)
			w.content.SetFault(nil)
			w.state.SetFault(nil)
			r.survive(t, &w, r.written, fmt.Sprintf("history %d killed before operation %d", seed, at))
			if err == nil {
				break
			}
		}
	}
}

// TestPowerCut takes the power away before each operation of a history in turn.
func TestPowerCut(t *testing.T) {
	torrent := newWorld(t, "hybrid")
	for seed := range uint64(3) {
		// Bytes kept for an unwanted file that move over are as durable there.
		steps := append([]step{stepUnwant, 0, 1, 2, stepSync, stepWant, 3, 4},
			history(rand.New(rand.NewPCG(seed, 2)), len(torrent.pieces), 40)...)
		w := *torrent
		w.content, w.state = memfs.New(), memfs.New()
		r := newRun(t, &w)
		r.atOp = func(op int, what string) error {
			after := w
			after.content, after.state = w.content.Crash(seed<<32|uint64(op)), w.state.Crash(seed<<33|uint64(op))
			after.boot = "boot 2"
			r.survive(t, &after, copied(r.synced), fmt.Sprintf("history %d without power before operation %d, %s", seed, op, what))
			return nil
		}
		if err := r.play(steps, false); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUnknownBoot: without a boot identifier a kill counts as a power cut.
func TestUnknownBoot(t *testing.T) {
	w := newWorld(t, "v1")
	w.boot = ""
	s := w.open(t)
	if err := errors.Join(s.WritePiece(1, w.pieces[1]), s.Sync(), s.WritePiece(2, w.pieces[2])); err != nil {
		t.Fatal(err)
	}
	s = w.open(t)
	defer s.Close()
	if have := s.Have(); !have.Has(1) || have.Has(2) {
		t.Fatalf("have %08b", have)
	}
	if todo := s.NeedsCheck(); len(todo) != 1 || todo[0] != 2 {
		t.Fatalf("to check: %v", todo)
	}
	if err := s.Check(context.Background(), []int{2}, 1, nil); err != nil || !s.Have().Has(2) {
		t.Fatalf("piece 2 was not found again: %v", err)
	}
}

// TestDoubtSurvivesAKill: what a power cut put in doubt is not trusted because
// of a kill on the next boot.
func TestDoubtSurvivesAKill(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	if err := s.WritePiece(2, w.pieces[2]); err != nil {
		t.Fatal(err)
	}
	w.boot = "boot 2"
	s = w.open(t)
	if err := s.WritePiece(3, w.pieces[3]); err != nil {
		t.Fatal(err)
	}
	s = w.open(t)
	defer s.Close()
	if have := s.Have(); have.Has(2) || !have.Has(3) {
		t.Fatalf("have %08b", have)
	}
}

// TestFaults makes each operation of a history fail once, with each kind of
// error. Nothing may be trusted that is not there, and when all is written
// again it is complete.
func TestFaults(t *testing.T) {
	torrent := newWorld(t, "v1")
	steps := history(rand.New(rand.NewPCG(7, 3)), len(torrent.pieces), 40)
	w := *torrent
	w.content, w.state = memfs.New(), memfs.New()
	whole := newRun(t, &w)
	if err := whole.play(steps, false); err != nil {
		t.Fatal(err)
	}
	must(t, whole.store.Close())
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS} {
		for at := 1; at <= whole.ops; at += 2 {
			w.content, w.state = memfs.New(), memfs.New()
			r := newRun(t, &w)
			failed := ""
			r.atOp = func(op int, what string) error {
				if op == at {
					failed = what
					return fault
				}
				return nil
			}
			err := r.play(steps, true)
			r.atOp = nil
			when := fmt.Sprintf("%v at operation %d, %s", fault, at, failed)
			if err != nil && r.store != nil {
				t.Fatalf("%s: %v", when, err)
			}
			if r.store != nil {
				w.honest(t, r.store, when)
				if err = r.promise(r.store.Close()); err != nil {
					t.Fatalf("%s: close: %v", when, err)
				}
			}
			r.survive(t, &w, nil, when)
		}
	}
}

// TestHistories lets rapid choose the torrent, the history, and where the
// power goes.
func TestHistories(t *testing.T) {
	worlds := map[string]*world{}
	for _, kind := range kinds {
		worlds[kind] = newWorld(t, kind)
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := *worlds[rapid.SampledFrom(kinds).Draw(rt, "kind")]
		w.content, w.state = memfs.New(), memfs.New()
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 4))
		steps := history(rng, len(w.pieces), rapid.IntRange(1, 80).Draw(rt, "steps"))
		r := newRun(t, &w)
		cut := rapid.IntRange(1, 600).Draw(rt, "cut")
		r.atOp = func(op int, what string) error {
			if op != cut {
				return nil
			}
			after := w
			after.content, after.state = w.content.Crash(rng.Uint64()), w.state.Crash(rng.Uint64())
			after.boot = "boot 2"
			r.survive(rt, &after, copied(r.synced), "without power before "+what)
			return nil
		}
		if err := r.play(steps, false); err != nil {
			rt.Fatal(err)
		}
		w.content.SetFault(nil)
		w.state.SetFault(nil)
		r.survive(rt, &w, r.written, "killed at the end")
	})
}

// TestVerifyHelper: the torrents' own hashes agree with the bytes the tests
// compare with.
func TestVerifyHelper(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		for i, p := range w.pieces {
			if err := verify.Piece(w.torrent, i, p); err != nil {
				t.Fatal(err)
			}
			bad := append([]byte(nil), p...)
			bad[len(bad)/2] ^= 1
			var wrong *verify.PieceError
			if err := verify.Piece(w.torrent, i, bad); !errors.As(err, &wrong) {
				t.Fatalf("piece %d: %v", i, err)
			}
		}
	})
}

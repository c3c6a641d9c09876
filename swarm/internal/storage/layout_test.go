package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// TestAdopt: content that is there already is checked and then trusted, and
// what is wrong or absent is not.
func TestAdopt(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		s := w.open(t)
		w.writeAll(t, s)
		must(t, s.Close(), s.RemoveState())
		f, err := w.content.OpenFile("top/b", 0, 0) // a folder in the way is no reason to fail
		if err == nil {
			_ = f.Close()
		}
		s = w.open(t)
		defer func() { must(t, s.Close()) }()
		if s.Have().Count() != 0 || len(s.NeedsCheck()) != len(w.pieces) {
			t.Fatalf("trusts %d, to check %v", s.Have().Count(), s.NeedsCheck())
		}
		last := 0
		must(t, s.Check(context.Background(), s.NeedsCheck(), 2, func(done int) { last = done }))
		if s.Have().Count() != len(w.pieces) || last != len(w.pieces) || !s.Complete() {
			t.Fatalf("found %d of %d, reported %d", s.Have().Count(), len(w.pieces), last)
		}
		w.complete(t, w.content)
	})
}

// TestAdoptBroken: an existing file with a wrong byte keeps its name until it
// is written, and comes out right.
func TestAdoptBroken(t *testing.T) {
	w := newWorld(t, "v2")
	file := w.file(t, "top/z")
	b := append(append([]byte(nil), w.files[file]...), "longer than it should be"...)
	b[20_000] ^= 1
	write(t, w.content, "top/z", b, 0o644)
	s := w.open(t)
	must(t, s.Check(context.Background(), nil, 1, nil))
	first, end := w.torrent.Info.FilePieces(file)
	if got, want := s.Have().Count(), end-first-1; got != want {
		t.Fatalf("%d pieces of the file are good, want %d", got, want)
	}
	if got := names(t, w.content); !slices.Equal(got, []string{"top/z"}) {
		t.Fatalf("the check changed names: %v", got)
	}
	w.writeAll(t, s)
	must(t, s.Close())
	w.complete(t, w.content)
}

// TestRecheckFindsDamage: a recheck takes away what is not there any more, for
// good.
func TestRecheckFindsDamage(t *testing.T) {
	w := newWorld(t, "hybrid")
	s := w.open(t)
	w.writeAll(t, s)
	must(t, s.Sync())
	f, err := w.content.OpenFile("top/a", 2, 0)
	must(t, err)
	_, err = f.WriteAt([]byte("damaged"), 17_000)
	must(t, err, f.Sync(), f.Close(), w.content.Remove("top/b/c"))
	must(t, s.Check(context.Background(), nil, 2, nil))
	lost := len(w.pieces) - s.Have().Count()
	first, end := w.torrent.Info.FilePieces(w.file(t, "top/b/c"))
	if lost != 1+end-first || s.Complete() {
		t.Fatalf("%d pieces are lost, complete: %t", lost, s.Complete())
	}
	after := *w
	after.content, after.state = w.content.Crash(1), w.state.Crash(1)
	after.boot = "boot 2"
	again := after.open(t)
	after.honest(t, again, "after a power cut")
	must(t, again.Close())
	w.writeAll(t, s)
	must(t, s.Close())
	w.complete(t, w.content)
}

func TestCheckStops(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	defer s.Close()
	w.writeAll(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Check(ctx, nil, 2, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if s.Have().Count() != len(w.pieces) {
		t.Error("a check that did not run took pieces away")
	}
	w.content.SetFault(func(op, name string, off int64, _ int) error {
		if op == "read" && name == "top/a" && off == pieceLength {
			return syscall.EIO
		}
		return nil
	})
	err := s.Check(context.Background(), nil, 2, nil)
	if !errors.Is(err, storage.ErrDevice) || !strings.Contains(err.Error(), "read top/a") {
		t.Errorf("unreadable piece: %v", err)
	}
	if got := s.Have().Count(); got != len(w.pieces)-1 {
		t.Errorf("%d of %d pieces after one could not be read", got, len(w.pieces))
	}
}

// TestFileChanged: after a clean stop the pieces of a changed file are checked
// and no others.
func TestFileChanged(t *testing.T) {
	w := newWorld(t, "v2")
	s := w.open(t)
	w.writeAll(t, s)
	must(t, s.Close())
	write(t, w.content, "top/b/c", make([]byte, len(w.files[w.file(t, "top/b/c")])), 0o644)
	s = w.open(t)
	defer s.Close()
	first, end := w.torrent.Info.FilePieces(w.file(t, "top/b/c"))
	todo := s.NeedsCheck()
	if len(todo) != end-first || todo[0] != first {
		t.Fatalf("to check: %v, want %d to %d", todo, first, end)
	}
	must(t, s.Check(context.Background(), todo, 1, nil))
	w.honest(t, s, "checked")
}

// TestUnwanted: the neighbour's bytes of an unwanted file never show in the
// content folder, and are there when it becomes wanted.
func TestUnwanted(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		file := w.file(t, "top/a")
		s := w.open(t)
		must(t, s.SetWanted(file, false))
		w.writeAll(t, s)
		if got := names(t, w.content); slices.Contains(got, "top/a") || slices.Contains(got, "top/a.part") {
			t.Fatalf("unwanted file in %v", got)
		}
		w.honest(t, s, "unwanted")
		must(t, s.Close())
		s = w.open(t)
		if todo := s.NeedsCheck(); todo != nil || s.Have().Count() != len(w.pieces) {
			t.Fatalf("reopened: to check %v", todo)
		}
		must(t, s.SetWanted(file, true))
		w.honest(t, s, "wanted")
		must(t, s.Close())
		w.complete(t, w.content)
		for _, name := range names(t, w.state) {
			if strings.HasPrefix(name, "parts/") {
				t.Errorf("left over: %s", name)
			}
		}
	})
}

// TestUnwantedLater: a file with verified bytes stays where it is.
func TestUnwantedLater(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	defer s.Close()
	must(t, s.WritePiece(0, w.pieces[0]), s.SetWanted(w.file(t, "top/a"), false))
	w.honest(t, s, "unwanted later")
	if got := names(t, w.content); !slices.Equal(got, []string{"top/a.part"}) {
		t.Errorf("names %v", got)
	}
}

// TestCompleteWithoutUnwanted: the last wanted piece completes the torrent.
func TestCompleteWithoutUnwanted(t *testing.T) {
	w := newWorld(t, "v2")
	s := w.open(t)
	defer s.Close()
	file := w.file(t, "top/z")
	must(t, s.SetWanted(file, false))
	first, end := w.torrent.Info.FilePieces(file)
	for i, p := range w.pieces {
		if i < first || i >= end {
			must(t, s.WritePiece(i, p))
		}
	}
	if !s.Complete() {
		t.Fatal("not complete")
	}
	if _, err := w.content.Stat("top/b/empty"); err != nil {
		t.Errorf("empty file: %v", err)
	}
	must(t, s.SetWanted(file, true))
	if s.Complete() {
		t.Error("complete although a file is wanted")
	}
}

func TestRename(t *testing.T) {
	w := newWorld(t, "hybrid")
	s := w.open(t)
	file := w.file(t, "top/a")
	must(t, s.WritePiece(0, w.pieces[0]), s.Rename(file, "else/where/b"))
	if got := names(t, w.content); !slices.Equal(got, []string{"else/where/b.part"}) {
		t.Fatalf("names %v", got)
	}
	must(t, s.Close())
	s = w.open(t)
	w.honest(t, s, "reopened")
	if !s.Have().Has(0) {
		t.Fatal("piece 0 is lost")
	}
	w.writeAll(t, s)
	link := w.file(t, "top/b/link")
	must(t, s.Rename(link, "link"))
	if target, err := w.content.Readlink("link"); err != nil || target != "top/a" {
		t.Errorf("link to %q, %v", target, err)
	}
	write(t, w.content, "foreign", []byte("mine"), 0o644)
	for _, name := range []string{"top/z", "TOP/Z", "foreign"} {
		if err := s.Rename(file, name); !errors.Is(err, storage.ErrExists) {
			t.Errorf("rename to %s: %v", name, err)
		}
	}
	for _, name := range []string{"../x", "/x", ".", "", "a//b"} {
		if err := s.Rename(file, name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("rename to %q: %v", name, err)
		}
	}
	must(t, s.Rename(file, "top/a"), s.Rename(link, "top/b/link"), s.Close(), w.content.Remove("foreign"))
	w.complete(t, w.content)
	s = w.open(t)
	defer s.Close()
	if s.Have().Count() != len(w.pieces) {
		t.Errorf("%d of %d pieces", s.Have().Count(), len(w.pieces))
	}
}

// TestPaths: files that have other names from the beginning are found under these, and the
// names are kept.
func TestPaths(t *testing.T) {
	w := newWorld(t, "hybrid")
	s := w.open(t)
	file := w.file(t, "top/a")
	w.writeAll(t, s)
	must(t, s.Rename(file, "else/b"), s.Close())
	w.state = memfs.New()
	cfg := w.config()
	cfg.Paths = map[int]string{file: "else/b"}
	for i, paths := range []map[int]string{cfg.Paths, nil} { // the second time they are known
		cfg.Paths = paths
		s, err := storage.Open(cfg)
		must(t, err, s.Check(context.Background(), s.NeedsCheck(), 1, nil))
		if got := s.Have().Count(); got != len(w.pieces) {
			t.Errorf("%d: %d of %d pieces are found", i, got, len(w.pieces))
		}
		must(t, s.Close())
	}
	if got := names(t, w.content); slices.Contains(got, "top/a") || !slices.Contains(got, "else/b") {
		t.Errorf("names %v", got)
	}
	for _, bad := range []map[int]string{{file: "../b"}, {file: "/b"}, {file: "TOP/Z"}, {file: "top/z"}, {-1: "b"}, {1000: "b"}} {
		cfg := w.config()
		cfg.State, cfg.Paths = memfs.New(), bad
		if s, err := storage.Open(cfg); err == nil {
			t.Errorf("taken: %v", bad)
			must(t, s.Close())
		}
	}
}

// TestForeignFile: what is not ours is neither replaced nor deleted.
func TestForeignFile(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	must(t, s.WritePiece(0, w.pieces[0]))
	write(t, w.content, "top/a", []byte("mine"), 0o644)
	w.writeAll(t, s)
	w.honest(t, s, "beside a foreign file")
	if err := s.Sync(); !errors.Is(err, storage.ErrExists) {
		t.Errorf("Sync: %v", err)
	}
	if b, err := vfs.ReadFile(w.content, "top/a"); string(b) != "mine" {
		t.Fatalf("replaced: %q, %v", b, err)
	}
	must(t, w.content.Remove("top/a"), s.Sync(), s.Close())
	w.complete(t, w.content)
}

func TestRemove(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	must(t, s.SetWanted(w.file(t, "top/z"), false))
	w.writeAll(t, s)
	write(t, w.content, "top/b/mine", []byte("mine"), 0o644)
	must(t, s.Close(), s.RemoveData(), s.RemoveState())
	if got := names(t, w.content); !slices.Equal(got, []string{"top/b/mine"}) {
		t.Errorf("content left: %v", got)
	}
	if got := names(t, w.state); len(got) != 0 {
		t.Errorf("state left: %v", got)
	}
	must(t, w.content.Remove("top/b/mine"))
	write(t, w.content, "top/a", []byte("was here before"), 0o644)
	s = w.open(t)
	must(t, s.Check(context.Background(), nil, 1, nil), s.WritePiece(len(w.pieces)-1, w.pieces[len(w.pieces)-1]))
	must(t, s.RemoveData(), s.RemoveState())
	if got := names(t, w.content); !slices.Equal(got, []string{"top/a"}) {
		t.Errorf("content left: %v", got)
	}
}

// TestRemoveBlank: a torrent that is removed with its content kept leaves what has come,
// and files that somebody else put there, but none that are only reserved space.
func TestRemoveBlank(t *testing.T) {
	w := newWorld(t, "v1")
	write(t, w.content, "top/z.part", []byte("an unfinished file of somebody"), 0o644)
	cfg := w.config()
	cfg.Preallocate = true
	s, err := storage.Open(cfg)
	must(t, err, s.Check(context.Background(), s.NeedsCheck(), 1, nil), s.Prepare(), s.WritePiece(0, w.pieces[0]))
	held := names(t, w.content)
	if !slices.Contains(held, "top/a.part") || !slices.Contains(held, "top/b/c.part") {
		t.Fatalf("names %v", held)
	}
	must(t, s.RemoveState())
	if got := names(t, w.content); !slices.Equal(got, []string{"top/a.part", "top/z.part"}) {
		t.Errorf("left: %v", got)
	}
	s = w.open(t)
	must(t, s.Check(context.Background(), s.NeedsCheck(), 1, nil))
	if got := s.Have().Count(); got != 1 {
		t.Errorf("%d pieces are found again", got)
	}
	must(t, s.Close())
}

// TestRemoveAlmostBlank: a file of somebody else's is deleted for no zeros, wherever they
// are, as long as anything else is in it.
func TestRemoveAlmostBlank(t *testing.T) {
	w := newWorld(t, "v1")
	image := strings.Repeat("\x00", 5000) + "x" + strings.Repeat("\x00", 5000) // a disk image, say
	write(t, w.content, "top/a.part", []byte(image), 0o644)
	cfg := w.config()
	cfg.Preallocate = true
	s, err := storage.Open(cfg)
	must(t, err, s.Check(context.Background(), s.NeedsCheck(), 1, nil), s.Prepare(), s.RemoveState())
	if got := names(t, w.content); !slices.Equal(got, []string{"top/a.part"}) {
		t.Errorf("left: %v", got)
	}
}

// TestLongName: a name that has no room for the suffix still works.
func TestLongName(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	long := "top/" + strings.Repeat("ä", 127)
	must(t, s.Rename(w.file(t, "top/a"), long), s.WritePiece(0, w.pieces[0]))
	got := names(t, w.content)
	if len(got) != 1 || len(got[0]) > len("top/")+255 || !strings.HasSuffix(got[0], ".part") {
		t.Fatalf("names %q", got)
	}
	must(t, s.Close())
	s = w.open(t)
	w.honest(t, s, "reopened")
	w.writeAll(t, s)
	must(t, s.Rename(w.file(t, "top/a"), "top/a"), s.Close())
	w.complete(t, w.content)
}

func TestPrepare(t *testing.T) {
	for _, preallocate := range []bool{true, false} {
		w := newWorld(t, "v2")
		w.content.SetCapacity(1 << 20)
		cfg := w.config()
		cfg.Preallocate, cfg.Reserve = preallocate, 1<<20-100_000
		s, err := storage.Open(cfg)
		must(t, err)
		var space *storage.SpaceError
		if err := s.Prepare(); !errors.As(err, &space) || !errors.Is(err, vfs.ErrNoSpace) || errors.Is(err, storage.ErrReadOnly) {
			t.Fatalf("Prepare: %v", err)
		}
		if space.Need != w.torrent.Info.TotalLength() || space.Free != 1<<20 || space.Reserve != cfg.Reserve {
			t.Errorf("%+v", space)
		}
		if got := names(t, w.content); len(got) != 0 {
			t.Errorf("Prepare created %v", got)
		}
		w.content.SetFault(func(op, _ string, _ int64, _ int) error {
			if op != "free" && op != "stat" && op != "lstat" {
				return syscall.EROFS
			}
			return nil
		})
		w.content.SetCapacity(4 << 20)
		if err := s.Prepare(); !errors.Is(err, storage.ErrReadOnly) {
			t.Errorf("read-only: %v", err)
		}
		w.content.SetFault(nil)
		must(t, s.Prepare(), s.Prepare())
		info, err := w.content.Stat("top/a.part")
		must(t, err)
		if want := int64(40_000); preallocate && info.Size() != want {
			t.Errorf("%d bytes reserved, want %d", info.Size(), want)
		}
		w.writeAll(t, s)
		must(t, s.Close())
		w.complete(t, w.content)
	}
}

// TestFull: a volume that fills up stops nothing for good.
func TestFull(t *testing.T) {
	w := newWorld(t, "v1")
	w.content.SetCapacity(64 << 10)
	s := w.open(t)
	failed := 0
	for i, p := range w.pieces {
		err := s.WritePiece(i, p)
		if err != nil {
			failed++
			var e *storage.Error
			if !errors.Is(err, vfs.ErrNoSpace) || !errors.As(err, &e) || e.Op != "write" || errors.Is(err, storage.ErrDevice) {
				t.Fatalf("piece %d: %v", i, err)
			}
		}
		if s.Have().Has(i) != (err == nil) {
			t.Fatalf("piece %d: marked %t, %v", i, s.Have().Has(i), err)
		}
	}
	if failed == 0 {
		t.Fatal("the volume never was full")
	}
	w.honest(t, s, "full")
	w.content.SetCapacity(0)
	w.writeAll(t, s)
	must(t, s.Close())
	w.complete(t, w.content)
}

// TestLostSync: pieces that could not be synced are given up, those synced
// before are not.
func TestLostSync(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	must(t, s.WritePiece(0, w.pieces[0]), s.Sync(), s.WritePiece(1, w.pieces[1]))
	w.content.SetFault(func(op, name string, _ int64, _ int) error {
		if op == "sync" && name == "top/a.part" {
			return syscall.EIO
		}
		return nil
	})
	if err := s.Sync(); !errors.Is(err, storage.ErrDevice) || !strings.Contains(err.Error(), "sync top/a.part") {
		t.Fatal(err)
	}
	if have := s.Have(); !have.Has(0) || have.Has(1) {
		t.Errorf("have %08b", have)
	}
	w.content.SetFault(nil)
	w.writeAll(t, s)
	must(t, s.Close())
	w.complete(t, w.content)
}

func TestMove(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		for _, complete := range []bool{true, false} {
			w.content, w.state = memfs.New(), memfs.New()
			s := w.open(t)
			must(t, s.WritePiece(0, w.pieces[0]))
			if complete {
				w.writeAll(t, s)
			}
			before := names(t, w.content)
			to := memfs.New()
			must(t, s.Move(context.Background(), to, false))
			if got := names(t, w.content); len(got) != 0 {
				t.Fatalf("left behind: %v", got)
			}
			if got := names(t, to); !slices.Equal(got, before) {
				t.Fatalf("moved %v of %v", got, before)
			}
			w.content = to
			w.honest(t, s, "moved")
			w.writeAll(t, s)
			must(t, s.Close())
			w.complete(t, to)
			s = w.open(t)
			if s.Have().Count() != len(w.pieces) {
				t.Errorf("reopened: %d pieces", s.Have().Count())
			}
			must(t, s.Close())
		}
	})
}

// TestMoveInterrupted stops a move before each operation in turn: opened with
// the old folder and moved again, everything is there.
func TestMoveInterrupted(t *testing.T) {
	w := newWorld(t, "hybrid")
	for at := 1; ; at += 3 {
		w.content, w.state = memfs.New(), memfs.New()
		s := w.open(t)
		w.writeAll(t, s)
		must(t, s.Sync())
		to := memfs.New()
		ops := 0
		stop := func(string, string, int64, int) error {
			if ops++; ops >= at {
				return errors.New("killed")
			}
			return nil
		}
		for _, m := range []*memfs.FS{w.content, to, w.state} {
			m.SetFault(stop)
		}
		err := s.Move(context.Background(), to, false)
		for _, m := range []*memfs.FS{w.content, to, w.state} {
			m.SetFault(nil)
		}
		if err == nil {
			break
		}
		s = w.open(t)
		w.honest(t, s, "interrupted")
		must(t, s.Move(context.Background(), to, false), s.Check(context.Background(), s.NeedsCheck(), 1, nil))
		if s.Have().Count() != len(w.pieces) {
			t.Fatalf("interrupted at %d: %d of %d pieces", at, s.Have().Count(), len(w.pieces))
		}
		must(t, s.Close())
		w.complete(t, to)
		if got := names(t, w.content); len(got) != 0 {
			t.Fatalf("interrupted at %d: left behind %v", at, got)
		}
	}
}

// TestMoveFails: the store stays usable where it was.
func TestMoveFails(t *testing.T) {
	w := newWorld(t, "v1")
	s := w.open(t)
	w.writeAll(t, s)
	to := memfs.New()
	to.SetCapacity(100 << 10)
	if err := s.Move(context.Background(), to, false); !errors.Is(err, vfs.ErrNoSpace) {
		t.Errorf("no room: %v", err)
	}
	to.SetCapacity(0)
	write(t, to, "top/t3", []byte("mine"), 0o644)
	if err := s.Move(context.Background(), to, false); !errors.Is(err, storage.ErrExists) {
		t.Errorf("foreign file: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Move(ctx, to, false); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if got := names(t, to); !slices.Equal(got, []string{"top/t3"}) {
		t.Errorf("left over: %v", got)
	}
	w.honest(t, s, "not moved")
	must(t, s.Close())
	w.complete(t, w.content)
}

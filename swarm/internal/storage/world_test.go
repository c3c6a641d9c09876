package storage_test

import (
	"context"
	"crypto/sha1"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

const pieceLength = 16 << 10

// tree is what the test torrents hold: pieces that span many files, files that
// span many pieces, empty files, and one that ends on a piece boundary.
var tree = []struct {
	name string
	size int
}{
	{"top/a", 40_000}, {"top/b/c", pieceLength + 5}, {"top/b/empty", 0}, {"top/b/exact", 2 * pieceLength},
	{"top/t1", 100}, {"top/t2", 1}, {"top/t3", 2000}, {"top/z", 90_000},
}

// world is a torrent, its bytes and the two places a store needs.
type world struct {
	torrent        *metainfo.Torrent
	pieces         [][]byte // DataLen(i) bytes each
	padded         [][]byte // PieceLen(i) bytes each
	files          [][]byte
	content, state *memfs.FS
	boot           string
}

var kinds = []string{"v1", "v2", "hybrid", "v1-pad-inside"}

func newWorld(t testing.TB, kind string) *world {
	t.Helper()
	w := &world{content: memfs.New(), state: memfs.New(), boot: "boot 1"}
	if kind == "v1-pad-inside" {
		w.torrent = padInside(t)
	} else {
		w.torrent = created(t, map[string]create.Kind{"v1": create.V1, "v2": create.V2, "hybrid": create.Hybrid}[kind])
	}
	w.cut()
	return w
}

// bytesOf returns the content of a file, from its name alone.
func bytesOf(name string, size int) []byte {
	rng := rand.New(rand.NewPCG(uint64(len(name)), uint64(name[len(name)-1])))
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

func write(t testing.TB, fsys vfs.FS, name string, b []byte, perm os.FileMode) {
	t.Helper()
	f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, perm)
	if err == nil {
		_, err = f.WriteAt(b, 0)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func created(t testing.TB, kind create.Kind) *metainfo.Torrent {
	t.Helper()
	src := memfs.New()
	for _, f := range tree {
		perm := os.FileMode(0o644)
		if f.name == "top/t1" {
			perm = 0o755
		}
		write(t, src, f.name, bytesOf(f.name, f.size), perm)
	}
	if err := src.Symlink("../a", "top/b/link"); err != nil {
		t.Fatal(err)
	}
	tor, err := create.Torrent(context.Background(), src, "top", create.Options{PieceLength: pieceLength, Kind: kind, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

// padInside makes a torrent with padding that does not end a piece.
func padInside(t testing.TB) *metainfo.Torrent {
	t.Helper()
	var space []byte
	var files []any
	add := func(name string, n int, attr string) {
		d := map[string]any{"length": n, "path": []any{name}}
		if attr != "" {
			d["attr"] = attr
			space = append(space, make([]byte, n)...)
		} else {
			space = append(space, bytesOf("top/"+name, n)...)
		}
		files = append(files, d)
	}
	add("a", 1000, "")
	add("pad", 3000, "p")
	add("b", 50_000, "")
	add("pad2", 500, "p")
	add("c", 70, "")
	var sums []byte
	for off := 0; off < len(space); off += pieceLength {
		sum := sha1.Sum(space[off:min(off+pieceLength, len(space))])
		sums = append(sums, sum[:]...)
	}
	tor, err := metainfo.ParseInfo(bencode.Append(nil, map[string]any{
		"files": files, "name": "top", "piece length": pieceLength, "pieces": sums,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

// cut lays the files out in the piece space and cuts it, by BEP 3 and BEP 52
// rather than by the package under test.
func (w *world) cut() {
	info := &w.torrent.Info
	space := make([]byte, int64(info.NumPieces())*info.PieceLength)
	for i := range info.Files {
		f := &info.Files[i]
		var b []byte
		if f.Length > 0 && !f.Pad {
			b = bytesOf(f.Name(), int(f.Length))
			copy(space[f.Offset:], b)
		}
		w.files = append(w.files, b)
	}
	for i := range info.NumPieces() {
		p := space[int64(i)*info.PieceLength:]
		w.padded = append(w.padded, p[:info.PieceLen(i)])
		w.pieces = append(w.pieces, p[:info.DataLen(i)])
	}
}

func (w *world) config() storage.Config {
	return storage.Config{Torrent: w.torrent, Content: w.content, State: w.state, BootID: w.boot, FileHandles: 3}
}

// tb is what testing.T and rapid.T share.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func (w *world) open(t tb) *storage.Store {
	t.Helper()
	s, err := storage.Open(w.config())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) file(t testing.TB, name string) int {
	t.Helper()
	for i := range w.torrent.Info.Files {
		if w.torrent.Info.Files[i].Name() == name {
			return i
		}
	}
	t.Fatalf("no file %s", name)
	return -1
}

func (w *world) writeAll(t testing.TB, s *storage.Store) {
	t.Helper()
	for i, p := range w.pieces {
		if err := s.WritePiece(i, p); err != nil {
			t.Fatal(err)
		}
	}
}

// honest fails the test if the store trusts a piece that is not on disk.
func (w *world) honest(t tb, s *storage.Store, when string) {
	t.Helper()
	have := s.Have()
	for i, want := range w.pieces {
		if !have.Has(i) {
			continue
		}
		got := make([]byte, len(want))
		if err := s.ReadVec(i, 0, [][]byte{got}); err != nil {
			t.Fatalf("%s: piece %d is trusted: %v", when, i, err)
		}
		if string(got) != string(want) {
			t.Fatalf("%s: piece %d is trusted and wrong", when, i)
		}
	}
}

// complete fails the test if the files under their own names are not exactly
// the torrent's.
func (w *world) complete(t testing.TB, fsys vfs.FS) {
	t.Helper()
	if err := w.intact(fsys); err != nil {
		t.Fatal(err)
	}
}

func (w *world) intact(fsys vfs.FS) error {
	for i := range w.torrent.Info.Files {
		f := &w.torrent.Info.Files[i]
		if f.Pad {
			continue
		}
		if f.Symlink != nil {
			if got, err := fsys.Readlink(f.Name()); err != nil || got != f.LinkTarget() {
				return fmt.Errorf("link %s: %q, %w", f.Name(), got, err)
			}
			continue
		}
		got, err := vfs.ReadFile(fsys, f.Name())
		if err != nil {
			return err
		}
		if string(got) != string(w.files[i]) {
			return fmt.Errorf("%s differs", f.Name())
		}
	}
	return nil
}

// names lists the files and links below the root.
func names(t testing.TB, fsys vfs.FS) []string {
	t.Helper()
	var out []string
	err := vfs.WalkDir(fsys, ".", func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path.Clean(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

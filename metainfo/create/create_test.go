package create_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/metainfo/verify"
)

var ctx = context.Background()

var kinds = []struct {
	name string
	kind create.Kind
}{{"v1", create.V1}, {"v2", create.V2}, {"hybrid", create.Hybrid}}

func kindOf(name string) create.Kind {
	switch {
	case strings.HasSuffix(name, "v1"):
		return create.V1
	case strings.HasSuffix(name, "v2"):
		return create.V2
	}
	return create.Hybrid
}

func writeFile(t testing.TB, name string, data []byte, perm os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, perm); err != nil {
		t.Fatal(err)
	}
}

func openDir(t testing.TB, dir string) vfs.FS {
	t.Helper()
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fsys.Close() })
	return fsys
}

func mustParse(t testing.TB, b []byte) *metainfo.Torrent {
	t.Helper()
	tor, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

// TestMatchesLibtorrent makes each golden torrent again.
func TestMatchesLibtorrent(t *testing.T) {
	for _, name := range golden.Names() {
		t.Run(name, func(t *testing.T) {
			tor, err := create.Torrent(ctx, golden.Disk(name), golden.Root(name), create.Options{
				PieceLength: golden.PieceLength,
				Kind:        kindOf(name),
				CreatedBy:   "libtorrent",
				Trackers:    [][]string{{"http://tracker.example/announce"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			want := golden.Torrent(name)
			if got := tor.Bytes(); !bytes.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if a, b := tor.Hashes(), mustParse(t, want).Hashes(); a != b {
				t.Errorf("info-hash %v, want %v", a, b)
			}
		})
	}
}

// TestOptions checks every option, and that the torrent returned is what
// Parse makes of its bytes.
func TestOptions(t *testing.T) {
	fsys := golden.Disk("links-hybrid")
	for _, k := range kinds {
		var last, total int64
		opts := create.Options{
			Name: "other", Kind: k.kind, Private: true, Source: "S", SSLCert: "not looked at", Comment: "C", CreatedBy: "B",
			Now:      time.Unix(1700000000, 5),
			Trackers: [][]string{{"a", "b"}, {"c"}}, WebSeeds: []string{"http://w/"},
			Workers: 3, Progress: func(done, all int64) {
				if done < last {
					t.Errorf("progress went from %d to %d", last, done)
				}
				last, total = done, all
			},
		}
		tor, err := create.Torrent(ctx, fsys, "tree", opts)
		if err != nil {
			t.Fatal(err)
		}
		if last != total || total != tor.Info.TotalLength() || total != 180636 {
			t.Errorf("%s: progress ended with %d of %d", k.name, last, total)
		}
		again := mustParse(t, tor.Bytes())
		ignore := cmpopts.IgnoreUnexported(metainfo.Torrent{}, metainfo.Info{}, piecespace.Space{}, piecespace.File{})
		if diff := cmp.Diff(tor, again, ignore, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", k.name, diff)
		}
		chosen := map[create.Kind]int64{create.V1: 512 << 10, create.V2: 512 << 10, create.Hybrid: 32 << 10}
		if tor.Hashes() != again.Hashes() || again.Info.PieceLength != chosen[k.kind] || again.Info.Name != "other" ||
			!again.Info.Private || again.Info.Source != "S" || again.Info.SSLCert != "not looked at" || again.CreationDate.Unix() != 1700000000 {
			t.Errorf("%s: %+v", k.name, again)
		}
		if tor.Info.HasV1() != (k.kind != create.V2) || tor.Info.HasV2() != (k.kind != create.V1) {
			t.Errorf("%s: v1 %v, v2 %v", k.name, tor.Info.HasV1(), tor.Info.HasV2())
		}
		for i := range tor.Info.Files {
			if tor.Info.Files[i].Name() != again.Info.Files[i].Name() {
				t.Errorf("%s: file %d is %q", k.name, i, tor.Info.Files[i].Name())
			}
		}
	}
}

// readPiece returns a piece of files whose content is given by their length.
func readPiece(tor *metainfo.Torrent, content map[int64][]byte, i int) []byte {
	data := make([]byte, tor.Info.PieceLen(i))
	for _, s := range tor.Info.AppendSpans(nil, i) {
		if f := &tor.Info.Files[s.File]; !f.Pad {
			copy(data[s.PieceOff:s.PieceOff+s.Len], content[f.Length][s.FileOff:])
		}
	}
	return data
}

// TestBigPieces has pieces that are read in several chunks, and runs of
// pieces that end inside files, for any number of workers.
func TestBigPieces(t *testing.T) {
	dir := t.TempDir()
	content := make(map[int64][]byte)
	for i, n := range []int{3<<20 + 17, 9<<20 + 1, 12345, 2 << 20} {
		content[int64(n)] = golden.Content(n)
		writeFile(t, filepath.Join(dir, "t", string(rune('a'+i))), content[int64(n)], 0o644)
	}
	fsys := openDir(t, dir)
	for _, k := range kinds {
		var want []byte
		for _, workers := range []int{1, 2, 7} {
			tor, err := create.Torrent(ctx, fsys, "t", create.Options{
				Kind: k.kind, PieceLength: 2 << 20, Workers: workers,
			})
			if err != nil {
				t.Fatal(err)
			}
			for i := range tor.Info.NumPieces() {
				if err := verify.Piece(tor, i, readPiece(tor, content, i)); err != nil {
					t.Errorf("%s: %v", k.name, err)
				}
			}
			if got := tor.Bytes(); want == nil {
				want = got
			} else if !bytes.Equal(got, want) {
				t.Errorf("%s: %d workers make another torrent", k.name, workers)
			}
		}
	}
}

func TestPieceLengthFor(t *testing.T) {
	for _, c := range []struct{ total, want int64 }{
		{1, 512 << 10}, {4 << 30, 512 << 10}, {4<<30 + 1, 1 << 20}, {100 << 30, 16 << 20}, {1 << 50, 16 << 20},
	} {
		if got := create.PieceLengthFor(c.total); got != c.want {
			t.Errorf("%d bytes: %d, want %d", c.total, got, c.want)
		}
	}
}

// A hybrid of small files gets shorter pieces, so that it does not consist of
// padding; the other kinds, which have none, do not.
func TestPieceLengthOfSmallFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 40 {
		writeFile(t, filepath.Join(dir, "tree", fmt.Sprintf("f%02d", i)), bytes.Repeat([]byte{byte(i)}, 20_000), 0o644)
	}
	for kind, want := range map[create.Kind]int64{create.V1: 512 << 10, create.V2: 512 << 10, create.Hybrid: 32 << 10} {
		m, err := create.Torrent(ctx, openDir(t, dir), "tree", create.Options{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		if m.Info.PieceLength != want {
			t.Errorf("kind %v: pieces of %d bytes, want %d", kind, m.Info.PieceLength, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	file := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { writeFile(t, filepath.Join(dir, name), []byte("x"), 0o644) }
	}
	symlink := func(target string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.Symlink(target, filepath.Join(dir, "t", "link")); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		make func(*testing.T, string)
		opts create.Options
		want error
	}{
		"reserved":     {file("t/aux"), create.Options{}, metainfo.ErrReserved},
		"backslash":    {file(`t/a\b`), create.Options{}, metainfo.ErrAbsolute},
		"not UTF-8":    {file("t/\xff"), create.Options{}, metainfo.ErrEncoding},
		"case":         {file("t/A"), create.Options{}, metainfo.ErrCollision},
		"link up":      {symlink("../other"), create.Options{}, metainfo.ErrSymlink},
		"link beside":  {symlink("../t2/a"), create.Options{}, metainfo.ErrSymlink},
		"link to root": {symlink("/etc/passwd"), create.Options{}, metainfo.ErrSymlink},
		"link to top":  {symlink("."), create.Options{}, metainfo.ErrSymlink},
		"piece length": {nil, create.Options{PieceLength: 100000}, metainfo.ErrPieceLength},
		"name":         {nil, create.Options{Name: "a/b"}, metainfo.ErrAbsolute},
		"same name":    {nil, create.Options{Name: "a"}, metainfo.ErrOverlap},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file("t/a")(t, dir)
			if c.make != nil {
				c.make(t, dir)
			}
			_, err := create.Torrent(ctx, openDir(t, dir), "t", c.opts)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	fsys := golden.Disk("tree-hybrid")
	if err := vfs.WriteFileAtomic(fsys, "void/empty", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := create.Torrent(ctx, fsys, "absent", create.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
	if _, err := create.Torrent(ctx, fsys, "void", create.Options{}); !errors.Is(err, metainfo.ErrEmpty) {
		t.Errorf("empty: %v", err)
	}
	if _, err := create.Torrent(ctx, fsys, ".", create.Options{}); !errors.Is(err, metainfo.ErrTraversal) {
		t.Errorf("root without a name: %v", err)
	}
	tor, err := create.Torrent(ctx, fsys, ".", create.Options{Name: "all"})
	if err != nil || !strings.HasPrefix(tor.Info.Files[0].Name(), "all/") {
		t.Errorf("root with a name: %v", err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := create.Torrent(stopped, fsys, "tree", create.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// changingFS changes a file when it is opened.
type changingFS struct {
	vfs.FS
	change func(name string)
}

func (f changingFS) Open(name string) (vfs.File, error) {
	f.change(name)
	return f.FS.Open(name)
}

func TestChanged(t *testing.T) {
	resize := func(n int64) func(vfs.FS, string) error {
		return func(fsys vfs.FS, name string) error {
			f, err := fsys.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			return errors.Join(f.Truncate(n), f.Close())
		}
	}
	for name, c := range map[string]struct {
		change func(fsys vfs.FS, name string) error
		want   error
	}{
		"grown":  {resize(70001), create.ErrChanged},
		"shrunk": {resize(10), create.ErrChanged},
		"touched": {func(fsys vfs.FS, name string) error {
			return fsys.Chtimes(name, time.Unix(1, 0), time.Unix(1, 0))
		}, create.ErrChanged},
		"removed": {vfs.FS.Remove, fs.ErrNotExist},
	} {
		disk := golden.Disk("tree-hybrid")
		fsys := changingFS{disk, func(name string) {
			if name == "tree/a.bin" {
				if err := c.change(disk, name); err != nil {
					t.Error(err)
				}
			}
		}}
		_, err := create.Torrent(ctx, fsys, "tree", create.Options{Workers: 1})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

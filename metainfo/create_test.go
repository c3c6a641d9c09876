package metainfo_test

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
)

var ctx = context.Background()

// TestCreateOptions checks every option, and that what Create returns is what
// Parse makes of its bytes.
func TestCreateOptions(t *testing.T) {
	fsys := openDir(t, writeTree(t, true))
	for _, k := range benchKinds {
		var last, total int64
		opts := metainfo.CreateOptions{
			Name: "other", Kind: k.kind, Private: true, Source: "S", Comment: "C", CreatedBy: "B",
			Now:      time.Unix(1700000000, 5),
			Trackers: [][]string{{"a", "b"}, {"c"}}, WebSeeds: []string{"http://w/"},
			Workers: 3, Progress: func(done, all int64) {
				if done < last {
					t.Errorf("progress went from %d to %d", last, done)
				}
				last, total = done, all
			},
		}
		tor, err := metainfo.Create(ctx, fsys, "tree", opts)
		if err != nil {
			t.Fatal(err)
		}
		if last != total || total != tor.Info.TotalLength() || total != 180636 {
			t.Errorf("%s: progress ended with %d of %d", k.name, last, total)
		}
		again := mustParse(t, tor.Bytes())
		ignore := cmpopts.IgnoreUnexported(metainfo.Torrent{}, metainfo.Info{}, metainfo.File{})
		if diff := cmp.Diff(tor, again, ignore, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", k.name, diff)
		}
		chosen := map[metainfo.Kind]int64{metainfo.V1: 512 << 10, metainfo.V2: 512 << 10, metainfo.Hybrid: 32 << 10}
		if tor.Hashes() != again.Hashes() || again.Info.PieceLength != chosen[k.kind] || again.Info.Name != "other" ||
			!again.Info.Private || again.Info.Source != "S" || again.CreationDate.Unix() != 1700000000 {
			t.Errorf("%s: %+v", k.name, again)
		}
		if tor.Info.HasV1() != (k.kind != metainfo.V2) || tor.Info.HasV2() != (k.kind != metainfo.V1) {
			t.Errorf("%s: v1 %v, v2 %v", k.name, tor.Info.HasV1(), tor.Info.HasV2())
		}
		for i := range tor.Info.Files {
			if tor.Info.Files[i].Name() != again.Info.Files[i].Name() {
				t.Errorf("%s: file %d is %q", k.name, i, tor.Info.Files[i].Name())
			}
		}
	}
}

// TestCreateBigPieces has pieces that are read in several chunks, and runs of
// pieces that end inside files, for any number of workers.
func TestCreateBigPieces(t *testing.T) {
	dir := t.TempDir()
	for i, n := range []int{3<<20 + 17, 9<<20 + 1, 12345, 2 << 20} {
		writeFile(t, filepath.Join(dir, "t", string(rune('a'+i))), content(n), 0o644)
	}
	fsys := openDir(t, dir)
	for _, k := range benchKinds {
		var want []byte
		for _, workers := range []int{1, 2, 7} {
			tor, err := metainfo.Create(ctx, fsys, "t", metainfo.CreateOptions{
				Kind: k.kind, PieceLength: 2 << 20, Workers: workers,
			})
			if err != nil {
				t.Fatal(err)
			}
			for i := range tor.Info.NumPieces() {
				if err := tor.VerifyPiece(i, readPiece(tor, i)); err != nil {
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
		if got := metainfo.PieceLengthFor(c.total); got != c.want {
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
	for kind, want := range map[metainfo.Kind]int64{metainfo.V1: 512 << 10, metainfo.V2: 512 << 10, metainfo.Hybrid: 32 << 10} {
		m, err := metainfo.Create(context.Background(), openDir(t, dir), "tree", metainfo.CreateOptions{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		if m.Info.PieceLength != want {
			t.Errorf("kind %v: pieces of %d bytes, want %d", kind, m.Info.PieceLength, want)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
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
		opts metainfo.CreateOptions
		want error
	}{
		"reserved":     {file("t/aux"), metainfo.CreateOptions{}, metainfo.ErrReserved},
		"backslash":    {file(`t/a\b`), metainfo.CreateOptions{}, metainfo.ErrAbsolute},
		"not UTF-8":    {file("t/\xff"), metainfo.CreateOptions{}, metainfo.ErrEncoding},
		"case":         {file("t/A"), metainfo.CreateOptions{}, metainfo.ErrCollision},
		"link up":      {symlink("../other"), metainfo.CreateOptions{}, metainfo.ErrSymlink},
		"link beside":  {symlink("../t2/a"), metainfo.CreateOptions{}, metainfo.ErrSymlink},
		"link to root": {symlink("/etc/passwd"), metainfo.CreateOptions{}, metainfo.ErrSymlink},
		"link to top":  {symlink("."), metainfo.CreateOptions{}, metainfo.ErrSymlink},
		"piece length": {nil, metainfo.CreateOptions{PieceLength: 100000}, metainfo.ErrPieceLength},
		"name":         {nil, metainfo.CreateOptions{Name: "a/b"}, metainfo.ErrAbsolute},
		"same name":    {nil, metainfo.CreateOptions{Name: "a"}, metainfo.ErrOverlap},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file("t/a")(t, dir)
			if c.make != nil {
				c.make(t, dir)
			}
			_, err := metainfo.Create(ctx, openDir(t, dir), "t", c.opts)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestCreateErrors(t *testing.T) {
	dir := writeTree(t, false)
	writeFile(t, filepath.Join(dir, "void", "empty"), nil, 0o644)
	fsys := openDir(t, dir)
	if _, err := metainfo.Create(ctx, fsys, "absent", metainfo.CreateOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
	if _, err := metainfo.Create(ctx, fsys, "void", metainfo.CreateOptions{}); !errors.Is(err, metainfo.ErrEmpty) {
		t.Errorf("empty: %v", err)
	}
	if _, err := metainfo.Create(ctx, fsys, ".", metainfo.CreateOptions{}); !errors.Is(err, metainfo.ErrTraversal) {
		t.Errorf("root without a name: %v", err)
	}
	tor, err := metainfo.Create(ctx, fsys, ".", metainfo.CreateOptions{Name: "all"})
	if err != nil || !strings.HasPrefix(tor.Info.Files[0].Name(), "all/") {
		t.Errorf("root with a name: %v", err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := metainfo.Create(stopped, fsys, "tree", metainfo.CreateOptions{}); !errors.Is(err, context.Canceled) {
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

func TestCreateNoticesChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change func(name string) error
		want   error
	}{
		"grown":   {func(name string) error { return os.WriteFile(name, content(70001), 0o644) }, metainfo.ErrChanged},
		"shrunk":  {func(name string) error { return os.Truncate(name, 10) }, metainfo.ErrShort},
		"touched": {func(name string) error { return os.Chtimes(name, time.Unix(1, 0), time.Unix(1, 0)) }, metainfo.ErrChanged},
		"removed": {os.Remove, fs.ErrNotExist},
	} {
		dir := writeTree(t, false)
		fsys := changingFS{openDir(t, dir), func(name string) {
			if name == "tree/a.bin" {
				if err := c.change(filepath.Join(dir, name)); err != nil {
					t.Error(err)
				}
			}
		}}
		_, err := metainfo.Create(ctx, fsys, "tree", metainfo.CreateOptions{Workers: 1})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

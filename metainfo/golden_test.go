package metainfo_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// goldenTree is TREE of testdata/golden.py.
var goldenTree = []struct {
	path   string
	length int
	perm   os.FileMode
}{
	{"tree/a.bin", 70000, 0o644},
	{"tree/docs/b.txt", 100, 0o644},
	{"tree/docs/empty", 0, 0o644},
	{"tree/run.sh", 40000, 0o755},
	{"tree/z/exact", 65536, 0o644},
	{"tree/z/last", 5000, 0o644},
	{"tree/zz", 0, 0o644},
	{"single.bin", 100000, 0o644},
	{"small.bin", 20000, 0o644},
}

const goldenPiece = 32 << 10

// content is a linear congruential generator seeded with the length.
func content(length int) []byte {
	out, x := make([]byte, length), uint32(length)
	for i := range out {
		x = (x*1103515245 + 12345) & 0x7fffffff
		out[i] = byte(x >> 16)
	}
	return out
}

// writeTree writes goldenTree and returns its folder.
func writeTree(t testing.TB, links bool) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range goldenTree {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(f.path)), content(f.length), f.perm)
	}
	if links {
		if err := os.Symlink("../a.bin", filepath.Join(dir, "tree", "z", "link")); err != nil {
			t.Fatal(err)
		}
	}
	return dir
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

func readGolden(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".torrent"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustParse(t testing.TB, b []byte) *metainfo.Torrent {
	t.Helper()
	tor, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

var goldenNames = []string{
	"single-hybrid", "single-v1", "single-v2", "small-hybrid", "small-v1", "small-v2",
	"tree-hybrid", "tree-v1", "tree-v2", "links-hybrid", "links-v1",
}

func kindOf(name string) metainfo.Kind {
	switch {
	case strings.HasSuffix(name, "v1"):
		return metainfo.V1
	case strings.HasSuffix(name, "v2"):
		return metainfo.V2
	}
	return metainfo.Hybrid
}

func rootOf(name string) string {
	switch {
	case strings.HasPrefix(name, "single"):
		return "single.bin"
	case strings.HasPrefix(name, "small"):
		return "small.bin"
	}
	return "tree"
}

// TestCreateMatchesLibtorrent makes each golden torrent again.
func TestCreateMatchesLibtorrent(t *testing.T) {
	for _, name := range goldenNames {
		t.Run(name, func(t *testing.T) {
			fsys := openDir(t, writeTree(t, strings.HasPrefix(name, "links")))
			tor, err := metainfo.Create(context.Background(), fsys, rootOf(name), metainfo.CreateOptions{
				PieceLength: goldenPiece,
				Kind:        kindOf(name),
				CreatedBy:   "libtorrent",
				Trackers:    [][]string{{"http://tracker.example/announce"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			want := readGolden(t, name)
			if got := tor.Bytes(); !bytes.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if a, b := tor.Hashes(), mustParse(t, want).Hashes(); a != b {
				t.Errorf("info-hash %v, want %v", a, b)
			}
		})
	}
}

// TestVerifyGolden checks libtorrent's torrents against the files.
func TestVerifyGolden(t *testing.T) {
	for _, name := range goldenNames {
		t.Run(name, func(t *testing.T) {
			tor := mustParse(t, readGolden(t, name))
			fsys := openDir(t, writeTree(t, strings.HasPrefix(name, "links")))
			r, err := metainfo.Verify(context.Background(), tor, fsys, ".", metainfo.VerifyOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Complete() || r.NumGood != tor.Info.NumPieces() {
				t.Errorf("report %+v", r)
			}
		})
	}
}

func TestBytesRoundTrip(t *testing.T) {
	for _, name := range goldenNames {
		b := readGolden(t, name)
		if got := mustParse(t, b).Bytes(); !bytes.Equal(got, b) {
			t.Errorf("%s: got  %q\nwant %q", name, got, b)
		}
	}
}

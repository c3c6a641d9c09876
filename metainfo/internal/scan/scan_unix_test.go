//go:build unix

package scan

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// tree writes files, named by path, with as many bytes as the name is long.
func tree(t *testing.T, names ...string) (string, vfs.FS) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, make([]byte, len(filepath.Base(name))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fsys.Close() })
	return dir, fsys
}

// TestOrder checks that files come in the order of the bytes of each component
// however many directories are read at once: "a.b" is after "a/z".
func TestOrder(t *testing.T) {
	want := []string{"B", "a/b/c/dd", "a/b/e", "a/z", "a.b", "c", "d/1/x", "d/2/x", "d/30", "é"}
	for i := range 300 {
		want = append(want, fmt.Sprintf("é%03d/%03d", i, i))
	}
	slices.SortFunc(want, func(x, y string) int { return slices.Compare(strings.Split(x, "/"), strings.Split(y, "/")) })
	_, fsys := tree(t, want...)
	for _, workers := range []int{1, 2, 8} {
		files, isDir, err := Tree(context.Background(), fsys, ".", "name", workers)
		if err != nil || !isDir {
			t.Fatal(isDir, err)
		}
		var got []string
		for _, f := range files {
			got = append(got, f.Source)
			if strings.Join(f.Path, "/") != f.Source || f.Length != int64(len(f.Path[len(f.Path)-1])) || f.ModTime.IsZero() {
				t.Errorf("%+v", f)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d workers: %q", workers, got)
		}
	}
}

func TestLoneFile(t *testing.T) {
	dir, fsys := tree(t, "in/file")
	if err := os.Chmod(filepath.Join(dir, "in", "file"), 0o755); err != nil {
		t.Fatal(err)
	}
	files, isDir, err := Tree(context.Background(), fsys, "in/file", "name", 1)
	if err != nil || isDir || len(files) != 1 {
		t.Fatal(files, isDir, err)
	}
	if f := files[0]; !slices.Equal(f.Path, []string{"name"}) || f.Source != "in/file" || f.Length != 4 || !f.Executable {
		t.Errorf("%+v", f)
	}
}

func TestLinks(t *testing.T) {
	for target, want := range map[string]string{
		"a": "d/a", "./x/../a": "d/a", "../e": "e", "sub/none": "d/sub/none",
		"../..": "", "../../top/e": "e", "../../other": "", "/etc/passwd": "", "..": "", "../CON": "",
	} {
		dir, fsys := tree(t, "top/d/a", "top/e")
		if err := os.Symlink(target, filepath.Join(dir, "top", "d", "link")); err != nil {
			t.Fatal(err)
		}
		files, _, err := Tree(context.Background(), fsys, "top", "name", 2)
		if want == "" {
			if !errors.Is(err, pathname.ErrSymlink) {
				t.Errorf("%s: %v", target, err)
			}
			continue
		}
		if err != nil || len(files) != 3 || strings.Join(files[1].Symlink, "/") != want || files[1].Length != 0 {
			t.Errorf("%s: %+v, %v", target, files, err)
		}
	}
}

func TestRefused(t *testing.T) {
	dir, fsys := tree(t, "pipe/a", "name/a/b/CON")
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe", "p"), 0o644); err != nil {
		t.Fatal(err)
	}
	for root, want := range map[string]error{
		"pipe": ErrNotRegular, "name": pathname.ErrReserved, "none": os.ErrNotExist,
	} {
		if _, _, err := Tree(context.Background(), fsys, root, "name", 2); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", root, err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Tree(ctx, fsys, ".", "name", 2); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want cancelled", err)
	}
}

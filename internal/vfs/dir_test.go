package vfs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/vfstest"
)

func TestDir(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS {
		d, err := vfs.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return d
	})
}

func TestOpenDirMissing(t *testing.T) {
	if _, err := vfs.OpenDir(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestOpenPath(t *testing.T) {
	dir := t.TempDir()
	other := t.TempDir()
	file := filepath.Join(other, "target")
	if err := os.WriteFile(file, []byte("data"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(other)
	for _, tt := range []struct{ path, name string }{
		{file, "target"},
		{"target", "target"},
		{"./x/../target", "target"},
		{filepath.Join(dir, "link"), "target"},
		{filepath.Join(dir, "new"), "new"},
		{string(filepath.Separator), "."},
	} {
		fsys, name, err := vfs.OpenPath(tt.path)
		if err != nil {
			t.Errorf("OpenPath(%q): %v", tt.path, err)
			continue
		}
		if name != tt.name {
			t.Errorf("OpenPath(%q) name %q, want %q", tt.path, name, tt.name)
		}
		if name == "target" {
			if data, err := vfs.ReadFile(fsys, name); err != nil || string(data) != "data" {
				t.Errorf("OpenPath(%q): read %q, %v", tt.path, data, err)
			}
		}
		if err := fsys.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := vfs.OpenPath(filepath.Join(dir, "none", "file")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing parent: %v", err)
	}
}

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		errno syscall.Errno
		kinds []error
	}{
		{syscall.ENOSPC, []error{vfs.ErrNoSpace, syscall.ENOSPC}},
		{syscall.EDQUOT, []error{vfs.ErrNoSpace}},
		{syscall.EROFS, []error{vfs.ErrReadOnly, fs.ErrPermission}},
		{syscall.EACCES, []error{fs.ErrPermission}},
		{syscall.EIO, []error{syscall.EIO}},
	} {
		system := &fs.PathError{Op: "write", Path: "f", Err: tt.errno}
		err := vfs.Classify(system)
		if err.Error() != system.Error() {
			t.Errorf("text %q, want %q", err, system)
		}
		for _, kind := range tt.kinds {
			if !errors.Is(err, kind) {
				t.Errorf("%v does not match %v", err, kind)
			}
		}
	}
	if errors.Is(vfs.Classify(syscall.EIO), vfs.ErrNoSpace) || vfs.Classify(nil) != nil {
		t.Error("matches what it is not")
	}
}

// TestReadVecAllocates nothing: it is how a seeder reads blocks.
func TestReadVecAllocates(t *testing.T) {
	d, err := vfs.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	f, err := d.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(1 << 20); err != nil {
		t.Fatal(err)
	}
	bufs := make([][]byte, 32)
	for i := range bufs {
		bufs[i] = make([]byte, 16384)
	}
	allocs := testing.AllocsPerRun(20, func() {
		if _, err := f.ReadVec(bufs, 4096); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

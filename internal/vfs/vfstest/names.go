package vfstest

import (
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
)

func names(t *testing.T, fsys vfs.FS) {
	for _, bad := range []string{"", "/", "/etc/passwd", "..", "../x", "a/../b", "a//b", "a/", "./a"} {
		_, err := fsys.Open(bad)
		fails(t, "open "+bad, err, fs.ErrInvalid)
		_, err = fsys.OpenFile(bad, os.O_RDWR|os.O_CREATE, 0o644)
		fails(t, "create "+bad, err, fs.ErrInvalid)
		_, err = fsys.Stat(bad)
		fails(t, "stat "+bad, err, fs.ErrInvalid)
		_, err = fsys.ReadDir(bad)
		fails(t, "readdir "+bad, err, fs.ErrInvalid)
		fails(t, "mkdir "+bad, fsys.MkdirAll(bad, 0o755), fs.ErrInvalid)
		fails(t, "remove "+bad, fsys.Remove(bad), fs.ErrInvalid)
		fails(t, "rename "+bad, fsys.Rename(bad, "ok"), fs.ErrInvalid)
		fails(t, "symlink "+bad, fsys.Symlink("ok", bad), fs.ErrInvalid)
	}
	wantNames(t, fsys, ".")
	create(t, fsys, "b", "1")
	create(t, fsys, "a/x", "2")
	must(t, fsys.MkdirAll("c/d/e", 0o755))
	must(t, fsys.MkdirAll("c/d", 0o755))
	wantNames(t, fsys, ".", "a", "b", "c")
	wantNames(t, fsys, "c", "d")
	fails(t, "mkdir over a file", fsys.MkdirAll("b/x", 0o755), nil)
	_, err := fsys.ReadDir("b")
	fails(t, "readdir of a file", err, nil)
	_, err = fsys.Stat("b/x")
	fails(t, "stat below a file", err, nil)
	_, err = vfs.ReadFile(fsys, "a")
	fails(t, "read a directory", err, nil)
}

func rename(t *testing.T, fsys vfs.FS) {
	create(t, fsys, "a", "one")
	create(t, fsys, "dir/b", "two")
	must(t, fsys.Rename("a", "dir/b"))
	wantFile(t, fsys, "dir/b", "one")
	wantNames(t, fsys, ".", "dir")
	must(t, fsys.Rename("dir", "moved"))
	wantFile(t, fsys, "moved/b", "one")
	fails(t, "rename what is not there", fsys.Rename("a", "z"), fs.ErrNotExist)
	fails(t, "rename into no directory", fsys.Rename("moved/b", "no/b"), fs.ErrNotExist)
	fails(t, "rename into itself", fsys.Rename("moved", "moved/in"), nil)
	create(t, fsys, "file", "three")
	fails(t, "rename a file over a directory", fsys.Rename("file", "moved"), nil)
	fails(t, "rename a directory over a file", fsys.Rename("moved", "file"), nil)
	must(t, fsys.Rename("file", "file"))
	wantFile(t, fsys, "file", "three")

	f, err := fsys.OpenFile("file", os.O_RDWR, 0)
	must(t, err)
	must(t, fsys.Rename("file", "later"))
	_, err = f.WriteAt([]byte("T"), 0)
	must(t, err)
	must(t, f.Close())
	wantFile(t, fsys, "later", "Three")
}

func remove(t *testing.T, fsys vfs.FS) {
	create(t, fsys, "dir/file", "data")
	fails(t, "remove a full directory", fsys.Remove("dir"), nil)
	must(t, fsys.Remove("dir/file"))
	must(t, fsys.Remove("dir"))
	fails(t, "remove again", fsys.Remove("dir"), fs.ErrNotExist)
	wantNames(t, fsys, ".")
}

func symlinks(t *testing.T, fsys vfs.FS) {
	create(t, fsys, "dir/file", "data")
	must(t, fsys.Symlink("dir", "link"))
	must(t, fsys.Symlink("../dir/file", "dir/back"))
	wantFile(t, fsys, "link/file", "data")
	wantFile(t, fsys, "link/back", "data")
	if target, err := fsys.Readlink("dir/back"); err != nil || target != "../dir/file" {
		t.Errorf("Readlink = %q, %v", target, err)
	}
	_, err := fsys.Readlink("dir/file")
	fails(t, "readlink of a file", err, nil)
	fails(t, "symlink over a name", fsys.Symlink("dir", "link"), fs.ErrExist)
	st, err := fsys.Lstat("link")
	must(t, err)
	if st.Mode().Type() != fs.ModeSymlink {
		t.Errorf("Lstat mode %v", st.Mode())
	}
	st, err = fsys.Stat("link")
	must(t, err)
	if !st.IsDir() {
		t.Errorf("Stat mode %v", st.Mode())
	}
	must(t, fsys.Symlink("loop", "loop"))
	_, err = fsys.Open("loop")
	fails(t, "open a loop", err, nil)
	must(t, fsys.Symlink("none", "dangling"))
	_, err = fsys.Open("dangling")
	fails(t, "open a dangling link", err, fs.ErrNotExist)
	_, err = fsys.OpenFile("dangling", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	fails(t, "create over a dangling link", err, fs.ErrExist)
	must(t, fsys.Remove("link"))
	wantFile(t, fsys, "dir/file", "data")
}

// escapes checks that no link leads outside, neither to read nor to write.
func escapes(t *testing.T, fsys vfs.FS) {
	must(t, fsys.MkdirAll("dir", 0o755))
	for _, link := range [][2]string{
		{"absolute", "/"}, {"up", ".."}, {"dir/up", "../.."}, {"dir/deep", "../../../../../../../tmp"},
		{"via", "dir/up"},
	} {
		name := link[0]
		must(t, fsys.Symlink(link[1], name))
		_, err := fsys.Stat(name)
		fails(t, "stat "+name, err, nil)
		_, err = fsys.ReadDir(name)
		fails(t, "readdir "+name, err, nil)
		_, err = fsys.OpenFile(name+"/planted", os.O_RDWR|os.O_CREATE, 0o644)
		fails(t, "create below "+name, err, nil)
		fails(t, "mkdir below "+name, fsys.MkdirAll(name+"/planted", 0o755), nil)
		fails(t, "rename below "+name, fsys.Rename("dir", name+"/planted"), nil)
		fails(t, "remove below "+name, fsys.Remove(name+"/planted"), nil)
	}
}

func writeAtomic(t *testing.T, fsys vfs.FS) {
	for _, data := range []string{"first", "", "second"} {
		must(t, vfs.WriteFileAtomic(fsys, "dir/sub/file", []byte(data), 0o600))
		wantFile(t, fsys, "dir/sub/file", data)
		wantNames(t, fsys, "dir/sub", "file")
	}
	must(t, vfs.WriteFileAtomic(fsys, "top", []byte("data"), 0o600))
	must(t, fsys.MkdirAll("taken/x", 0o755))
	fails(t, "write over a directory", vfs.WriteFileAtomic(fsys, "taken", nil, 0o600), nil)
	wantNames(t, fsys, ".", "dir", "taken", "top")
}

func walk(t *testing.T, fsys vfs.FS) {
	for _, name := range []string{"a/1", "a/2", "b/skipped/x", "c"} {
		create(t, fsys, name, "")
	}
	must(t, fsys.Symlink("a", "link"))
	var got []string
	must(t, vfs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		must(t, err)
		if d.Name() == "skipped" {
			return fs.SkipDir
		}
		got = append(got, name)
		return nil
	}))
	want := []string{".", "a", "a/1", "a/2", "b", "c", "link"}
	if !slices.Equal(got, want) {
		t.Errorf("walked %q, want %q", got, want)
	}
	err := vfs.WalkDir(fsys, "none", func(_ string, _ fs.DirEntry, err error) error { return err })
	fails(t, "walk what is not there", err, fs.ErrNotExist)
}

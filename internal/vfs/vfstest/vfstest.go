// Package vfstest checks that an implementation of [vfs.FS] keeps its promises.
// Each implementation runs the same suite.
package vfstest

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Run runs the suite; open returns a new, empty tree each time.
func Run(t *testing.T, open func(t *testing.T) vfs.FS) {
	for name, test := range map[string]func(*testing.T, vfs.FS){
		"content":      content,
		"vectors":      vectors,
		"sizes":        sizes,
		"open flags":   openFlags,
		"closed":       closed,
		"names":        names,
		"rename":       rename,
		"remove":       remove,
		"symlinks":     symlinks,
		"escapes":      escapes,
		"times":        times,
		"free":         free,
		"lock":         lock,
		"write atomic": writeAtomic,
		"walk":         walk,
	} {
		t.Run(name, func(t *testing.T) {
			fsys := open(t)
			test(t, fsys)
			must(t, fsys.Close())
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails checks that err matches kind; a nil kind stands for any error.
func fails(t *testing.T, what string, err, kind error) {
	t.Helper()
	if err == nil || kind != nil && !errors.Is(err, kind) {
		t.Errorf("%s: error %v, want %v", what, err, kind)
	}
}

func create(t *testing.T, fsys vfs.FS, name, data string) {
	t.Helper()
	f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	must(t, err)
	_, err = f.WriteAt([]byte(data), 0)
	must(t, err)
	must(t, f.Close())
}

func wantFile(t *testing.T, fsys vfs.FS, name, want string) {
	t.Helper()
	got, err := vfs.ReadFile(fsys, name)
	if err != nil || string(got) != want {
		t.Errorf("%s: %q, %v; want %q", name, got, err, want)
	}
}

func wantNames(t *testing.T, fsys vfs.FS, dir string, want ...string) {
	t.Helper()
	list, err := fsys.ReadDir(dir)
	must(t, err)
	var got []string
	for _, e := range list {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("names in %s: %q, want %q", dir, got, want)
	}
}

func content(t *testing.T, fsys vfs.FS) {
	f, err := fsys.OpenFile("a/b/file", os.O_RDWR|os.O_CREATE, 0o644)
	must(t, err)
	_, err = f.WriteAt([]byte("world"), 6)
	must(t, err)
	_, err = f.WriteAt([]byte("hello"), 0)
	must(t, err)
	must(t, f.Sync())
	p := make([]byte, 20)
	if n, err := f.ReadAt(p, 0); n != 11 || err != io.EOF || string(p[:n]) != "hello\x00world" {
		t.Errorf("ReadAt = %d, %v, %q", n, err, p[:n])
	}
	if n, err := f.ReadAt(p, 99); n != 0 || err != io.EOF {
		t.Errorf("ReadAt behind the end = %d, %v", n, err)
	}
	if n, err := f.ReadAt(p[:5], 6); n != 5 || err != nil {
		t.Errorf("ReadAt of the last bytes = %d, %v", n, err)
	}
	st, err := f.Stat()
	must(t, err)
	if st.Name() != "file" || st.Size() != 11 || !st.Mode().IsRegular() {
		t.Errorf("Stat = %s %d %v", st.Name(), st.Size(), st.Mode())
	}
	must(t, f.Close())
}

func vectors(t *testing.T, fsys vfs.FS) {
	want := make([]byte, 100_000)
	for i := range want {
		want[i] = byte(i * i >> 3)
	}
	create(t, fsys, "file", string(want))
	f, err := fsys.Open("file")
	must(t, err)
	bufs := make([][]byte, 30) // more than one system call takes
	for i := range bufs {
		bufs[i] = make([]byte, i*100)
	}
	const total = 29 * 30 / 2 * 100
	n, err := f.ReadVec(bufs, 7)
	if n != total || err != nil || !bytes.Equal(slices.Concat(bufs...), want[7:7+total]) {
		t.Errorf("ReadVec = %d, %v", n, err)
	}
	n, err = f.ReadVec(bufs, 100_000-1000)
	if n != 1000 || !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.Equal(slices.Concat(bufs...)[:1000], want[99_000:]) {
		t.Errorf("ReadVec over the end = %d, %v", n, err)
	}
	if n, err = f.ReadVec(nil, 0); n != 0 || err != nil {
		t.Errorf("ReadVec of nothing = %d, %v", n, err)
	}
	must(t, f.Close())
}

func sizes(t *testing.T, fsys vfs.FS) {
	f, err := fsys.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
	must(t, err)
	size := func(want int64) {
		t.Helper()
		st, err := f.Stat()
		must(t, err)
		if st.Size() != want {
			t.Errorf("size %d, want %d", st.Size(), want)
		}
	}
	must(t, f.Allocate(0))
	size(0)
	must(t, f.Allocate(10_000))
	size(10_000)
	_, err = f.WriteAt([]byte("abcdef"), 0)
	must(t, err)
	must(t, f.Allocate(5_000))
	size(10_000)
	must(t, f.Truncate(3))
	size(3)
	must(t, f.Truncate(5))
	wantFile(t, fsys, "file", "abc\x00\x00")
	must(t, f.Close())
}

func openFlags(t *testing.T, fsys vfs.FS) {
	_, err := fsys.Open("none")
	fails(t, "open what is not there", err, fs.ErrNotExist)
	_, err = fsys.OpenFile("none", os.O_RDWR, 0o644)
	fails(t, "open without O_CREATE", err, fs.ErrNotExist)
	create(t, fsys, "file", "data")
	_, err = fsys.OpenFile("file", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	fails(t, "open with O_EXCL", err, fs.ErrExist)
	_, err = fsys.OpenFile("file", os.O_RDWR|os.O_APPEND, 0o644)
	fails(t, "open with O_APPEND", err, fs.ErrInvalid)
	_, err = fsys.OpenFile("file/below", os.O_RDWR|os.O_CREATE, 0o644)
	fails(t, "create below a file", err, nil)
	must(t, fsys.MkdirAll("dir", 0o755))
	_, err = fsys.OpenFile("dir", os.O_RDWR, 0o644)
	fails(t, "open a directory to write", err, nil)

	f, err := fsys.Open("file")
	must(t, err)
	_, err = f.WriteAt([]byte("x"), 0)
	fails(t, "write to a file open for reading", err, nil)
	must(t, f.Close())
	wantFile(t, fsys, "file", "data")
	create(t, fsys, "file", "new") // O_TRUNC
	wantFile(t, fsys, "file", "new")
}

func closed(t *testing.T, fsys vfs.FS) {
	f, err := fsys.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
	must(t, err)
	must(t, f.Close())
	p := make([]byte, 1)
	_, err = f.ReadAt(p, 0)
	fails(t, "read", err, fs.ErrClosed)
	_, err = f.WriteAt(p, 0)
	fails(t, "write", err, fs.ErrClosed)
	_, err = f.ReadVec([][]byte{p}, 0)
	fails(t, "read vector", err, fs.ErrClosed)
	fails(t, "allocate", f.Allocate(1), fs.ErrClosed)
	fails(t, "truncate", f.Truncate(1), fs.ErrClosed)
	fails(t, "sync", f.Sync(), fs.ErrClosed)
	fails(t, "close", f.Close(), fs.ErrClosed)
}

func times(t *testing.T, fsys vfs.FS) {
	create(t, fsys, "file", "data")
	want := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	must(t, fsys.Chtimes("file", want, want))
	st, err := fsys.Stat("file")
	must(t, err)
	if !st.ModTime().Equal(want) {
		t.Errorf("mtime %v, want %v", st.ModTime(), want)
	}
	create(t, fsys, "file", "more")
	st, err = fsys.Stat("file")
	must(t, err)
	if !st.ModTime().After(want) {
		t.Errorf("mtime %v did not move with a write", st.ModTime())
	}
}

func free(t *testing.T, fsys vfs.FS) {
	if n, err := fsys.Free(); err != nil || n <= 0 {
		t.Errorf("Free = %d, %v", n, err)
	}
}

func lock(t *testing.T, fsys vfs.FS) {
	l, ok := fsys.(vfs.Locker)
	if !ok {
		t.Fatalf("%T has no locks", fsys)
	}
	held, err := l.Lock("lock")
	must(t, err)
	_, err = l.Lock("lock")
	fails(t, "lock again", err, vfs.ErrLocked)
	must(t, held.Close())
	held, err = l.Lock("lock")
	must(t, err)
	must(t, held.Close())
}

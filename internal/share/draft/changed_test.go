package draft_test

import (
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// What has come or changed since it was looked through has been shown to nobody, and is
// not shared, with and without a copy.
func TestChanged(t *testing.T) {
	for name, change := range map[string]func(*world){
		"a new file":   func(w *world) { w.put(t, "disk/a/sub/photo.jpg", sample(t, "made.jpg")) },
		"another one":  func(w *world) { w.put(t, "disk/a/text", []byte("HELLO")) },
		"one less":     func(w *world) { _ = w.disk.Remove("disk/a/old") },
		"another name": func(w *world) { _ = w.disk.Rename("disk/a/old", "disk/a/new") },
	} {
		for _, strip := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				w := open(t)
				defer w.Close()
				w.put(t, "disk/a/text", []byte("hello"))
				w.put(t, "disk/a/old", []byte("old"))
				w.put(t, "disk/a/made.png", sample(t, "made.png"))
				one := w.begin(t, "/disk/a")
				change(w)
				said := terms()
				said.Strip = strip
				if _, err := w.Share(one.ID, said); err != nil {
					t.Fatal(err)
				}
				if one = w.wait(t, one.ID); one.State != draft.Failed || !errors.Is(one.Err, draft.ErrChanged) || len(w.book.made) > 0 {
					t.Errorf("%s, strip %v: %v, %v", name, strip, one.State, one.Err)
				}
				if left, err := w.disk.ReadDir("copies"); err == nil && len(left) > 0 {
					t.Errorf("%s: the copy stays", name)
				}
			})
		}
	}
}

// vanishing is a disk on which a folder is listed so often, and then no longer.
type vanishing struct {
	vfs.FS
	left *int
}

func (v vanishing) ReadDir(name string) ([]fs.DirEntry, error) {
	if *v.left--; *v.left < 0 {
		return nil, fs.ErrPermission
	}
	return v.FS.ReadDir(name)
}

// What was not looked through to the end is not shared.
func TestHalfLooked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk, left, made := memfs.New(), 1, new(notes)
		if err := vfs.WriteFileAtomic(disk, "a/photo.jpg", sample(t, "made.jpg"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := draft.New(draft.Config{
			Private: "/state", Content: func() []string { return nil }, Book: made, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Copies: func() string { return "/c" },
			Disk: draft.Disk{
				Real: func(path string) (string, error) { return path, nil },
				Open: func(path string) (vfs.FS, string, error) {
					return vanishing{disk, &left}, strings.TrimPrefix(path, "/"), nil
				},
			},
		})
		defer d.Close()
		one, err := d.Begin("/a")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if one, err = d.Get(one.ID); err != nil || one.State != draft.Failed || one.Files != 1 {
			t.Fatalf("%+v, %v", one, err)
		}
		left = 100
		if _, err := d.Share(one.ID, terms()); !errors.Is(err, draft.ErrBusy) {
			t.Errorf("shared: %v", err)
		}
	})
}

// Where copies are made within what is shared, they are no part of themselves.
func TestCopyWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk, made := memfs.New(), new(notes)
		if err := vfs.WriteFileAtomic(disk, "a/photo.jpg", sample(t, "made.jpg"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := draft.New(draft.Config{
			Private: "/state", Content: func() []string { return nil }, Book: made, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
			Copies: func() string { return "/a/shared copies" },
			Disk: draft.Disk{
				Real: func(path string) (string, error) { return path, nil },
				Open: func(path string) (vfs.FS, string, error) { return disk, strings.TrimPrefix(path, "/"), nil },
				Make: func(path string) error { return disk.MkdirAll(strings.TrimPrefix(path, "/"), 0o755) },
			},
		})
		defer d.Close()
		for n := range 2 { // the second time there is a copy
			one, err := d.Begin("/a")
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			said := terms()
			said.Strip = true
			if _, err := d.Share(one.ID, said); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if one, err = d.Get(one.ID); err != nil || one.State != draft.Done {
				t.Fatalf("%d: %v, %v, %v", n, one.State, one.Err, err)
			}
			if files, _ := record.FilesOf(&made.made[n].Metainfo.Info); len(files) != n+1 {
				t.Errorf("%d: %v", n, files)
			}
		}
	})
}

// endless is a disk on which a picture does not end.
type endless struct {
	vfs.FS
	begun func()
}

type endlessFile struct {
	vfs.File
	begun func()
}

type endlessInfo struct{ fs.FileInfo }

func (endlessInfo) Size() int64 { return 1 << 60 }

type endlessEntry struct{ fs.DirEntry }

func (e endlessEntry) Info() (fs.FileInfo, error) {
	i, err := e.DirEntry.Info()
	return endlessInfo{i}, err
}

func (d endless) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := d.FS.ReadDir(name)
	for i, e := range list {
		list[i] = endlessEntry{e}
	}
	return list, err
}

func (d endless) Open(name string) (vfs.File, error) {
	f, err := d.FS.Open(name)
	return endlessFile{f, d.begun}, err
}

func (f endlessFile) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	if off == 0 {
		copy(p, "\xff\xd8\xff\xd9")
	} else {
		f.begun()
	}
	return len(p), nil
}

// A draft ends when it is dropped, in the middle of a file as well.
func TestDroppedInside(t *testing.T) {
	disk := memfs.New()
	if err := vfs.WriteFileAtomic(disk, "a/photo.jpg", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	inside := make(chan struct{})
	begun := sync.OnceFunc(func() { close(inside) })
	d := draft.New(draft.Config{
		Private: "/state", Content: func() []string { return nil }, Book: new(notes), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Copies: func() string { return "/c" },
		Disk: draft.Disk{
			Real: func(path string) (string, error) { return path, nil },
			Open: func(path string) (vfs.FS, string, error) {
				return endless{disk, begun}, strings.TrimPrefix(path, "/"), nil
			},
		},
	})
	one, err := d.Begin("/a")
	if err != nil {
		t.Fatal(err)
	}
	<-inside
	if err := errors.Join(d.Drop(one.ID), d.Close()); err != nil {
		t.Error(err)
	}
}

// What others could not store under its name is not shared, which is said before anything
// is hashed.
func TestNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.Close()
		w.put(t, "disk/a/sub/aux", []byte("x"))
		if one := w.begin(t, "/disk/a"); one.State != draft.Failed || !errors.Is(one.Err, draft.ErrName) || !strings.Contains(one.Err.Error(), `"a/sub/aux"`) {
			t.Errorf("a device of Windows: %v, %v", one.State, one.Err)
		}
		w.put(t, "disk/b/text", []byte("x"))
		w.put(t, "disk/b/TEXT", []byte("y"))
		one := w.begin(t, "/disk/b")
		if _, err := w.Share(one.ID, terms()); err != nil {
			t.Fatal(err)
		}
		if one = w.wait(t, one.ID); one.State != draft.Failed || !errors.Is(one.Err, draft.ErrName) {
			t.Errorf("one name twice: %v, %v", one.State, one.Err)
		}
	})
}

// piped is a disk on which all is a pipe.
type piped struct{ vfs.FS }

type pipeInfo struct{ fs.FileInfo }

func (pipeInfo) Mode() fs.FileMode { return fs.ModeNamedPipe | 0o600 }

func (d piped) Stat(name string) (fs.FileInfo, error) {
	i, err := d.FS.Stat(name)
	return pipeInfo{i}, err
}

// What is no file is not called empty.
func TestSpecial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := memfs.New()
		if err := vfs.WriteFileAtomic(disk, "pipe", []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := draft.New(draft.Config{
			Private: "/state", Content: func() []string { return nil }, Book: new(notes), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Copies: func() string { return "/c" },
			Disk: draft.Disk{
				Real: func(path string) (string, error) { return path, nil },
				Open: func(path string) (vfs.FS, string, error) { return piped{disk}, strings.TrimPrefix(path, "/"), nil },
			},
		})
		defer d.Close()
		one, err := d.Begin("/pipe")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if one, err = d.Get(one.ID); err != nil || !errors.Is(one.Err, draft.ErrSpecial) {
			t.Errorf("%v, %v", one.Err, err)
		}
	})
}

// What a node that ended at once has left of a copy is removed when the next one is made;
// what was shared stays, as does what is not ours.
func TestLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.Close()
		w.put(t, "disk/a/photo.jpg", sample(t, "made.jpg"))
		w.put(t, "copies/left/.unfinished", nil)
		w.put(t, "copies/left/a/sub/half.jpg", []byte("x"))
		w.put(t, "copies/mine/text", []byte("x"))
		for n := range 2 {
			one := w.begin(t, "/disk/a")
			said := terms()
			said.Strip = true
			if _, err := w.Share(one.ID, said); err != nil {
				t.Fatal(err)
			}
			if one = w.wait(t, one.ID); one.State != draft.Done {
				t.Fatal(one.Err)
			}
			list, err := w.disk.ReadDir("copies")
			if err != nil || len(list) != n+2 {
				t.Errorf("%d: %v, %v", n, list, err)
			}
			for _, e := range list {
				if e.Name() == "left" {
					t.Error("it is there still")
				}
			}
		}
	})
}

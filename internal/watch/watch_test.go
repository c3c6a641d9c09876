package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is folders in memory, and a library that says what was added.
type world struct {
	in, out *memfs.FS

	mu    sync.Mutex
	added []string
	err   error
}

func (w *world) open(path string) (vfs.FS, error) {
	switch path {
	case "/in":
		return w.in, nil
	case "/out":
		return w.out, nil
	}
	return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

func (w *world) Add(_ context.Context, a library.Add) (*library.Torrent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return nil, w.err
	}
	name := ""
	if a.Metainfo != nil {
		name = a.Metainfo.Info.Name
	} else {
		name = a.Magnet.Hashes.String()[:4]
	}
	if slices.ContainsFunc(w.added, func(s string) bool { return strings.Fields(s)[0] == name }) {
		return &library.Torrent{}, fmt.Errorf("add: %w", library.ErrDuplicate)
	}
	w.added = append(w.added, strings.TrimSpace(fmt.Sprintf("%s %s %s %v %v", name, a.Category, a.Dir, a.Labels, a.Paused != nil && *a.Paused)))
	return &library.Torrent{}, nil
}

func (w *world) got() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.added, "; ")
}

func torrentFile(name string) string {
	return fmt.Sprintf("d4:infod6:lengthi1e4:name%d:%s12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee", len(name), name)
}

func (w *world) put(t *testing.T, name, text string) {
	t.Helper()
	f, err := w.in.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(text), 0); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
}

func files(t *testing.T, fsys vfs.FS) string {
	t.Helper()
	list, err := fsys.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func start(t *testing.T, w *world, folders ...Folder) *Watch {
	t.Helper()
	w.in, w.out = memfs.New(), memfs.New()
	watch, err := New(Config{Folders: folders, Library: w, Open: w.open, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Poll: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = watch.Close() })
	synctest.Wait() // the first look is over: what a test puts there is seen all at once
	return watch
}

func TestAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paused := true
		var w world
		watch := start(t, &w, Folder{Path: "/in", Category: "c", Labels: []string{"l"}, Dir: "/srv", Paused: &paused})
		a, b := strings.Repeat("a", 40), strings.Repeat("b", 40)
		w.put(t, "one.torrent", torrentFile("one"))
		w.put(t, "TWO.TORRENT", torrentFile("two"))
		w.put(t, "links.magnet", "magnet:?xt=urn:btih:"+a+"\r\n\nmagnet:?xt=urn:btih:"+b+"&dn=x\n")
		w.put(t, "readme.txt", "no")
		w.put(t, ".hidden.torrent", torrentFile("hidden"))
		if err := w.in.MkdirAll("folder.torrent", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := w.in.Symlink("readme.txt", "link.torrent"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Second)
		if got := w.got(); got != "two c /srv [l] true; aaaa c /srv [l] true; bbbb c /srv [l] true; one c /srv [l] true" {
			t.Error(got)
		}
		if got := files(t, w.in); got != ".hidden.torrent TWO.TORRENT.added folder.torrent link.torrent links.magnet.added one.torrent.added readme.txt" {
			t.Error(got)
		}
		// The same again is there already, and that is fine.
		w.put(t, "again.torrent", torrentFile("one"))
		time.Sleep(15 * time.Second)
		if res := watch.Results(); len(res) != 4 || res[0].File != "/in/again.torrent" || res[0].Problem != "" {
			t.Errorf("%+v", res)
		}
	})
}

func TestThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w world
		watch := start(t, &w, Folder{Path: "/in", Then: Move, To: "/out"})
		w.put(t, "one.torrent", torrentFile("one"))
		time.Sleep(15 * time.Second)
		if in, out := files(t, w.in), files(t, w.out); in != "" || out != "one.torrent" {
			t.Errorf("%s, %s", in, out)
		}
		if err := watch.Set([]Folder{{Path: "/in", Then: Delete}}); err != nil {
			t.Fatal(err)
		}
		w.put(t, "two.torrent", torrentFile("two"))
		time.Sleep(15 * time.Second)
		if in := files(t, w.in); in != "" || w.got() != "one   [] false; two   [] false" {
			t.Errorf("%s: %s", in, w.got())
		}
	})
}

// A file is taken when it is whole, however long that takes.
func TestWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w world
		start(t, &w, Folder{Path: "/in"})
		text := torrentFile("one")
		for i := 10; i < len(text); i += 10 {
			w.put(t, "one.torrent", text[:i])
			time.Sleep(8 * time.Second)
			if got := w.got() + files(t, w.in); got != "one.torrent" {
				t.Fatalf("after %d bytes: %s", i, got)
			}
		}
		w.put(t, "one.torrent", text)
		time.Sleep(5 * time.Second)
		if got := files(t, w.in); got != "one.torrent.added" {
			t.Error(got)
		}
	})
}

func TestInvalid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w world
		watch := start(t, &w, Folder{Path: "/in"})
		w.put(t, "bad.torrent", "<html>")
		w.put(t, "bad.magnet", "http://example/")
		w.put(t, "empty.magnet", "\n")
		w.put(t, "empty.torrent", "")
		f, err := w.in.OpenFile("huge.torrent", os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(maxFile + 1); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		time.Sleep(8 * time.Second)
		if got := files(t, w.in); strings.Contains(got, "invalid") {
			t.Errorf("given up too soon: %s", got)
		}
		time.Sleep(30 * time.Second)
		if got := files(t, w.in); got != "bad.magnet.invalid bad.torrent.invalid empty.magnet.invalid empty.torrent.invalid huge.torrent.invalid" || w.got() != "" {
			t.Error(got)
		}
		for _, r := range watch.Results() {
			if r.Problem == "" || r.Torrent != 0 {
				t.Errorf("%+v", r)
			}
		}
		// What the library does not want is named so; what fails here is tried again.
		w.mu.Lock()
		w.err = &library.InputError{Field: "dir", Problem: "no"}
		w.mu.Unlock()
		w.put(t, "unwanted.torrent", torrentFile("u"))
		time.Sleep(15 * time.Second)
		w.mu.Lock()
		w.err = errors.New("the disk is full")
		w.mu.Unlock()
		w.put(t, "full.torrent", torrentFile("f"))
		time.Sleep(15 * time.Second)
		if got := files(t, w.in); !strings.Contains(got, "full.torrent huge") || !strings.Contains(got, "unwanted.torrent.invalid") {
			t.Error(got)
		}
		w.mu.Lock()
		w.err = nil
		w.mu.Unlock()
		time.Sleep(2 * later)
		if got := files(t, w.in); !strings.Contains(got, "full.torrent.added") {
			t.Error(got)
		}
	})
}

// A folder that cannot be written to gives each torrent once.
func TestReadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w world
		watch := start(t, &w, Folder{Path: "/in"})
		w.put(t, "one.torrent", torrentFile("one"))
		w.put(t, "bad.torrent", "x")
		w.in.SetFault(func(op, _ string, _ int64, _ int) error {
			if op == "rename" {
				return fs.ErrPermission
			}
			return nil
		})
		time.Sleep(time.Hour)
		res := watch.Results()
		if len(res) != 2 || !strings.Contains(res[1].Problem, "stays there") || !strings.Contains(res[0].Problem, "cannot be renamed") {
			t.Errorf("%+v", res)
		}
	})
}

func TestFolders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w world
		watch := start(t, &w, Folder{Path: "/gone"}, Folder{Path: "/in"})
		w.put(t, "one.torrent", torrentFile("one"))
		time.Sleep(15 * time.Second)
		list := watch.List()
		if len(list) != 2 || list[0].Problem != "file does not exist" || list[1].Problem != "" || w.got() == "" {
			t.Errorf("%+v", list)
		}
		for _, bad := range [][]Folder{
			{{Path: "in"}}, {{Path: "/in", Dir: "x"}}, {{Path: "/in", Then: "burn"}}, {{Path: "/in", Then: Move}}, {{Path: "/in", Then: Move, To: "/in/"}},
			{{Path: "/in"}, {Path: "/in/"}}, make([]Folder, maxFolders+1),
		} {
			if err := watch.Set(bad); err == nil {
				t.Errorf("%+v was taken", bad)
			}
			if _, err := New(Config{Folders: bad}); err == nil {
				t.Errorf("%+v was taken at first", bad)
			}
		}
	})
}

func TestParseFolder(t *testing.T) {
	f, err := ParseFolder("/srv/in a | category=tv = x|labels=a,b |dir=/srv/tv| paused | then=move | to=/done")
	if err != nil || f.Path != "/srv/in a" || f.Category != "tv = x" || len(f.Labels) != 2 || f.Dir != "/srv/tv" || f.Paused == nil || !*f.Paused || f.Then != Move || f.To != "/done" {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := ParseFolder("in | started"); err != nil || *f.Paused || f.Path != "in" {
		t.Errorf("%+v, %v", f, err)
	}
	for _, bad := range []string{"", " | paused", "/in | ", "/in | burn", "/in | categorie=x"} {
		if f, err := ParseFolder(bad); err == nil {
			t.Errorf("%q: %+v", bad, f)
		}
	}
}

func TestParseFolders(t *testing.T) {
	full := func(at string) string { return filepath.Join("/base", at) }
	list, err := ParseFolders([]string{"a | to=b", "c | dir=d"}, full)
	if err != nil || len(list) != 2 || list[0].Path != "/base/a" || list[0].To != "/base/b" || list[0].Dir != "" || list[1].Dir != "/base/d" {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := ParseFolders([]string{"a", "b | c"}, full); err == nil {
		t.Error("a wrong one was taken")
	}
}

// The system tells of a file: it is there long before the next look.
func TestNotified(t *testing.T) {
	var w world
	dir := t.TempDir()
	started := time.Now()
	watch, err := New(Config{
		Folders: []Folder{{Path: dir}}, Library: &w, Open: func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
		Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Every: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Close() }()
	if watch.notify == nil {
		t.Skip("the system has no watchers left")
	}
	if err := os.WriteFile(filepath.Join(dir, "one.torrent"), []byte(torrentFile("one")), 0o600); err != nil {
		t.Fatal(err)
	}
	for w.got() == "" && time.Since(started) < time.Minute {
		time.Sleep(20 * time.Millisecond)
	}
	for time.Since(started) < time.Minute {
		if _, err := os.Stat(filepath.Join(dir, "one.torrent.added")); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%+v", watch.Results())
}

// What is kept of a folder in a configuration is what was said of it.
func TestText(t *testing.T) {
	yes, no := true, false
	for _, f := range []Folder{
		{Path: "/in"}, {Path: "/in a", Category: "tv = x", Labels: []string{"a", "b"}, Dir: "/srv/tv", Paused: &yes, Then: Move, To: "/done"},
		{Path: "/in", Paused: &no, Then: Delete}, {Path: "/in", Labels: []string{"paused"}},
	} {
		text, err := f.Text()
		if err != nil {
			t.Errorf("%+v: %v", f, err)
			continue
		}
		got, err := ParseFolder(text)
		if err != nil || got.Path != f.Path || got.Category != f.Category || !slices.Equal(got.Labels, f.Labels) || got.Dir != f.Dir || got.Then != f.Then || got.To != f.To ||
			(got.Paused == nil) != (f.Paused == nil) || got.Paused != nil && *got.Paused != *f.Paused {
			t.Errorf("%q: %+v, %v, want %+v", text, got, err, f)
		}
	}
	for _, f := range []Folder{
		{}, {Path: "/in | then=delete"}, {Path: "/in "}, {Path: "/in", Category: "a|then=delete"}, {Path: "/in", Category: "a "}, {Path: "/in", Labels: []string{"a,b"}},
		{Path: "/in", Labels: []string{""}}, {Path: "/in", Labels: []string{"a", "b|paused"}}, {Path: "/in", Dir: "/a | to=/b"}, {Path: "/in", To: "/a|paused"},
	} {
		if text, err := f.Text(); err == nil {
			t.Errorf("%+v was written as %q", f, text)
		}
	}
}

func FuzzParseFolder(f *testing.F) {
	f.Add("/srv/in | category=tv | labels=a,b | dir=/srv/tv | paused | then=move | to=/srv/done")
	f.Add("/in | started")
	f.Fuzz(func(t *testing.T, text string) {
		folder, err := ParseFolder(text)
		if err != nil {
			return
		}
		again, err := folder.Text()
		if err != nil {
			return // a label or the like that cannot be written, such as an empty one
		}
		if same, err := ParseFolder(again); err != nil || fmt.Sprint(same.Path, same.Category, same.Labels, same.Dir, same.Then, same.To) != fmt.Sprint(folder.Path, folder.Category, folder.Labels, folder.Dir, folder.Then, folder.To) {
			t.Errorf("%q is %+v, and %q %+v: %v", text, folder, again, same, err)
		}
	})
}

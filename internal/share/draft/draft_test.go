package draft_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/draft/caution"
	"github.com/warren-p2p/warren/internal/share/inspect"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// world is a disk with a desk, and a book that takes everything.
type world struct {
	*draft.Desk
	disk *memfs.FS
	book *notes
	log  bytes.Buffer
}

// notes are what a book was told.
type notes struct {
	mu      sync.Mutex
	made    []book.New
	public  int
	refuse  error
	publish error
}

func (n *notes) Create(_ context.Context, one book.New) (book.Share, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refuse != nil {
		return book.Share{}, n.refuse
	}
	n.made = append(n.made, one)
	s := book.Share{State: book.Active}
	s.ID, s.Said = one.ID, one.Said
	return s, nil
}

func (n *notes) Publish(_ context.Context, id record.ID, _ book.Publication) (book.Share, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.public++
	s := book.Share{State: book.Active}
	s.ID, s.Public = id, "public"
	return s, n.publish
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{disk: memfs.New(), book: new(notes)}
	w.Desk = draft.New(draft.Config{
		Book: w.book, Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(&w.log, nil)), Names: caution.Names{"erika"},
		Copies: func() string { return "/copies" }, Private: "/state", Content: func() []string { return []string{"/state/downloads"} },
		Disk: draft.Disk{
			Real: func(path string) (string, error) { return path, nil },
			Open: func(path string) (vfs.FS, string, error) { return w.disk, strings.TrimPrefix(path, "/"), nil },
			Make: func(path string) error { return w.disk.MkdirAll(strings.TrimPrefix(path, "/"), 0o755) },
		},
	})
	return w
}

func (w *world) put(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := vfs.WriteFileAtomic(w.disk, name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// sample is a file that is looked into.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../inspect/testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// begin begins a draft and waits until it has looked.
func (w *world) begin(t *testing.T, path string) draft.Draft {
	t.Helper()
	one, err := w.Begin(path)
	if err != nil {
		t.Fatal(err)
	}
	return w.wait(t, one.ID)
}

// wait waits until nothing goes on.
func (w *world) wait(t *testing.T, id string) draft.Draft {
	t.Helper()
	synctest.Wait()
	one, err := w.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func terms() draft.Terms {
	return draft.Terms{Said: book.Said{Title: "Pictures"}, Confirmed: true}
}

func (w *world) content(t *testing.T, name string) []byte {
	t.Helper()
	b, err := vfs.ReadFile(w.disk, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestShare goes the whole way, without and with what the files tell.
func TestShare(t *testing.T) {
	for _, strip := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := open(t)
			defer w.Close()
			photo := sample(t, "made.jpg")
			w.put(t, "disk/pictures/sub/photo.jpg", photo)
			w.put(t, "disk/pictures/photo.tiff", sample(t, "made.tiff"))
			w.put(t, "disk/pictures/text", []byte("hello"))
			if err := w.disk.Symlink("sub/photo.jpg", "disk/pictures/inside"); err != nil {
				t.Fatal(err)
			}
			for name, to := range map[string]string{"up": "../other", "far": "/etc/passwd"} {
				if err := w.disk.Symlink(to, "disk/pictures/"+name); err != nil {
					t.Fatal(err)
				}
			}
			one := w.begin(t, "/disk/pictures")
			if one.State != draft.Ready || one.Files != 3 || one.Size != one.Done || one.Size != one.Total || one.Name != "pictures" || one.Err != nil {
				t.Fatalf("looked: %+v", one)
			}
			if one.Found != len(one.Findings) || one.Removable == 0 || one.Removable >= one.Found || one.Findings[0].File != "pictures/photo.tiff" {
				t.Errorf("found %d, removable %d: %v", one.Found, one.Removable, one.Findings)
			}
			links := 0
			for _, c := range one.Cautions {
				if c.Kind == caution.Link {
					links++
				}
			}
			if links != 2 {
				t.Errorf("cautions: %v", one.Cautions)
			}
			said := terms()
			said.Strip, said.Publish, said.Licence.ID = strip, strip, "CC0-1.0"
			first, err := w.Share(one.ID, said)
			if want := map[bool]draft.State{false: draft.Hashing, true: draft.Stripping}[strip]; err != nil || first.State != want {
				t.Fatalf("begun: %v, %v", first.State, err)
			}
			if one = w.wait(t, one.ID); one.State != draft.Done || one.Share == nil || one.Err != nil || one.Done != one.Total || one.Total == 0 {
				t.Fatalf("made: %+v", one)
			}
			made := w.book.made[0]
			if in := made.Metainfo.Info; !in.Private || in.Source != made.ID.String() || in.Name != "pictures" || len(made.Metainfo.Trackers()) > 0 || !made.Metainfo.CreationDate.IsZero() || made.Metainfo.CreatedBy != "" || len(in.Files) < 4 {
				t.Errorf("torrent: %+v", in)
			}
			for _, f := range made.Metainfo.Info.Files {
				if f.Name() == "pictures/up" || f.Name() == "pictures/far" {
					t.Errorf("%s is shared", f.Name())
				}
			}
			if !bytes.Equal(w.content(t, "disk/pictures/sub/photo.jpg"), photo) {
				t.Error("the original has changed")
			}
			if strip {
				w.stripped(t, made, photo)
			} else if made.Dir != "/disk" || w.book.public != 0 {
				t.Errorf("made in %s, public %d", made.Dir, w.book.public)
			}
		})
	}
}

// stripped checks a copy.
func (w *world) stripped(t *testing.T, made book.New, photo []byte) {
	t.Helper()
	if made.Dir != "/copies/"+made.ID.String() || w.book.public != 1 {
		t.Errorf("made in %s, public %d", made.Dir, w.book.public)
	}
	dir := strings.TrimPrefix(made.Dir, "/") + "/pictures/"
	clean := w.content(t, dir+"sub/photo.jpg")
	found, err := inspect.Look(bytes.NewReader(clean), int64(len(clean)))
	if len(found) > 0 || err != nil || len(clean) >= len(photo) {
		t.Errorf("the copy tells %v, %v", found, err)
	}
	if to, err := w.disk.Readlink(dir + "inside"); err != nil || to != "sub/photo.jpg" {
		t.Errorf("link to %q, %v", to, err)
	}
	if got := w.content(t, dir+"text"); string(got) != "hello" {
		t.Errorf("text %q", got)
	}
}

// What must not be shared is not, nor what is not said well enough; and what has failed
// can be tried again.
func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.Close()
		w.put(t, "disk/a/photo.jpg", sample(t, "made.jpg"))
		w.put(t, "state/identity", []byte("key"))
		w.put(t, "disk/empty/nothing", nil)
		w.put(t, "state/downloads/film", []byte("film"))
		if one := w.begin(t, "/state/downloads/film"); one.State != draft.Ready {
			t.Errorf("what was fetched: %+v", one)
		}
		for path, want := range map[string]error{"/state": draft.ErrPrivate, "/state/identity": draft.ErrPrivate, "/state/downloads/../identity": draft.ErrPrivate, "/state/downloadsandmore": draft.ErrPrivate, "/": draft.ErrPrivate, "/disk/../state/x": draft.ErrPrivate, "/disk/none": os.ErrNotExist} {
			if _, err := w.Begin(path); !errors.Is(err, want) {
				t.Errorf("%s: %v", path, err)
			}
		}
		if _, err := w.Begin("disk"); err == nil {
			t.Error("a path that begins nowhere")
		}
		if one := w.begin(t, "/disk/empty"); one.State != draft.Failed || !errors.Is(one.Err, draft.ErrEmpty) {
			t.Errorf("empty: %+v", one)
		}
		one := w.begin(t, "/disk/a")
		for field, change := range map[string]func(*draft.Terms){
			"confirmed": func(t *draft.Terms) { t.Confirmed = false }, "title": func(t *draft.Terms) { t.Title = "" },
			"title ": func(t *draft.Terms) { t.Title = "x\u202e" }, "licence": func(t *draft.Terms) { t.Publish = true },
			"expires": func(t *draft.Terms) { t.Expires = time.Unix(1, 0) }, "uses": func(t *draft.Terms) { t.Uses = -1 },
		} {
			bad := terms()
			change(&bad)
			_, err := w.Share(one.ID, bad)
			if e, ok := errors.AsType[*record.FieldError](err); !ok || e.Field != strings.TrimSpace(field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := w.Share("nothing", terms()); !errors.Is(err, draft.ErrNotFound) {
			t.Error(err)
		}
		w.book.refuse = errors.New("not now")
		strip := terms()
		strip.Strip = true
		if _, err := w.Share(one.ID, strip); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Share(one.ID, strip); !errors.Is(err, draft.ErrBusy) {
			t.Errorf("twice: %v", err)
		}
		if one = w.wait(t, one.ID); one.State != draft.Failed || !errors.Is(one.Err, w.book.refuse) {
			t.Fatalf("refused: %+v", one)
		}
		if left, err := w.disk.ReadDir("copies"); err != nil || len(left) > 0 {
			t.Errorf("the copy stays: %v, %v", left, err)
		}
		w.book.refuse, w.book.publish = nil, errors.New("no public torrent")
		strip.Publish, strip.Licence.Text = true, "as you like"
		if _, err := w.Share(one.ID, strip); err != nil {
			t.Fatal(err)
		}
		if one = w.wait(t, one.ID); one.State != draft.Done || one.Share == nil || !errors.Is(one.Err, w.book.publish) {
			t.Errorf("not published: %+v", one)
		}
		if _, err := w.Share(one.ID, strip); !errors.Is(err, draft.ErrBusy) {
			t.Errorf("done, and again: %v", err)
		}
		if s := w.log.String(); s != "" {
			t.Error(s)
		}
	})
}

// A disk that is full is said before anything is copied, and one that fails leaves no
// copy behind.
func TestDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.Close()
		w.put(t, "disk/a/photo.jpg", sample(t, "made.jpg"))
		w.put(t, "disk/a/big", bytes.Repeat([]byte("x"), 1<<20))
		one := w.begin(t, "/disk/a")
		w.disk.SetCapacity(2 << 20)
		said := terms()
		said.Strip = true
		for range 2 {
			if _, err := w.Share(one.ID, said); err != nil {
				t.Fatal(err)
			}
			if one = w.wait(t, one.ID); one.State != draft.Failed || !errors.Is(one.Err, vfs.ErrNoSpace) {
				t.Errorf("%+v", one)
			}
			if left, err := w.disk.ReadDir("copies"); err != nil || len(left) > 0 {
				t.Errorf("something stays: %v, %v", left, err)
			}
		}
	})
}

// Drafts are few, end when they are dropped, and are forgotten.
func TestDrafts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		w.put(t, "disk/a/text", []byte("hello"))
		var last draft.Draft
		for range 16 {
			last = w.begin(t, "/disk/a")
		}
		if _, err := w.Begin("/disk/a"); !errors.Is(err, draft.ErrMany) {
			t.Errorf("one more: %v", err)
		}
		if err := w.Drop(last.ID); err != nil {
			t.Error(err)
		}
		if err := w.Drop(last.ID); !errors.Is(err, draft.ErrNotFound) {
			t.Errorf("dropped twice: %v", err)
		}
		last = w.begin(t, "/disk/a")
		time.Sleep(3 * time.Hour)
		if _, err := w.Get(last.ID); err != nil {
			t.Error(err) // it is there until there is another
		}
		fresh := w.begin(t, "/disk/a")
		w.begin(t, "/disk/a")
		if _, err := w.Get(fresh.ID); err != nil {
			t.Error(err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if _, err := w.Begin("/disk/a"); !errors.Is(err, draft.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

// slow is a disk on which reading waits.
type slow struct {
	vfs.FS
	reads chan struct{}
}

type slowFile struct {
	vfs.File
	reads chan struct{}
}

func (s slow) Open(name string) (vfs.File, error) {
	f, err := s.FS.Open(name)
	return slowFile{f, s.reads}, err
}

func (f slowFile) ReadAt(p []byte, off int64) (int, error) {
	<-f.reads
	return f.File.ReadAt(p, off)
}

// One draft reads at a time; one that waits for its turn ends when it is dropped.
func TestDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk, reads := memfs.New(), make(chan struct{})
		if err := vfs.WriteFileAtomic(disk, "a/b", []byte("hello"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := draft.New(draft.Config{
			Private: "/state", Content: func() []string { return nil }, Book: new(notes), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Copies: func() string { return "/c" },
			Disk: draft.Disk{
				Real: func(path string) (string, error) { return path, nil },
				Open: func(path string) (vfs.FS, string, error) {
					return slow{disk, reads}, strings.TrimPrefix(path, "/"), nil
				},
			},
		})
		defer d.Close()
		one, err := d.Begin("/a")
		if err != nil {
			t.Fatal(err)
		}
		two, err := d.Begin("/a")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		waits, busy := one, two
		if at, err := d.Get(one.ID); err != nil || at.Total > 0 {
			waits, busy = two, one
		}
		at, err := d.Get(waits.ID)
		then, bad := d.Get(busy.ID)
		if err != nil || bad != nil || at.State != draft.Looking || at.Total != 0 || then.State != draft.Looking || then.Total == 0 {
			t.Errorf("one reads: %+v; the other waits: %+v; %v, %v", then, at, err, bad)
		}
		if err := d.Drop(waits.ID); err != nil {
			t.Error(err)
		}
		close(reads)
		synctest.Wait()
		if then, err = d.Get(busy.ID); err != nil || then.State != draft.Ready {
			t.Errorf("read: %+v, %v", then, err)
		}
	})
}

// What is found is kept within bounds, the most urgent of it.
func TestManyFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.Close()
		photo := sample(t, "made.png")
		for i := range 300 {
			w.put(t, fmt.Sprintf("disk/a/.hidden%03d", i), photo)
		}
		w.put(t, "disk/a/zz.key", []byte("x"))
		w.put(t, "disk/a/evil\x1b\u202e\n.txt", []byte("x"))
		one := w.begin(t, "/disk/a")
		if one.Found != 1500 || len(one.Findings) != 200 || len(one.Cautions) != 100 || one.Cautions[0].Kind != caution.Secret || one.Cautions[0].File != "a/zz.key" {
			t.Errorf("found %d, kept %d, cautions %d: %v", one.Found, len(one.Findings), len(one.Cautions), one.Cautions[0])
		}
		for _, c := range one.Cautions {
			if strings.ContainsAny(c.File+c.Text, "\x1b\u202e\n") {
				t.Errorf("%q", c)
			}
		}
	})
}

// On a real disk a link does not lead to the keys of the node, and what a link leads to is
// shared as what it is.
func TestRealDisk(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"state/key": "key", "real/text": "hello"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"innocent": "state", "led": "real"} {
		if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, link)); err != nil {
			t.Skipf("no symbolic links can be made here: %v", err)
		}
	}
	made := new(notes)
	d := draft.New(draft.Config{
		Book: made, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Copies: func() string { return filepath.Join(dir, "copies") },
		Private: filepath.Join(dir, "state"), Content: func() []string { return nil },
		Disk: draft.Disk{Real: vfs.RealPath, Open: vfs.OpenPath, Make: func(path string) error { return os.MkdirAll(path, 0o755) }},
	})
	defer d.Close()
	for _, name := range []string{"innocent", "innocent/key", "state", "."} {
		if _, err := d.Begin(filepath.Join(dir, name)); !errors.Is(err, draft.ErrPrivate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	one, err := d.Begin(filepath.Join(dir, "led"))
	if err != nil {
		t.Fatal(err)
	}
	if want, err := filepath.EvalSymlinks(filepath.Join(dir, "real")); err != nil || one.Path != want || one.Name != "real" {
		t.Errorf("%s is %s, %v", one.Name, one.Path, err)
	}
	if err := d.Drop(one.ID); err != nil {
		t.Error(err)
	}
}

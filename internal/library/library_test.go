package library_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/history"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// node is a library with what it stands on, in a home that outlives it.
type node struct {
	*library.Library
	t       *testing.T
	home    string
	store   *store.Store
	session *swarm.Session
	state   *vfs.Dir
	events  chan library.Event
}

func open(t *testing.T, home string, net netpolicy.Policy) *node {
	t.Helper()
	ctx := context.Background()
	n := &node{t: t, home: home, events: make(chan library.Event, 100)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(home, "node"), 0o700))
	var err error
	n.store, err = store.Open(ctx, filepath.Join(home, "warren.db"))
	must(err)
	n.state, err = vfs.OpenDir(filepath.Join(home, "node"))
	must(err)
	n.session, err = swarm.NewSession(ctx, swarm.Config{Home: n.state, Listen: "127.0.0.1:0", Policy: net, NoLSD: true, NoPortmap: true})
	must(err)
	n.Library, err = library.Open(ctx, library.Config{
		Store: n.store, Session: n.session, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
		Open:     func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
		Make:     func(path string) error { return os.MkdirAll(path, 0o777) },
		OnEvent:  func(e library.Event) { n.events <- e },
		Defaults: library.Defaults{Dir: filepath.Join(home, "content")},
	})
	must(err)
	return n
}

func (n *node) close() {
	n.t.Helper()
	if err := errors.Join(n.Close(), n.session.Close(), n.CloseFolders(), n.store.Close(), n.state.Close()); err != nil {
		n.t.Error(err)
	}
}

// wait returns the next event of a kind.
func (n *node) wait(kind library.Kind) library.Event {
	n.t.Helper()
	for timeout := time.After(20 * time.Second); ; {
		select {
		case e := <-n.events:
			if e.Kind == kind {
				return e
			}
		case <-timeout:
			n.t.Fatalf("nothing was %s", kind)
		}
	}
}

// moved expects that so much was received in the last day.
func (n *node) moved(want int64) {
	n.t.Helper()
	steps, err := n.History().Of(n.t.Context(), history.Day, time.Now())
	if err != nil {
		n.t.Fatal(err)
	}
	for _, s := range steps {
		want -= s.Received
	}
	if want != 0 {
		n.t.Errorf("the history has %d bytes less: %+v", want, steps)
	}
}

// content makes a torrent of two files below dir.
func content(t *testing.T, dir string) *metainfo.Torrent {
	t.Helper()
	root := filepath.Join(dir, "set")
	if err := os.MkdirAll(root, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"a.bin": bytes.Repeat([]byte("a"), 100_000), "b.bin": bytes.Repeat([]byte("b"), 50_000)} {
		if err := os.WriteFile(filepath.Join(root, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fsys.Close(); err != nil {
			t.Error(err)
		}
	}()
	m, err := create.Torrent(t.Context(), fsys, "set", create.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What is added, changed and fetched is there in the next run.
func TestNextRun(t *testing.T) {
	ctx, net := context.Background(), netpolicy.NewMem()
	from := t.TempDir()
	m := content(t, from)
	seed := open(t, t.TempDir(), net)
	defer seed.close()
	given, err := seed.Add(ctx, library.Add{Metainfo: m, Dir: from, Verified: true})
	if err != nil {
		t.Fatal(err)
	}
	addr := seed.session.Addr().String()

	home := t.TempDir()
	n := open(t, home, net)
	link, err := magnet.Parse("magnet:?xt=urn:btih:" + m.Hashes().V1.String() + "&x.pe=" + addr)
	if err != nil {
		t.Fatal(err)
	}
	got, err := n.Add(ctx, library.Add{Magnet: link, Category: "films", Labels: []string{"new", "b", "new"}})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := n.Add(ctx, library.Add{Metainfo: m}); again != got || !errors.Is(err, library.ErrDuplicate) {
		t.Errorf("added twice: %v, %v", again, err)
	}
	n.wait(library.Learned)
	n.wait(library.Completed)
	if v := got.View(); v.Received != 150_000 || v.Name != "set" || v.Completed.IsZero() || v.Files != 2 {
		t.Errorf("%+v", v)
	}
	if err := got.Change(ctx, library.Change{UpLimit: new(int64(1000)), RemoveLabels: []string{"b"}}); err != nil {
		t.Error(err)
	}
	if err := got.Rename(ctx, "set/a.bin", "set/other.bin"); err != nil {
		t.Error(err)
	}
	if err := got.Pause(ctx); err != nil {
		t.Error(err)
	}
	before := n.Refresh()
	n.moved(150_000)
	if v := got.View(); v.Status.State != swarm.StatePaused {
		t.Errorf("paused, and it is %v", v.Status.State)
	}
	if d := n.Since(before); d.Full || len(d.Changed) != 0 {
		t.Errorf("since the newest revision: %+v", d)
	}
	n.close()

	n = open(t, home, net)
	defer n.close()
	n.moved(150_000)
	got, err = n.Find(given.Key())
	if err != nil {
		t.Fatal(err)
	}
	v := got.View()
	if v.Name != "set" || v.Category != "films" || len(v.Labels) != 1 || v.Labels[0] != "new" || v.UpLimit != 1000 || !v.Paused || v.Received != 150_000 {
		t.Errorf("%+v", v.Record)
	}
	if v.Status.State != swarm.StatePaused || v.Status.Done != 150_000 {
		t.Errorf("%+v", v.Status)
	}
	files, err := got.Files()
	if err != nil || len(files) != 2 || files[0].Path != "set/other.bin" || files[0].Done != 100_000 {
		t.Errorf("%+v, %v", files, err)
	}
	if _, err := os.Stat(filepath.Join(home, "content", "set", "other.bin")); err != nil {
		t.Error(err)
	}
	to := filepath.Join(t.TempDir(), "else", "where")
	if err := got.Move(ctx, to); err != nil {
		t.Error(err)
	}
	if err := n.Remove(ctx, got, true); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(to); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if d := n.Since(v.Revision); len(d.Removed) != 1 || d.Removed[0].ID != got.ID() {
		t.Errorf("%+v", d)
	}
	if _, err := n.Find(given.Key()); !errors.Is(err, library.ErrNotFound) {
		t.Errorf("found: %v", err)
	}
	if err := n.Remove(ctx, got, false); !errors.Is(err, library.ErrRemoved) {
		t.Errorf("removed twice: %v", err)
	}
}

// What cannot be meant changes nothing.
func TestBadInput(t *testing.T) {
	ctx := context.Background()
	from := t.TempDir()
	m := content(t, from)
	n := open(t, t.TempDir(), netpolicy.NewMem())
	defer n.close()
	for name, a := range map[string]library.Add{
		"nothing":   {},
		"folder":    {Metainfo: m, Dir: "here"},
		"category":  {Metainfo: m, Category: "a\nb"},
		"label":     {Metainfo: m, Labels: []string{"a,b"}},
		"no label":  {Metainfo: m, Labels: []string{" "}},
		"long name": {Metainfo: m, Category: string(bytes.Repeat([]byte("x"), 300))},
	} {
		if _, err := n.Add(ctx, a); err == nil {
			t.Errorf("%s: it was added", name)
		} else if _, ok := errors.AsType[*library.InputError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := n.Add(ctx, library.Add{Metainfo: m, Dir: from})
	if err != nil {
		t.Fatal(err)
	}
	revision := n.Refresh()
	for name, err := range map[string]error{
		"priorities": got.Change(ctx, library.Change{Priorities: map[int]swarm.Priority{99: swarm.High}}),
		"name":       got.Change(ctx, library.Change{Name: new("")}),
		"trackers":   got.SetTrackers(ctx, [][]string{{"gopher://tracker.example"}}),
		"rename":     got.Rename(ctx, "set/a.bin", "../a.bin"),
		"move":       got.Move(ctx, "there"),
		"onto file":  got.Move(ctx, filepath.Join(from, "set", "a.bin")),
	} {
		if _, ok := errors.AsType[*library.InputError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if v := got.View(); v.Name != "set" || v.Trackers != nil || v.Dir != from {
		t.Errorf("%+v, changed since %d", v.Record, revision)
	}
}

// Trackers are the user's own if they did not come with the torrent.
func TestTrackers(t *testing.T) {
	ctx := context.Background()
	from := t.TempDir()
	m := content(t, from)
	m.SetTrackers([][]string{{"udp://a.example:1", "udp://b.example:1"}})
	n := open(t, t.TempDir(), netpolicy.NewMem())
	defer n.close()
	got, err := n.Add(ctx, library.Add{Metainfo: m, Dir: from, Paused: new(true)})
	if err != nil {
		t.Fatal(err)
	}
	if err := got.SetTrackers(ctx, [][]string{{"udp://b.example:1"}, {"http://127.0.0.1:9/announce"}}); err != nil {
		t.Fatal(err)
	}
	v := got.View()
	if len(v.Record.Trackers) != 1 || len(v.Typed) != 1 || v.Typed[0] != "http://127.0.0.1:9/announce" {
		t.Errorf("%q, %q", v.Record.Trackers, v.Typed)
	}
	list, _ := got.Engine().Announces()
	if len(list) != 2 || !list[0].Typed || list[1].URL != "udp://b.example:1" {
		t.Errorf("%+v", list)
	}
	if tiers := got.Trackers(); len(tiers) != 2 {
		t.Errorf("%q", tiers)
	}
}

// Content of a volume that is not there is not made anew elsewhere, and the torrent
// goes on once it is.
func TestMissingFolder(t *testing.T) {
	ctx, net := context.Background(), netpolicy.NewMem()
	volume := filepath.Join(t.TempDir(), "volume")
	m := content(t, volume)
	home := t.TempDir()
	n := open(t, home, net)
	if _, err := n.Add(ctx, library.Add{Metainfo: m, Dir: volume, Verified: true}); err != nil {
		t.Fatal(err)
	}
	n.close()
	if err := os.Rename(volume, volume+".away"); err != nil {
		t.Fatal(err)
	}
	n = open(t, home, net)
	defer n.close()
	got := n.All()[0]
	for range 50 {
		n.Refresh()
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := os.Stat(volume); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	v := got.View()
	t.Logf("without: %v, %v", v.Status.State, v.Status.Reason)
	if v.Status.State == swarm.StateSeeding {
		t.Error("it seeds what is not there")
	}
	if err := os.Rename(volume+".away", volume); err != nil {
		t.Fatal(err)
	}
	if err := got.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); got.View().Status.State != swarm.StateSeeding; n.Refresh() {
		if time.Now().After(end) {
			t.Fatalf("%+v", got.View().Status)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A reader of a torrent gets its bytes.
func TestEngine(t *testing.T) {
	from := t.TempDir()
	m := content(t, from)
	n := open(t, t.TempDir(), netpolicy.NewMem())
	defer n.close()
	got, err := n.Add(context.Background(), library.Add{Metainfo: m, Dir: from, Verified: true})
	if err != nil {
		t.Fatal(err)
	}
	r, err := got.Engine().NewReader(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil || len(b) != 100_000 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

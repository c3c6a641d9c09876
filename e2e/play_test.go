//go:build linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/e2e/internal/clients"
	"github.com/warren-p2p/warren/e2e/internal/lab"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// patience is how long a step of an exchange may take.
const patience = 60 * time.Second

// tries is how often a client may begin anew that stumbles over itself.
const tries = 5

// play moves the content of a cell, or sees it refused.
func (c cell) play(t *testing.T) {
	needClient(t, c.client)
	l := namespaces(t, lab.New)
	dir, out := t.TempDir(), t.TempDir()
	root := content(t, dir, "the content", matrixLayouts[c.layout])
	torrent := filepath.Join(t.TempDir(), "ours.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", c.Kind, "--piece-length", "65536")
	got := filepath.Join(out, "the content")
	switch r := c.refusal(); {
	case r != nil:
		c.refused(t, l, r, torrent, dir, out)
	case c.seeds:
		c.fromClient(t, l, torrent, dir, out)
		same(t, root, got)
	default:
		c.toClient(t, l, torrent, dir, out)
		if c.layout == "multi" {
			makeEmpty(t, got)
		}
		settle(t, root, got)
		same(t, root, got)
	}
}

// toClient has warren share and the client fetch.
func (c cell) toClient(t *testing.T, l *lab.Lab, torrent, dir, out string) {
	completed := func(a lab.Announce) bool { return a.Event == "completed" }
	p, wire := c.fetch(t, l, torrent, dir, out)
	why := c.client.Stumbles(c.Source)
	for try := 1; why != "" && try < tries && p.hear(t, patience/4, completed) != nil; try++ {
		t.Logf("again: %s %s", c.client.Name(), why)
		p.Stop()
		if err := os.RemoveAll(filepath.Join(out, "the content")); err != nil {
			t.Fatal(err)
		}
		p = c.run(t, l.Far, p.tracker, torrent, out)
	}
	p.await(t, completed)
	wire.check(t)
}

// fetch has the client begin to fetch from warren.
func (c cell) fetch(t *testing.T, l *lab.Lab, torrent, dir, out string) (*running, *watch) {
	warren := warrenOn(t, l.Near, "share", torrent, "--dir", dir, "--listen", l.Near.Host+":0")
	wire := c.between(t, l, warren.event(patience, "ready").Listen[0])
	return c.run(t, l.Far, trackerOn(t, l.Near, wire.addr), torrent, out), wire
}

// fromClient has the client seed and warren fetch.
func (c cell) fromClient(t *testing.T, l *lab.Lab, torrent, dir, out string) {
	defer pad(t, torrent, dir)()
	p := c.run(t, l.Far, trackerOn(t, l.Near, ""), torrent, dir)
	p.await(t, func(a lab.Announce) bool { return a.Left == "0" })
	wire := c.between(t, l, fmt.Sprintf("%s:%d", l.Far.Host, clients.Port))
	from := torrent
	if c.Magnet {
		from = magnet.Of(parse(t, torrent)).String()
	}
	warren := warrenOn(t, l.Near, "get", from, "--dir", out, "--peer", wire.addr, "--exit")
	warren.event(patience, "done")
	wire.check(t)
}

// refused has the client show that it does not take the torrent.
func (c cell) refused(t *testing.T, l *lab.Lab, r *clients.Refusal, torrent, dir, out string) {
	var p *running
	if c.seeds {
		p = c.run(t, l.Far, trackerOn(t, l.Near, ""), torrent, dir)
	} else {
		p, _ = c.fetch(t, l, torrent, dir, out)
	}
	if r.Says == "" {
		ours := parse(t, torrent).Hashes()
		p.await(t, func(a lab.Announce) bool {
			return a.InfoHash != string(ours.V1[:]) && a.InfoHash != string(ours.V2[:20])
		})
		return
	}
	for deadline := time.Now().Add(patience); !strings.Contains(p.Output(), r.Says); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not say %q: %s", c.client.Name(), r.Says, p.Output())
		}
	}
}

// running is a client at work.
type running struct {
	*lab.Process
	name    string
	tracker *lab.Tracker
	told    string // what the command said that handed it the task
}

// Output is what has been said so far.
func (r *running) Output() string { return r.told + r.Process.Output() }

// run starts the client with a torrent, or a magnet link, that names the tracker, or
// with a torrent as it is.
func (c cell) run(t *testing.T, side *lab.Side, tracker *lab.Tracker, torrent, dir string) *running {
	t.Helper()
	theirs := torrent
	if tracker != nil {
		theirs = filepath.Join(t.TempDir(), "theirs.torrent")
		run(t, binary, "torrent", "edit", torrent, "-o", theirs, "--tracker", tracker.URL)
	}
	if c.Magnet && !c.seeds {
		theirs = magnet.Of(parse(t, theirs)).String()
	}
	task := clients.Task{From: theirs, Dir: dir, State: t.TempDir(), MSE: c.mse}
	setup := c.client.Setup(task)
	if err := setup.Write(task); err != nil {
		t.Fatal(err)
	}
	p, err := side.Start(setup.Env, setup.Args...)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Process: p, name: c.client.Name(), tracker: tracker}
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("%v: %s", setup.Args, r.Output())
		}
	})
	for deadline := time.Now().Add(patience); setup.Then != nil && !r.tell(t, side, setup.Then); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%v: %s", setup.Then, r.told)
		}
	}
	return r
}

// tell hands the client its task, and reports whether it is there to take it.
func (r *running) tell(t *testing.T, side *lab.Side, then []string) bool {
	t.Helper()
	p, err := side.Start(nil, then...)
	if err != nil {
		t.Fatal(err)
	}
	<-p.Ended()
	r.told = p.Output()
	return !strings.Contains(r.told, "Couldn't connect")
}

// await waits until the client announces what want accepts.
func (r *running) await(t *testing.T, want func(lab.Announce) bool) {
	t.Helper()
	if err := r.hear(t, patience, want); err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
}

func (r *running) hear(t *testing.T, limit time.Duration, want func(lab.Announce) bool) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return r.tracker.Await(ctx, r.Process, func(a lab.Announce) bool {
		t.Logf("%s: %s announces %s, %s bytes left", time.Now().Format(clockTime), r.name, a.Event, a.Left)
		return want(a)
	})
}

// warrenOn starts warren on a side.
func warrenOn(t *testing.T, side *lab.Side, args ...string) *process {
	t.Helper()
	args = side.Command(append([]string{binary}, append(args, "--json", "--home", t.TempDir())...)...)
	return start(t, args[0], args[1:]...)
}

func trackerOn(t *testing.T, side *lab.Side, peer string) *lab.Tracker {
	t.Helper()
	tracker, err := side.Tracker(peer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracker.Close)
	return tracker
}

func parse(t *testing.T, torrent string) *metainfo.Torrent {
	t.Helper()
	b, err := os.ReadFile(torrent)
	if err != nil {
		t.Fatal(err)
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// pad writes the padding of a hybrid torrent, as files: so it lies on the disk
// of a client that does not know what padding is. It returns what removes them.
func pad(t *testing.T, torrent, dir string) (remove func()) {
	t.Helper()
	m := parse(t, torrent)
	var written []string
	for i := range m.Info.Files {
		f := &m.Info.Files[i]
		if !f.Pad {
			continue
		}
		path := filepath.Join(dir, m.Info.Name, filepath.Join(f.Path...))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, f.Length), 0o644); err != nil {
			t.Fatal(err)
		}
		written = append(written, path)
	}
	return func() {
		for _, path := range written {
			if err := os.Remove(path); err != nil {
				t.Error(err)
			}
		}
	}
}

// settle gives a client time to write what it calls complete.
func settle(t *testing.T, want, got string) {
	t.Helper()
	missing := func() bool {
		there := sums(t, got)
		for name, sum := range sums(t, want) {
			if there[name] != sum {
				return true
			}
		}
		return false
	}
	for deadline := time.Now().Add(patience / 4); missing() && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
	}
}

// makeEmpty makes the empty file of a tree if the client has not: some write no
// file without content.
func makeEmpty(t *testing.T, tree string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(tree, "a", "empty"), os.O_CREATE|os.O_RDONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
}

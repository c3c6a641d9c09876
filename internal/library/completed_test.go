package library_test

import (
	"context"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/swarm"
)

// seeds waits until a torrent has been checked, and the library has seen that.
func (n *node) seeds(one *library.Torrent) {
	n.t.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		n.Refresh()
		if v := one.View(); v.Status.State == swarm.StateSeeding && v.Status.Left() == 0 {
			return
		}
		if time.Now().After(end) {
			n.t.Fatalf("it does not seed: %+v", one.View().Status)
		}
	}
}

// kinds removes a torrent and returns what was told until then.
func (n *node) kinds(one *library.Torrent) (list []library.Kind) {
	n.t.Helper()
	if err := n.Remove(context.Background(), one, false); err != nil {
		n.t.Fatal(err)
	}
	for e := range n.events {
		if list = append(list, e.Kind); e.Kind == library.Removed {
			return list
		}
	}
	return nil
}

// TestFoundComplete: content that is found when a torrent is added completes it, once;
// what was made here, and what is checked later on, completes nothing.
func TestFoundComplete(t *testing.T) {
	ctx, dir, home := context.Background(), t.TempDir(), t.TempDir()
	m := content(t, dir)
	n := open(t, home, netpolicy.NewMem())
	one, err := n.Add(ctx, library.Add{Metainfo: m, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	n.wait(library.Completed)
	if err := one.Recheck(); err != nil {
		t.Error(err)
	}
	n.seeds(one)
	n.close()

	n = open(t, home, netpolicy.NewMem())
	defer n.close()
	if one, err = n.Find(one.Key()); err != nil {
		t.Fatal(err)
	}
	if err := one.Recheck(); err != nil {
		t.Error(err)
	}
	n.seeds(one)
	if got := n.kinds(one); len(got) != 1 {
		t.Errorf("in the next run: %v", got)
	}
	if one, err = n.Add(ctx, library.Add{Metainfo: m, Dir: dir, Verified: true, Ours: true}); err != nil {
		t.Fatal(err)
	}
	n.seeds(one)
	if got := n.kinds(one); len(got) != 2 || got[0] != library.Added {
		t.Errorf("of what was made here: %v", got)
	}
}

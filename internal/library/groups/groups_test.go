package groups_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/library/groups"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm"
)

// Which limits a torrent shares: those of the first label that has any, else those of
// its category. They are there in the next run.
func TestWhoShares(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "warren.db")
	for run := range 2 {
		db, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		session, err := swarm.NewSession(ctx, swarm.Config{Home: memfs.New(), Policy: netpolicy.NewMem(), NoLSD: true, NoPortmap: true})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		g, err := groups.Open(ctx, groups.Config{Store: db, Session: session, Changed: func() { told++ }})
		if err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			for _, err := range []error{
				g.SetCategory(ctx, record.Category{Name: "films", UpLimit: 100}),
				g.Need(ctx, "music"), g.Need(ctx, "music"), g.Need(ctx, ""),
				g.SetLabel(ctx, record.Label{Name: "a"}),
				g.SetLabel(ctx, record.Label{Name: "b", DownLimit: 100}),
				g.SetLabel(ctx, record.Label{Name: "gone"}), g.ForgetLabel(ctx, "gone"),
			} {
				if err != nil {
					t.Error(err)
				}
			}
			if told != 6 {
				t.Errorf("told %d times", told)
			}
		}
		b := g.Of("", []string{"b"})
		films := g.Of("films", []string{"a", "other"})
		if b == nil || films == nil || b == films {
			t.Errorf("run %d: b %p, films %p", run, b, films)
		}
		if g.Of("films", []string{"a", "b"}) != b || g.Of("music", []string{"a"}) != nil || g.Of("nothing", nil) != nil {
			t.Errorf("run %d: others share what they should not", run)
		}
		if _, ok := errors.AsType[*record.InputError](g.SetCategory(ctx, record.Category{Name: "films", Dir: "films"})); !ok {
			t.Error("a category lies in a folder that begins nowhere")
		}
		if list := g.Categories(); len(list) != 2 || list[0].Name != "films" || len(g.Labels()) != 2 {
			t.Errorf("run %d: %v, %v", run, list, g.Labels())
		}
		if err := errors.Join(session.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"", "  ", "a\x00b", "a\nb", "\xff", strings.Repeat("x", 201)} {
		if _, ok := errors.AsType[*record.InputError](record.CheckName("name", name)); !ok {
			t.Errorf("%q passes", name)
		}
	}
	got, err := record.CleanLabels([]string{" b", "a", "b"})
	if err != nil || len(got) != 2 || got[0] != "a" || got[1] != "b" {
		t.Errorf("%q, %v", got, err)
	}
}

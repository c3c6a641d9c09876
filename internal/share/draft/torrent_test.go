package draft_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
)

// TestTorrent: a torrent is made of what was looked through and of nothing else; what has
// failed can be tried again, and what is dropped ends.
func TestTorrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.Close()
		w.put(t, "disk/a/b", []byte("hello"))
		one := w.begin(t, "/disk/a")
		full := errors.New("full")
		if _, err := w.Torrent(one.ID, create.Options{}, func(context.Context, *metainfo.Torrent, string) error { return full }); err != nil {
			t.Fatal(err)
		}
		if one = w.wait(t, one.ID); one.State != draft.Failed || !errors.Is(one.Err, full) || one.Torrent != nil {
			t.Errorf("failed: %+v", one)
		}
		var in string
		done := func(_ context.Context, _ *metainfo.Torrent, dir string) error { in = dir; return nil }
		if _, err := w.Torrent(one.ID, create.Options{Comment: "hi"}, done); err != nil {
			t.Fatal(err)
		}
		if one = w.wait(t, one.ID); one.State != draft.Done || one.Torrent == nil || one.Torrent.Comment != "hi" || one.Torrent.Info.Name != "a" || in != "/disk" || one.Share != nil {
			t.Errorf("made in %q: %+v", in, one)
		}
		if _, err := w.Torrent(one.ID, create.Options{}, done); !errors.Is(err, draft.ErrBusy) {
			t.Errorf("twice: %v", err)
		}

		one = w.begin(t, "/disk/a")
		w.put(t, "disk/a/later", []byte("not seen"))
		if _, err := w.Torrent(one.ID, create.Options{}, done); err != nil {
			t.Fatal(err)
		}
		if one = w.wait(t, one.ID); !errors.Is(one.Err, draft.ErrChanged) || one.Torrent != nil {
			t.Errorf("of what has changed: %+v", one)
		}

		one = w.begin(t, "/disk/a")
		if _, err := w.Torrent(one.ID, create.Options{}, func(ctx context.Context, _ *metainfo.Torrent, _ string) error {
			<-ctx.Done()
			return ctx.Err()
		}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := w.Drop(one.ID); err != nil {
			t.Error(err)
		}
		if _, err := w.Torrent(one.ID, create.Options{}, done); !errors.Is(err, draft.ErrNotFound) {
			t.Errorf("of one that was dropped: %v", err)
		}
		if len(w.book.made) > 0 {
			t.Error("something is shared")
		}
	})
}

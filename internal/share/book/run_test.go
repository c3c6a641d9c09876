package book_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/booktest"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// running is a world in a bubble, with something to share.
func running(t *testing.T) *booktest.World {
	t.Helper()
	w := booktest.Running(t)
	w.Write(map[string]string{"set/a": "one"})
	return w
}

// TestExpires: when a link ends by itself its torrent stops, also while the node was off
// at that moment, and it goes on when the link lasts longer.
func TestExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		n := w.Draft("set", "Birds")
		n.Expires = time.Now().Add(3 * time.Hour)
		s, other := w.Share(n), w.Share(w.Draft("set", "Others"))
		time.Sleep(3*time.Hour - time.Second)
		synctest.Wait()
		if _, ok := w.Book.Private(s.Token); !ok || w.Swarm.IsPaused(s.Torrent) {
			t.Error("the link ends too early")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if _, ok := w.Book.Private(s.Token); ok || !w.Swarm.IsPaused(s.Torrent) || w.Swarm.IsPaused(other.Torrent) {
			t.Error("the link goes on, or the torrent does, or another stops")
		}
		w.Swarm.Paused = map[string]bool{}
		w.Restart()
		synctest.Wait()
		if !w.Swarm.IsPaused(s.Torrent) {
			t.Error("after a restart the torrent goes on")
		}
		never := time.Time{}
		if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Expires: &never}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, ok := w.Book.Private(s.Token); !ok || w.Swarm.IsPaused(s.Torrent) {
			t.Error("the link does not last longer, or its torrent does not")
		}
	})
}

// TestTicketsEnd: what is kept of a ticket is forgotten with it.
func TestTicketsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		s := w.Share(w.Draft("set", "Birds"))
		ticket, err := w.Book.Redeem(t.Context(), s.Token, "")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(26 * time.Hour)
		synctest.Wait()
		var kept []rows.Ticket
		if err := w.Store.Read(t.Context(), func(q store.Querier) (err error) {
			kept, err = rows.Tickets(t.Context(), q)
			return err
		}); err != nil || len(kept) != 0 {
			t.Errorf("%d tickets are kept, %v", len(kept), err)
		}
		if _, ok := w.Book.Redeemed(s.Token, ticket); ok {
			t.Error("a ticket outlives its day")
		}
	})
}

// TestRemoved: who removes the torrent of a share from the library ends the share; of a
// public torrent, that it is public.
func TestRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		s := w.Share(w.Draft("set", "Birds"))
		s, err := w.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true, Licence: &record.Licence{ID: "MIT"}})
		if err != nil {
			t.Fatal(err)
		}
		w.Book.Removed()
		synctest.Wait()
		if got, err := w.Book.Find(s.ID); err != nil || !got.Published() {
			t.Errorf("nothing was removed: %v, %v", got.State, err)
		}
		w.Swarm.Set(func(f *booktest.Swarm) { delete(f.Seeds, s.Public) })
		w.Book.Removed()
		synctest.Wait()
		if got, err := w.Book.Find(s.ID); err != nil || got.Published() || got.State != book.Active {
			t.Errorf("the public torrent is gone: %v, %v", got.State, err)
		}
		w.Swarm.Set(func(f *booktest.Swarm) { delete(f.Seeds, s.Torrent) })
		w.Book.Removed()
		synctest.Wait()
		if got, err := w.Book.Find(s.ID); err != nil || got.State != book.Revoked {
			t.Errorf("the torrent is gone: %v, %v", got.State, err)
		}
	})
}

// TestSaved: what is counted is written down before the node ends.
func TestSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		s := w.Share(w.Draft("set", "Birds"))
		w.Book.Visited(s.ID)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		var kept []*rows.Share
		if err := w.Store.Read(t.Context(), func(q store.Querier) (err error) {
			kept, err = rows.All(t.Context(), q)
			return err
		}); err != nil || len(kept) != 1 || kept[0].Visits != 1 {
			t.Errorf("%d shares are kept, %v", len(kept), err)
		}
	})
}

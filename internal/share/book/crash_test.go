package book_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/booktest"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// kept returns what the store has of a share: what a node knows of it that has died.
func kept(t *testing.T, w *booktest.World, id record.ID) (s rows.Share) {
	t.Helper()
	var list []*rows.Share
	if err := w.Store.Read(context.Background(), func(q store.Querier) (err error) {
		list, err = rows.All(context.Background(), q)
		return err
	}); err != nil {
		t.Error(err)
	}
	for _, one := range list {
		if one.ID == id {
			return *one
		}
	}
	return s
}

var errBroken = errors.New("broken")

// TestLonger: a torrent that has stopped with its link goes on before it is written down
// that the link lasts longer. So a node that dies between the two finds the link ended,
// and stops the torrent again; none is left stopped whose link lasts.
func TestLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		n := w.Draft("set", "Birds")
		n.Expires = time.Now().Add(time.Hour)
		s := w.Share(n)
		time.Sleep(time.Hour)
		synctest.Wait()
		never := time.Time{}
		w.Swarm.Set(func(f *booktest.Swarm) { f.Fail = errBroken })
		if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Expires: &never}); !errors.Is(err, errBroken) {
			t.Errorf("a torrent that does not start: %v", err)
		}
		synctest.Wait()
		if got, err := w.Book.Find(s.ID); err != nil || got.State != book.Expired || !w.Swarm.IsPaused(s.Torrent) {
			t.Errorf("the link lasts, and its torrent does not: %v", err)
		}
		var order []time.Time
		w.Swarm.Set(func(f *booktest.Swarm) {
			f.OnPause = func(_ string, paused bool) {
				if !paused {
					order = append(order, kept(t, w, s.ID).Expires)
				}
			}
		})
		if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Expires: &never}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(order) != 1 || order[0].IsZero() || w.Swarm.IsPaused(s.Torrent) {
			t.Errorf("started %d times, too late: %v", len(order), order)
		}
		w.Swarm.Set(func(f *booktest.Swarm) { f.OnPause = nil })
		// What cannot be written down has not happened.
		soon := time.Now().Add(time.Hour)
		if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Expires: &soon}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		gone, cancel := context.WithCancel(t.Context())
		w.Swarm.Set(func(f *booktest.Swarm) { f.OnPause = func(string, bool) { cancel() } })
		if _, err := w.Book.Change(gone, s.ID, book.Change{Expires: &never}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		synctest.Wait()
		w.Swarm.Set(func(f *booktest.Swarm) { f.OnPause = nil })
		time.Sleep(time.Minute)
		synctest.Wait()
		if !w.Swarm.IsPaused(s.Torrent) {
			t.Error("the torrent goes on, though its link has ended")
		}
	})
}

// TestStopsLater: a torrent that does not stop with its link is stopped later.
func TestStopsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		n := w.Draft("set", "Birds")
		n.Expires = time.Now().Add(time.Hour + 30*time.Second) // when nothing else is due
		s := w.Share(n)
		w.Swarm.Set(func(f *booktest.Swarm) { f.Fail = errBroken })
		time.Sleep(time.Hour + 30*time.Second)
		synctest.Wait()
		if w.Swarm.IsPaused(s.Torrent) {
			t.Fatal("it has stopped: the test proves nothing")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !w.Swarm.IsPaused(s.Torrent) {
			t.Error("the torrent goes on for good")
		}
	})
}

// TestRevokedAgain: the torrents of a share that is revoked end, also if the node dies
// before they have, or if that does not work at once. What was published ends before it is
// written down that it is not public.
func TestRevokedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		published := func() book.Share {
			n := w.Draft("set", "Birds")
			n.Licence.ID = "MIT"
			s := w.Share(n)
			s, err := w.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := published()
		synctest.Wait()
		w.Swarm.Set(func(f *booktest.Swarm) {
			f.OnEnd = func(string) {
				if kept(t, w, s.ID).Revoked.IsZero() {
					t.Error("a torrent ends before the link has ended for good")
				}
				w.Swarm.Set(func(f *booktest.Swarm) { f.Fail = errBroken })
			}
		})
		l, err := w.Book.PublicLink(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Book.Revoke(t.Context(), s.ID, false); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		if err := w.Book.Forget(t.Context(), s.ID); !errors.Is(err, errBroken) {
			t.Errorf("forgotten, though its torrents go on: %v", err)
		}
		synctest.Wait()
		if got, err := w.Book.Find(s.ID); err != nil || got.Published() || w.Book.IsPublic(l.Token) || len(w.Swarm.Seeds) != 2 {
			t.Errorf("it is public, or %d torrents are there: %v", len(w.Swarm.Seeds), err)
		}
		w.Swarm.Set(func(f *booktest.Swarm) { f.OnEnd, f.Fail = nil, nil })
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(w.Swarm.Seeds) != 0 {
			t.Errorf("%d torrents go on", len(w.Swarm.Seeds))
		}
		s = published()
		synctest.Wait()
		w.Swarm.Set(func(f *booktest.Swarm) {
			f.OnEnd = func(string) { w.Swarm.Set(func(f *booktest.Swarm) { f.Fail = errBroken }) }
		})
		if err := w.Book.Revoke(t.Context(), s.ID, false); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		w.Close() // the node dies
		w.Swarm.Set(func(f *booktest.Swarm) { f.OnEnd, f.Fail = nil, nil })
		if len(w.Swarm.Seeds) != 2 {
			t.Error("the torrents have ended: the test proves nothing")
		}
		w.Restart()
		synctest.Wait()
		if len(w.Swarm.Seeds) != 0 {
			t.Errorf("%d torrents go on", len(w.Swarm.Seeds))
		}
		if row := kept(t, w, s.ID); row.Torrent != "" || row.Public != "" || row.Revoked.IsZero() {
			t.Error("they are ended again and again")
		}
		s = published()
		synctest.Wait()
		w.Swarm.Set(func(f *booktest.Swarm) {
			f.OnEnd = func(string) {
				if kept(t, w, s.ID).Public == "" {
					t.Error("a torrent that is not public any more goes on if the node dies")
				}
			}
		})
		if _, err := w.Book.Unpublish(t.Context(), s.ID); err != nil {
			t.Error(err)
		}
	})
}

// TestRemovedUnseen: a share ends with its torrent, also if that was removed with very many
// others, or while nobody looked.
func TestRemovedUnseen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := running(t)
		var all []book.Share
		for range 8 {
			all = append(all, w.Share(w.Draft("set", "Birds")))
		}
		for i, s := range all[1:] {
			w.Swarm.Set(func(f *booktest.Swarm) { delete(f.Seeds, s.Torrent) })
			if i < 5 { // those are told of at once, and the others while nobody looks
				w.Book.Removed()
			}
		}
		synctest.Wait()
		w.Restart()
		synctest.Wait()
		for i, s := range all {
			if got, err := w.Book.Find(s.ID); err != nil || (got.State == book.Active) != (i == 0) {
				t.Errorf("%d is %s, %v", i, got.State, err)
			}
		}
	})
}

// TestRedeemAtOnce: a link is redeemed as often as it says, however many try at once.
func TestRedeemAtOnce(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Uses = 5
	s := w.Share(n)
	var mu sync.Mutex
	tickets := map[link.Token]bool{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			ticket, err := w.Book.Redeem(t.Context(), s.Token, "")
			if err != nil {
				if !errors.Is(err, book.ErrNotFound) {
					t.Error(err)
				}
				return
			}
			mu.Lock()
			defer mu.Unlock()
			tickets[ticket] = true
		})
	}
	all.Wait()
	if got := kept(t, w, s.ID); len(tickets) != 5 || got.Used != 5 || got.Uses != 0 {
		t.Errorf("%d tickets, %d uses, %d are left", len(tickets), got.Used, got.Uses)
	}
	for ticket := range tickets {
		if _, ok := w.Book.Redeemed(s.Token, ticket); !ok {
			t.Error("a ticket opens nothing")
		}
	}
}

package shelf

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/feeds/document"
	"github.com/warren-p2p/warren/internal/feeds/rule"
	"github.com/warren-p2p/warren/internal/store"
)

// open returns a store with two feeds, 1 and 2.
func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	write(t, s, func(q store.Querier) error {
		for _, url := range []string{"http://a.example/", "http://b.example/"} {
			if _, err := InsertFeed(t.Context(), q, Feed{URL: url}); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func write(t *testing.T, s *store.Store, f func(store.Querier) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, s *store.Store, feed int64, from, n int) (fresh int) {
	t.Helper()
	items := make([]document.Item, n)
	for i := range items { // the newest first
		name := fmt.Sprint("item ", from+n-1-i)
		items[i] = document.Item{Key: name, Title: name, Link: "http://a.example/" + name}
	}
	write(t, s, func(q store.Querier) (err error) {
		fresh, err = PutItems(t.Context(), q, feed, items, time.Unix(1e9, 0))
		return err
	})
	return fresh
}

// What a feed has no more is forgotten in the end, what it has never, and other feeds do
// not lose by it. What was fetched is known after that.
func TestPruning(t *testing.T) {
	s := open(t)
	if n := put(t, s, 2, 0, 10); n != 10 {
		t.Errorf("%d are new", n)
	}
	if n := put(t, s, 2, 100, 5); n != 5 {
		t.Errorf("%d are new", n)
	}
	var first Item
	write(t, s, func(q store.Querier) (err error) {
		put := []document.Item{{Key: "fetched", Title: "fetched", Link: "http://a.example/fetched"}}
		if _, err = PutItems(t.Context(), q, 1, put, time.Unix(1e9, 0)); err != nil {
			return err
		}
		list, err := Items(t.Context(), q, 1, 1)
		if err != nil {
			return err
		}
		first = list[0]
		return SetDone(t.Context(), q, "http://a.example/", first, time.Unix(1e9, 0))
	})
	const each, last = 300, 1500
	for from := 0; from < last; from += each {
		if fresh := put(t, s, 1, from, each); fresh != each {
			t.Fatalf("from %d: %d are new", from, fresh)
		}
	}
	if fresh := put(t, s, 1, last-each/2, each); fresh != each/2 {
		t.Fatalf("%d are new", fresh)
	}
	write(t, s, func(q store.Querier) error {
		counts, err := Counts(t.Context(), q)
		if err != nil {
			return err
		}
		if counts[1].Items != maxItems+1 || counts[1].Unread != maxItems+1 || counts[2].Items != 15 {
			t.Errorf("kept %+v", counts)
		}
		list, err := Items(t.Context(), q, 1, 5000)
		if err != nil {
			return err
		}
		for i, it := range list {
			if want := fmt.Sprint("item ", last+each/2-1-i); it.Title != want || it.Current != (i < each) {
				t.Fatalf("%d: %q, current %v, want %q", i, it.Title, it.Current, want)
			}
		}
		if done, err := Done(t.Context(), q, "http://a.example/", first); err != nil || !done {
			t.Errorf("what was fetched is forgotten: %v", err)
		}
		open, err := Open(t.Context(), q, time.Unix(2e9, 0))
		if err != nil || len(open) != each+5 {
			t.Errorf("%d may be fetched: %v", len(open), err)
		}
		return nil
	})
}

// What a feed has stays as long as it has it, however much that is: it would come back as
// new otherwise, each time.
func TestLargeFeed(t *testing.T) {
	s := open(t)
	const more = maxItems + 10
	put(t, s, 1, 0, more)
	if n := put(t, s, 1, 0, more); n != 0 {
		t.Errorf("%d came back", n)
	}
	write(t, s, func(q store.Querier) error {
		counts, err := Counts(t.Context(), q)
		if counts[1].Items != more {
			t.Errorf("kept %+v", counts)
		}
		return err
	})
}

// With a feed goes what is in it, with a rule its past; other feeds and rules stay.
func TestRemoved(t *testing.T) {
	s := open(t)
	put(t, s, 1, 0, 3)
	put(t, s, 2, 0, 4)
	write(t, s, func(q store.Querier) error {
		for _, name := range []string{"a", "b"} {
			if err := PutRule(t.Context(), q, rule.Rule{Name: name}); err != nil {
				return err
			}
			if err := SetFetched(t.Context(), q, name, []string{"show S01E01", "show S01E02"}, time.Unix(1e9, 0)); err != nil {
				return err
			}
		}
		if err := RenameRule(t.Context(), q, "b", "c"); err != nil {
			return err
		}
		if err := DeleteRule(t.Context(), q, "a"); err != nil {
			return err
		}
		return DeleteFeed(t.Context(), q, 1)
	})
	write(t, s, func(q store.Querier) error {
		counts, err := Counts(t.Context(), q)
		if err != nil || len(counts) != 1 || counts[2].Items != 4 {
			t.Errorf("%+v, %v", counts, err)
		}
		for name, want := range map[string]int{"a": 0, "b": 0, "c": 2} {
			if list, err := Episodes(t.Context(), q, name); err != nil || len(list) != want {
				t.Errorf("%s: %q, %v", name, list, err)
			}
		}
		if err := SetFetched(t.Context(), q, "a", []string{"x"}, time.Unix(1e9, 0)); err != nil {
			t.Errorf("of a rule that is gone: %v", err)
		}
		return nil
	})
}

package identity_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/permid"
)

var start = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// shelf is a store that a test opens and closes.
type shelf struct {
	t     *testing.T
	dir   string
	store *store.Store
	clock *clock.Manual
	*identity.Book
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{t: t, dir: t.TempDir(), clock: clock.NewManual(start)}
	s.open()
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *shelf) open() {
	s.t.Helper()
	var err error
	if s.store, err = store.Open(context.Background(), filepath.Join(s.dir, "warren.db")); err != nil {
		s.t.Fatal(err)
	}
	if s.Book, err = identity.Open(context.Background(), s.store, s.clock); err != nil {
		s.t.Fatal(err)
	}
}

// again closes the node and starts it anew.
func (s *shelf) again() {
	s.t.Helper()
	if err := s.store.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.open()
}

func (s *shelf) make(name, passphrase string) permid.ID {
	s.t.Helper()
	s.clock.Pass(time.Minute)
	i, err := s.Make(context.Background(), name, passphrase)
	if err != nil {
		s.t.Fatal(err)
	}
	return i.ID
}

func TestFirst(t *testing.T) {
	s := newShelf(t)
	first := s.List()
	if len(first) != 1 || first[0].Name != identity.First || first[0].Locked || first[0].Passphrase || !first[0].Created.Equal(start) {
		t.Fatalf("got %+v", first)
	}
	i, err := s.Use(first[0].ID)
	if err != nil || i.ID() != first[0].ID {
		t.Fatalf("%v", err)
	}
	s.clock.Pass(time.Hour)
	s.again()
	if got := s.List(); len(got) != 1 || got[0] != first[0] {
		t.Errorf("after a restart: %+v", got)
	}
	if again, err := s.Use(i.ID()); err != nil || again.Seed() != i.Seed() {
		t.Errorf("after a restart: %v", err)
	}
}

func TestNames(t *testing.T) {
	ctx, s := context.Background(), newShelf(t)
	work := s.make("work", "")
	for _, c := range []struct {
		name string
		want error
	}{
		{"me", identity.ErrTaken}, {"", identity.ErrName}, {" x", identity.ErrName}, {"x\n", identity.ErrName}, {"a\x1b[2Jb", identity.ErrName},
		{"\xff", identity.ErrName}, {strings.Repeat("ä", 65), identity.ErrName}, {strings.Repeat("ä", 64), nil}, {"work", nil},
	} {
		if err := s.Rename(ctx, work, c.name); !errors.Is(err, c.want) {
			t.Errorf("%q: %v", c.name, err)
		}
	}
	if _, err := s.Make(ctx, "work", ""); !errors.Is(err, identity.ErrTaken) {
		t.Errorf("%v", err)
	}
	if err := s.Rename(ctx, permid.New().ID(), "x"); !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("%v", err)
	}
	s.again()
	for _, key := range []string{"work", work.String()} {
		if i, err := s.Find(key); err != nil || i.ID != work || i.Name != "work" {
			t.Errorf("%s: %+v, %v", key, i, err)
		}
	}
	if _, err := s.Find("home"); !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if l := s.List(); len(l) != 2 || l[1].ID != work {
		t.Errorf("%+v", l)
	}
}

func TestChoose(t *testing.T) {
	ctx, s := context.Background(), newShelf(t)
	first, work := s.List()[0].ID, s.make("work", "")
	check := func(want permid.ID) {
		t.Helper()
		for _, i := range s.List() {
			if i.Default != (i.ID == want) {
				t.Errorf("%+v", i)
			}
		}
	}
	check(first)
	for _, id := range []permid.ID{work, first, work} {
		if err := s.Choose(ctx, id); err != nil {
			t.Fatal(err)
		}
		check(id)
	}
	if err := s.Choose(ctx, permid.New().ID()); !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("%v", err)
	}
	s.again()
	check(work)
	if err := s.Rename(ctx, work, "play"); err != nil {
		t.Error(err)
	}
	check(work)
}

func TestLock(t *testing.T) {
	s := newShelf(t)
	id := s.make("secret", "correct horse")
	if _, err := s.Use(id); err != nil {
		t.Errorf("just made: %v", err)
	}
	s.again()
	locked := func(want bool) {
		t.Helper()
		i, err := s.Find("secret")
		_, use := s.Use(id)
		if err != nil || !i.Passphrase || i.Locked != want || errors.Is(use, permid.ErrLocked) != want {
			t.Errorf("%+v, %v, %v", i, err, use)
		}
	}
	locked(true)
	if _, err := s.Export(id, ""); !errors.Is(err, permid.ErrLocked) {
		t.Errorf("export: %v", err)
	}
	if err := s.Unlock(id, "wrong"); !errors.Is(err, permid.ErrPassphrase) {
		t.Errorf("%v", err)
	}
	if err := s.Unlock(id, ""); !errors.Is(err, permid.ErrLocked) {
		t.Errorf("%v", err)
	}
	locked(true)
	if err := s.Unlock(id, "correct horse"); err != nil {
		t.Fatal(err)
	}
	locked(false)
	if err := s.Lock(id); err != nil {
		t.Fatal(err)
	}
	locked(true)
	if err := s.Lock(s.List()[0].ID); !errors.Is(err, identity.ErrNoPassphrase) {
		t.Errorf("%v", err)
	}
	nobody := permid.New().ID()
	_, use := s.Use(nobody)
	for _, err := range []error{s.Lock(nobody), s.Unlock(nobody, "x"), use, s.ChangePassphrase(context.Background(), nobody, "", "x")} {
		if !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
}

// TestChangePassphrase also looks at the disk: what lay there in clear is gone.
func TestChangePassphrase(t *testing.T) {
	ctx, s := context.Background(), newShelf(t)
	id := s.List()[0].ID
	i, err := s.Use(id)
	if err != nil {
		t.Fatal(err)
	}
	seed := i.Seed()
	if !s.onDisk(seed[:]) {
		t.Fatal("without a passphrase the seed is expected in clear")
	}
	if err := s.ChangePassphrase(ctx, id, "ignored", "one"); err != nil {
		t.Fatal(err)
	}
	if s.onDisk(seed[:]) {
		t.Error("the seed is still there to read")
	}
	if _, err := s.Use(id); err != nil {
		t.Errorf("it was open: %v", err)
	}
	if err := s.ChangePassphrase(ctx, id, "two", "three"); !errors.Is(err, permid.ErrPassphrase) {
		t.Errorf("%v", err)
	}
	s.again()
	if _, err := s.Use(id); !errors.Is(err, permid.ErrLocked) {
		t.Errorf("%v", err)
	}
	if err := s.ChangePassphrase(ctx, id, "one", ""); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Use(id); err != nil || again.Seed() != seed {
		t.Errorf("%v", err)
	}
}

func (s *shelf) onDisk(secret []byte) bool {
	s.t.Helper()
	names, err := os.ReadDir(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, n := range names {
		b, err := os.ReadFile(filepath.Join(s.dir, n.Name()))
		if err != nil {
			s.t.Fatal(err)
		}
		if bytes.Contains(b, secret) {
			return true
		}
	}
	return false
}

func TestExport(t *testing.T) {
	ctx, one, two := context.Background(), newShelf(t), newShelf(t)
	id := one.List()[0].ID
	sealed, err := one.Export(id, "on paper")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Import(ctx, "moved", sealed, "wrong"); !errors.Is(err, permid.ErrPassphrase) {
		t.Errorf("%v", err)
	}
	if _, err := two.Import(ctx, "moved", sealed[1:], "on paper"); !errors.Is(err, permid.ErrMalformed) {
		t.Errorf("%v", err)
	}
	i, err := two.Import(ctx, "moved", sealed, "on paper")
	if err != nil || i.ID != id || !i.Passphrase {
		t.Errorf("%+v, %v", i, err)
	}
	if _, err := two.Import(ctx, "twice", sealed, "on paper"); !errors.Is(err, identity.ErrKnown) {
		t.Errorf("%v", err)
	}
	clear, err := two.Export(id, "")
	if err != nil {
		t.Fatal(err)
	}
	if i, err := newShelf(t).Import(ctx, "moved on", clear, "not needed"); err != nil || i.ID != id || i.Passphrase {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestAtOnce has many callers; the race detector watches.
func TestAtOnce(t *testing.T) {
	ctx, s := context.Background(), newShelf(t)
	id := s.List()[0].ID
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				_ = s.Rename(ctx, id, "a")
				if _, err := s.Use(id); err != nil {
					t.Error(err)
				}
				_, _ = s.Make(ctx, "b", "")
				s.List()
			}
		})
	}
	wg.Wait()
	if l := s.List(); len(l) != 2 {
		t.Errorf("%+v", l)
	}
}

// TestDamaged has a row that somebody spoilt: the node says so and changes nothing.
func TestDamaged(t *testing.T) {
	ctx, s := context.Background(), newShelf(t)
	if err := s.store.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "UPDATE identity SET sealed = substr(sealed, 1, 60)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := identity.Open(ctx, s.store, s.clock); !errors.Is(err, permid.ErrMalformed) || !strings.Contains(err.Error(), `"me"`) {
		t.Errorf("%v", err)
	}
}

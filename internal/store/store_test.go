package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/internal/store"
)

func TestWhatIsWrittenIsThere(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "warren ?#.db")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("changed my mind")
	if err := s.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('never', '', 0, 0)")
		return errors.Join(err, failed)
	}); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if err := s.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('films', '', 0, 0)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(ctx, path); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	var name string
	if err := s.Read(ctx, func(q store.Querier) error {
		return q.QueryRowContext(ctx, "SELECT group_concat(name) FROM category").Scan(&name)
	}); err != nil || name != "films" {
		t.Errorf("got %q, %v", name, err)
	}
}

func TestNewerIsRefused(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "warren.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec("PRAGMA user_version = 9999")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(ctx, path)
	if e, ok := errors.AsType[*store.NewerError](err); !ok || e.Has != 9999 {
		t.Errorf("got %v", err)
	}
}

// TestPanic: who panics in a transaction, and is caught, as in a request of the
// management, does not keep everybody else from writing.
func TestPanic(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	put := func(q store.Querier, name string) error {
		_, err := q.ExecContext(ctx, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES (?, '', 0, 0)", name)
		return err
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Write(ctx, func(q store.Querier) error { panic(put(q, "half")) })
	}()
	if err := s.Write(ctx, func(q store.Querier) error { return put(q, "whole") }); err != nil {
		t.Fatal(err)
	}
	var names string
	if err := s.Read(ctx, func(q store.Querier) error {
		return q.QueryRowContext(ctx, "SELECT group_concat(name) FROM category").Scan(&names)
	}); err != nil || names != "whole" {
		t.Errorf("got %q, %v", names, err)
	}
}

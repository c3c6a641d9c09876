package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/internal/store"
)

// category writes one row, and says what else is to happen to it.
func category(t *testing.T, s *store.Store, statements ...string) {
	t.Helper()
	ctx := context.Background()
	if err := s.Write(ctx, func(q store.Querier) error {
		for _, sql := range statements {
			if _, err := q.ExecContext(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestCopy(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	from := filepath.Join(dir, "warren ?.db")
	s := open(t, from)
	category(t, s, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('films', '', 0, 0)")
	to := filepath.Join(dir, "copy ?.db")
	if err := store.Copy(ctx, from, to); err != nil {
		t.Fatal(err)
	}
	category(t, s, "DELETE FROM category")
	if err := store.Verify(ctx, to); err != nil {
		t.Error(err)
	}
	if err := store.Copy(ctx, from, to); err == nil {
		t.Error("a file that was there is overwritten")
	}
	if err := store.Copy(ctx, filepath.Join(dir, "none.db"), filepath.Join(dir, "none")); err == nil || anywhere(t, dir, "none") {
		t.Errorf("a copy of nothing: %v", err)
	}
	var name string
	if err := open(t, to).Read(ctx, func(q store.Querier) error {
		return q.QueryRowContext(ctx, "SELECT group_concat(name) FROM category").Scan(&name)
	}); err != nil || name != "films" {
		t.Errorf("the copy has %q, %v", name, err)
	}
}

// TestCheckpoint has a secret that is overwritten: afterwards no file has it.
func TestCheckpoint(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "warren.db"))
	const secret = "a-secret-nobody-else-would-write"
	category(t, s, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('x', '"+secret+"', 0, 0)")
	if !anywhere(t, dir, secret) {
		t.Fatal("the secret was never there")
	}
	category(t, s, "PRAGMA secure_delete = ON", "UPDATE category SET dir = 'public'", "PRAGMA secure_delete = OFF")
	if err := s.Checkpoint(context.Background()); err != nil {
		t.Fatal(err)
	}
	if anywhere(t, dir, secret) {
		t.Error("the secret is still there")
	}
}

func anywhere(t *testing.T, dir, text string) bool {
	t.Helper()
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		b, err := os.ReadFile(filepath.Join(dir, n.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

func TestVerify(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "warren.db")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(ctx, path); err != nil {
		t.Error(err)
	}
	newer := bytes.Clone(good)
	newer[60], newer[61] = 0x27, 0x0f // user_version, big endian
	cut := good[:len(good)/2]
	garbage := bytes.Repeat([]byte("warren"), 4096)
	torn := bytes.Clone(good)
	copy(torn[4096:], garbage)
	for name, b := range map[string][]byte{"newer": newer, "cut": cut, "garbage": garbage, "torn": torn, "short": good[:50]} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		err := store.Verify(ctx, path)
		_, isNewer := errors.AsType[*store.NewerError](err)
		_, isCorrupt := errors.AsType[*store.CorruptError](err)
		if isNewer != (name == "newer") || isCorrupt != (name != "newer") {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, b) {
			t.Errorf("%s: the file was changed, %v", name, err)
		}
	}
}

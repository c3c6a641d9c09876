package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// filled makes a database with some hundred pages and returns its bytes.
func filled(t *testing.T, path string) []byte {
	t.Helper()
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for i := range 2000 {
		rows = append(rows, fmt.Sprintf("INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('%d', '%s', 0, 0)", i, strings.Repeat("x", 300)))
	}
	category(t, s, rows...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDamagedIsRefused: whatever is broken, the file is refused with what to do, and
// stays as it is, byte for byte, with its log.
func TestDamagedIsRefused(t *testing.T) {
	dir := t.TempDir()
	good := filled(t, filepath.Join(dir, "good.db"))
	rng := rand.New(rand.NewPCG(1, 2))
	noise := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		return b
	}
	for name, bad := range map[string][]byte{
		"no database": []byte(strings.Repeat("not a database at all ", 1000)),
		"short":       good[:100],
		"half":        good[:len(good)/2],
		"noise":       append(append(append([]byte(nil), good[:len(good)/3]...), noise(64<<10)...), good[len(good)/3+64<<10:]...),
		"zeros":       append(append([]byte(nil), good[:4096]...), make([]byte, len(good)-4096)...),
	} {
		for _, log := range [][]byte{nil, []byte("log")} {
			path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+fmt.Sprint(len(log)), "warren.db")
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			write := func(name string, b []byte) {
				if err := os.WriteFile(name, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(path, bad)
			if log != nil {
				write(path+"-wal", log)
			}
			_, err := store.Open(context.Background(), path)
			if e, ok := errors.AsType[*store.CorruptError](err); !ok || e.Path != path || !strings.Contains(err.Error(), "warren restore") {
				t.Errorf("%s: got %v", name, err)
			}
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, bad) {
				t.Errorf("%s: the file was changed, %v", name, err)
			}
			if got, err := os.ReadFile(path + "-wal"); log != nil && (err != nil || !bytes.Equal(got, log)) {
				t.Errorf("%s: the log was changed, %v", name, err)
			}
		}
	}
}

// TestLostDatabase: a log without its database is not thrown away.
func TestLostDatabase(t *testing.T) {
	for name, b := range map[string][]byte{"gone": nil, "empty": {}} {
		path := filepath.Join(t.TempDir(), "warren.db")
		if b != nil {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(path+"-wal", []byte("what was written last"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := store.Open(context.Background(), path)
		if _, ok := errors.AsType[*store.CorruptError](err); !ok {
			t.Errorf("%s: got %v", name, err)
		}
		if log, err := os.ReadFile(path + "-wal"); err != nil || string(log) != "what was written last" {
			t.Errorf("%s: the log is %q, %v", name, log, err)
		}
	}
}

// TestNewerIsLeftAlone: not a byte of it changes.
func TestNewerIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warren.db")
	filled(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec("PRAGMA user_version = 9999; PRAGMA journal_mode = DELETE")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(context.Background(), path)
	if e, ok := errors.AsType[*store.NewerError](err); !ok || e.Has != 9999 || !strings.Contains(err.Error(), "start that version") {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("it was changed, %v", err)
	}
}

// TestOnlyTheOwner: keys lie in it.
func TestOnlyTheOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warren.db")
	s := open(t, path)
	category(t, s, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('films', '', 0, 0)")
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestCutShort: what a process that was killed had committed is there, what it had not
// is not. The copy is what a kill leaves: the database and the log as they are.
func TestCutShort(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "warren.db")
	s := open(t, path)
	category(t, s, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('films', '', 0, 0)")
	log, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	main, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, tail := range map[string][]byte{"whole": nil, "torn": log[:len(log)/2]} {
		other := filepath.Join(dir, name+".db")
		if err := errors.Join(os.WriteFile(other, main, 0o600), os.WriteFile(other+"-wal", append(append([]byte(nil), log...), tail...), 0o600)); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := open(t, other).Read(context.Background(), func(q store.Querier) error {
			return q.QueryRowContext(context.Background(), "SELECT count(*) FROM category").Scan(&n)
		}); err != nil || n != 1 {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
}

// TestReadersDoNotWait: a transaction that is under way keeps nobody from reading what
// was there before.
func TestReadersDoNotWait(t *testing.T) {
	ctx := context.Background()
	s := open(t, filepath.Join(t.TempDir(), "warren.db"))
	err := s.Write(ctx, func(q store.Querier) error {
		if _, err := q.ExecContext(ctx, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES ('films', '', 0, 0)"); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 4*time.Second) // a wait would be five
		defer cancel()
		return s.Read(short, func(q store.Querier) error {
			var n int
			if err := q.QueryRowContext(short, "SELECT count(*) FROM category").Scan(&n); err != nil || n != 0 {
				return fmt.Errorf("%d rows, %w", n, err)
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
}

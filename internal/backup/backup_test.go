package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/backup"
	"github.com/warren-p2p/warren/internal/backup/archive"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
)

var now = clock.NewManual(time.Date(2026, 11, 29, 4, 0, 0, 0, time.UTC))

func node(dir string) backup.Node {
	return backup.Node{Home: dir, Version: "0.1.0", Clock: now}.Cheap()
}

// kept and left are files of a home that belong into a backup, and that do not.
var (
	kept = map[string]string{
		"config.toml": "listen = \":1\"\n", "management-token": "secret", "site-seed": "seed", "peer-certificate.pem": "pem", "acme-account.pem": "pem",
		"node/ab12.resume": "pieces", "node/deep/x.json": "{}", "foreground/0011/ab12.resume": "more", "membership/ff/authority": "key", "blocklists/list": "addresses", "own-tracker/tracker-key": "path",
	}
	left = map[string]string{
		"lock": "", "node.json": "{}", "node/lock": "", "membership/ff/roll.lock": "", "node/.x.json.ABCD.tmp": "half",
		"downloads/film.mkv": "content", "film.mkv": "content", ".backup-OLD.tmp": "of a backup that was ended",
	}
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// read returns the files below dir but those of the store.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "warren.db") {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		files[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// running makes a home with an open store, as a node that runs has.
func running(t *testing.T) (dir string, s *store.Store) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, kept)
	write(t, dir, left)
	s, err := store.Open(context.Background(), filepath.Join(dir, "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir, s
}

func save(t *testing.T, n backup.Node) []byte {
	t.Helper()
	var b bytes.Buffer
	s, err := n.Save(context.Background(), &b)
	if err != nil || len(s.Left) != 0 {
		t.Fatalf("%v, left %v", err, s.Left)
	}
	return b.Bytes()
}

// identities returns who the owner of a store is.
func identities(t *testing.T, s *store.Store) []identity.Info {
	t.Helper()
	book, err := identity.Open(context.Background(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	return book.List()
}

func TestSaveAndRestore(t *testing.T) {
	ctx := context.Background()
	dir, s := running(t)
	who := identities(t, s)
	b := save(t, node(dir))
	want := map[string]string{}
	for _, files := range []map[string]string{kept, left} {
		maps.Copy(want, files)
	}
	delete(want, ".backup-OLD.tmp")
	want["backup.lock"] = ""
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("the home was changed:\n%s", diff)
	}

	to := filepath.Join(t.TempDir(), "new", "home")
	m, err := node(to).Restore(ctx, bytes.NewReader(b))
	if err != nil || len(m.Files) != len(kept)+1 || m.Warren != "0.1.0" {
		t.Fatalf("%+v, %v", m, err)
	}
	want = map[string]string{"lock": ""}
	maps.Copy(want, kept)
	if diff := cmp.Diff(want, read(t, to)); diff != "" {
		t.Error(diff)
	}
	again, err := store.Open(ctx, filepath.Join(to, "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(who, identities(t, again)); diff != "" {
		t.Error(diff)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"warren.db", "management-token", "membership/ff/authority"} {
		if st, err := os.Stat(filepath.Join(to, name)); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
}

// TestWhileWriting backs up a store that is written to all the time: what comes back
// is one moment of it.
func TestWhileWriting(t *testing.T) {
	ctx := context.Background()
	dir, s := running(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			// Two tables that always have the same number of rows.
			if err := s.Write(ctx, func(q store.Querier) error {
				_, err := q.ExecContext(ctx, "INSERT INTO category (name, dir, up_limit, down_limit) VALUES (?, ?, 0, 0)", n, strings.Repeat("x", 2000))
				if err == nil {
					_, err = q.ExecContext(ctx, "INSERT INTO label (name, up_limit, down_limit) VALUES (?, 0, 0)", n)
				}
				return err
			}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var all [][]byte
	for range 5 {
		all = append(all, save(t, node(dir)))
	}
	close(stop)
	wg.Wait()
	for _, b := range all {
		to := t.TempDir()
		if _, err := node(to).Restore(ctx, bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		copied, err := store.Open(ctx, filepath.Join(to, "warren.db"))
		if err != nil {
			t.Fatal(err)
		}
		var categories, labels int
		err = copied.Read(ctx, func(q store.Querier) error {
			return q.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM category), (SELECT count(*) FROM label)").Scan(&categories, &labels)
		})
		if err := errors.Join(err, copied.Close()); err != nil || categories != labels {
			t.Errorf("%d and %d, %v", categories, labels, err)
		}
	}
}

// TestOccupied has homes that must not be restored to: each stays as it is.
func TestOccupied(t *testing.T) {
	dir, _ := running(t)
	b := save(t, node(dir))
	for _, name := range []string{"warren.db", "warren.db-wal", "config.toml", "peer-certificate.pem", "node/x", "membership/a/b"} {
		to := t.TempDir()
		write(t, to, map[string]string{name: "mine"})
		_, err := node(to).Restore(context.Background(), bytes.NewReader(b))
		if e, ok := errors.AsType[*backup.OccupiedError](err); !ok || !strings.HasPrefix(name, e.Has) {
			t.Errorf("%s: %v", name, err)
		}
		if text, err := os.ReadFile(filepath.Join(to, name)); string(text) != "mine" {
			t.Errorf("%s: %v", name, err)
		}
		if files := read(t, to); len(files) > 2 {
			t.Errorf("%s: there is more now: %v", name, files)
		}
	}
	to := t.TempDir()
	open, err := vfs.OpenDir(to)
	if err != nil {
		t.Fatal(err)
	}
	lock, err := open.Lock("lock")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := node(to).Restore(context.Background(), bytes.NewReader(b)); !errors.As(err, new(*backup.OccupiedError)) {
		t.Errorf("a node that runs: %v", err)
	}
	if err := errors.Join(lock.Close(), open.Close()); err != nil {
		t.Error(err)
	}
}

// TestRefused has backups that cannot be used: nothing of them stays.
func TestRefused(t *testing.T) {
	dir, _ := running(t)
	b := save(t, node(dir))
	pack := func(files map[string]string) []byte {
		var b bytes.Buffer
		w := archive.NewWriter(&b, "", now.Now())
		for name, text := range files {
			if err := w.Add(name, int64(len(text)), strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	corrupt := func(err error) bool { return errors.As(err, new(*store.CorruptError)) }
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	for name, c := range map[string]struct {
		b    []byte
		want func(error) bool
	}{
		"cut":              {b[:len(b)/2], is(archive.ErrCut)},
		"text":             {[]byte("no backup at all"), is(archive.ErrMalformed)},
		"nothing":          {nil, is(archive.ErrCut)},
		"empty":            {pack(nil), is(archive.ErrMalformed)},
		"a lock":           {pack(map[string]string{"lock": "", "config.toml": ""}), is(archive.ErrMalformed)},
		"content":          {pack(map[string]string{"downloads/x": ""}), is(archive.ErrMalformed)},
		"a broken store":   {pack(map[string]string{"config.toml": "", "warren.db": strings.Repeat("garbage.", 1000)}), corrupt},
		"a disk that dies": {nil, nil},
	} {
		to := t.TempDir()
		_, err := node(to).Restore(context.Background(), bytes.NewReader(c.b))
		if c.want == nil {
			_, err = node(to).Restore(context.Background(), iotest.TimeoutReader(bytes.NewReader(b)))
			c.want = is(iotest.ErrTimeout)
		}
		if !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		rest := read(t, to)
		if _, err := os.Stat(filepath.Join(to, "restoring")); err == nil || len(rest) != 1 {
			t.Errorf("%s: left behind: %v", name, rest)
		}
	}
}

// TestEnded has what restores leave that were ended by force.
func TestEnded(t *testing.T) {
	ctx := context.Background()
	dir, _ := running(t)
	b := save(t, node(dir))
	t.Run("while unpacking", func(t *testing.T) {
		to := t.TempDir()
		write(t, to, map[string]string{"restoring/node/deep/half": "x", "restoring/config.toml": "y"})
		if _, err := node(to).Restore(ctx, bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, to); got["config.toml"] != kept["config.toml"] || len(got) != len(kept)+1 {
			t.Errorf("%v", got)
		}
	})
	t.Run("while putting in place", func(t *testing.T) {
		to := t.TempDir()
		write(t, to, map[string]string{"config.toml": "c", "restored/node/x": "x", "restored/site-seed": "s"})
		h, err := home.Open(to)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(map[string]string{"config.toml": "c", "node/x": "x", "site-seed": "s"}, read(t, to)); diff != "" {
			t.Error(diff)
		}
		if _, err := node(to).Restore(ctx, bytes.NewReader(b)); !errors.As(err, new(*backup.OccupiedError)) {
			t.Errorf("%v", err)
		}
	})
}

func TestFile(t *testing.T) {
	ctx := context.Background()
	dir, _ := running(t)
	file := filepath.Join(t.TempDir(), "node.backup")
	if _, err := node(dir).SaveFile(ctx, file, false); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	if _, err := node(dir).SaveFile(ctx, file, false); !errors.Is(err, backup.ErrExists) {
		t.Errorf("%v", err)
	}
	locked := node(dir)
	locked.Passphrase = "correct horse"
	if _, err := locked.SaveFile(ctx, file, true); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "home")
	if _, err := node(to).RestoreFile(ctx, file); !errors.Is(err, archive.ErrLocked) {
		t.Errorf("%v", err)
	}
	unlock := node(to)
	unlock.Passphrase = "correct horse"
	if m, err := unlock.RestoreFile(ctx, file); err != nil || len(m.Files) != len(kept)+1 {
		t.Errorf("%+v, %v", m, err)
	}
	empty := filepath.Join(filepath.Dir(file), "empty")
	if _, err := node(t.TempDir()).SaveFile(ctx, empty, false); !errors.Is(err, backup.ErrNothing) {
		t.Errorf("%v", err)
	}
	if _, err := node(filepath.Join(dir, "none")).SaveFile(ctx, empty, false); !errors.Is(err, backup.ErrNothing) {
		t.Errorf("%v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1 {
		t.Errorf("half-written files are left: %v, %v", entries, err)
	}
	if _, err := node(to).RestoreFile(ctx, empty); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := node(to).RestoreFile(ctx, dir); err == nil {
		t.Error("a folder is restored")
	}
}

// TestNamesThatDoNotFit are told, not dropped.
func TestNamesThatDoNotFit(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"config.toml": "", "membership/a b/key": "x"})
	var b bytes.Buffer
	s, err := node(dir).Save(context.Background(), &b)
	if diff := cmp.Diff([]string{"membership/a b/key"}, s.Left); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

package files_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/library/files"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
)

func write(t *testing.T, dir vfs.FS, name, text string, at time.Time) {
	t.Helper()
	if err := vfs.WriteFileAtomic(dir, name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := dir.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestStamp(t *testing.T) {
	hashed := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	old := hashed.Add(-time.Hour)
	for name, c := range map[string]struct {
		change func(vfs.FS) error
		err    error // of Stamp, asked by who has hashed
		same   bool
	}{
		"nothing":      {func(vfs.FS) error { return nil }, nil, true},
		"another file": {func(dir vfs.FS) error { return vfs.WriteFileAtomic(dir, "set/c", []byte("c"), 0o600) }, nil, true},
		"written":      {func(dir vfs.FS) error { return dir.Chtimes("set/b", old, old.Add(time.Nanosecond)) }, nil, false},
		"just before":  {func(dir vfs.FS) error { return dir.Chtimes("set/b", old, hashed.Add(-time.Second)) }, files.ErrFresh, false},
		"meanwhile":    {func(dir vfs.FS) error { return dir.Chtimes("set/b", old, hashed.Add(time.Minute)) }, files.ErrFresh, false},
		"longer": {func(dir vfs.FS) error {
			f, err := dir.OpenFile("set/b", os.O_RDWR, 0)
			if err == nil {
				err = errors.Join(f.Truncate(9), f.Close(), dir.Chtimes("set/b", old, old))
			}
			return err
		}, nil, false},
		"gone": {func(dir vfs.FS) error { return dir.Remove("set/a") }, fs.ErrNotExist, false},
	} {
		dir := memfs.New()
		write(t, dir, "set/a", "one", old)
		write(t, dir, "set/b", "two", old.Add(-time.Minute))
		m, err := create.Torrent(t.Context(), dir, "set", create.Options{})
		if err != nil {
			t.Fatal(err)
		}
		stamp, err := files.Stamp(dir, &m.Info, hashed)
		if err != nil || len(stamp) != 64 {
			t.Fatalf("%q, %v", stamp, err)
		}
		if err := c.change(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Stamp(dir, &m.Info, hashed); !errors.Is(err, c.err) && (name != "longer" || err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		open := func(string) (vfs.FS, error) { return dir, nil }
		if got := files.Stamped(open, "/x", &m.Info, stamp); got != c.same {
			t.Errorf("%s: looks the same: %v", name, got)
		}
		if files.Stamped(open, "/x", &m.Info, "") || files.Stamped(func(string) (vfs.FS, error) { return nil, fs.ErrNotExist }, "/x", &m.Info, stamp) {
			t.Errorf("%s: no stamp, or no folder, counts", name)
		}
	}
}

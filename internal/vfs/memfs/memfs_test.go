package memfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/internal/vfs/vfstest"
)

func TestConformance(t *testing.T) {
	vfstest.Run(t, func(*testing.T) vfs.FS { return memfs.New() })
}

func open(t *testing.T, m vfs.FS, name string) vfs.File {
	t.Helper()
	f, err := m.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t *testing.T, f vfs.File, off int64, data []byte) {
	t.Helper()
	if _, err := f.WriteAt(data, off); err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCapacity(t *testing.T) {
	m := memfs.New()
	m.SetCapacity(3 * 4096)
	f := open(t, m, "a")
	n, err := f.WriteAt(make([]byte, 5*4096), 0)
	if n != 3*4096 || !errors.Is(err, vfs.ErrNoSpace) {
		t.Fatalf("write = %d, %v", n, err)
	}
	if free, _ := m.Free(); free != 0 {
		t.Errorf("free = %d on a full volume", free)
	}
	write(t, f, 0, []byte("over what is there"))
	g := open(t, m, "b")
	if err := g.Allocate(1); !errors.Is(err, vfs.ErrNoSpace) {
		t.Errorf("allocate on a full volume: %v", err)
	}
	try(t, f.Truncate(4096))
	try(t, g.Allocate(2*4096))
	if _, err := f.WriteAt([]byte{1}, 4096); !errors.Is(err, vfs.ErrNoSpace) {
		t.Errorf("write into what is reserved for another: %v", err)
	}
	write(t, g, 0, make([]byte, 2*4096))
	try(t, m.Remove("b"))
	if free, _ := m.Free(); free != 0 {
		t.Errorf("free = %d while the removed file is open", free)
	}
	try(t, g.Close())
	if free, _ := m.Free(); free != 2*4096 {
		t.Errorf("free = %d, want two pages", free)
	}
}

func TestFault(t *testing.T) {
	m := memfs.New()
	f := open(t, m, "f")
	write(t, f, 0, []byte("good"))
	var seen []string
	m.SetFault(func(op, name string, off int64, n int) error {
		seen = append(seen, fmt.Sprintf("%s %s %d %d", op, name, off, n))
		return syscall.ENOSPC
	})
	_, err := f.WriteAt([]byte("bad"), 1)
	if !errors.Is(err, vfs.ErrNoSpace) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	if err := f.Sync(); err == nil {
		t.Error("sync went through")
	}
	if err := m.Rename("f", "g"); err == nil {
		t.Error("rename went through")
	}
	m.SetFault(nil)
	want := []string{"write f 1 3", "sync f 0 0", "rename f 0 0"}
	if !slices.Equal(seen, want) {
		t.Errorf("asked %q, want %q", seen, want)
	}
	if data, err := vfs.ReadFile(m, "f"); err != nil || string(data) != "good" {
		t.Errorf("content %q, %v", data, err)
	}
}

// outcomes crashes m with many seeds and counts what describe says of each.
func outcomes(m *memfs.FS, describe func(vfs.FS) string) map[string]int {
	got := map[string]int{}
	for seed := range uint64(200) {
		got[describe(m.Crash(seed))]++
	}
	return got
}

func readOr(fsys vfs.FS, name string) string {
	data, err := vfs.ReadFile(fsys, name)
	if err != nil {
		return "none"
	}
	return string(data)
}

func TestCrashKeepsWhatWasSynced(t *testing.T) {
	m := memfs.New()
	f := open(t, m, "dir/f")
	write(t, f, 0, []byte("synced"))
	try(t, f.Sync())
	try(t, vfs.SyncDir(m, "dir"))
	if got := outcomes(m, func(c vfs.FS) string { return readOr(c, "dir/f") }); got["synced"] != 200 {
		t.Errorf("outcomes %v", got)
	}
}

func TestCrashMayLoseNames(t *testing.T) {
	m := memfs.New()
	f := open(t, m, "f")
	write(t, f, 0, []byte("synced"))
	try(t, f.Sync()) // but not the directory
	got := outcomes(m, func(c vfs.FS) string { return readOr(c, "f") })
	if got["synced"] == 0 || got["none"] == 0 || len(got) != 2 {
		t.Errorf("outcomes %v", got)
	}
}

func TestCrashTearsWrites(t *testing.T) {
	m := memfs.New()
	f := open(t, m, "f")
	write(t, f, 0, bytes.Repeat([]byte("o"), 2*4096))
	try(t, f.Sync())
	try(t, vfs.SyncDir(m, "."))
	write(t, f, 0, bytes.Repeat([]byte("n"), 2*4096))
	got := outcomes(m, func(c vfs.FS) string {
		s := readOr(c, "f")
		return s[:1] + s[4095:4097] + s[8191:]
	})
	for _, want := range []string{"oooo", "nnnn", "oonn", "nnoo"} {
		if got[want] == 0 {
			t.Errorf("never %s: %v", want, got)
		}
	}
	if len(got) != 4 {
		t.Errorf("torn inside a page: %v", got)
	}
}

func TestCrashRenameIsAtomic(t *testing.T) {
	m := memfs.New()
	try(t, vfs.WriteFileAtomic(m, "f", []byte("old"), 0o600))
	f := open(t, m, "temp")
	write(t, f, 0, []byte("new"))
	try(t, f.Sync())
	try(t, f.Close())
	try(t, m.Rename("temp", "f"))
	got := outcomes(m, func(c vfs.FS) string { return readOr(c, "f") + " " + readOr(c, "temp") })
	for _, want := range []string{"old none", "old new", "new none"} {
		if got[want] == 0 {
			t.Errorf("never %q: %v", want, got)
		}
	}
	if len(got) != 3 {
		t.Errorf("outcomes %v", got)
	}
}

// TestCrashTwoRenames checks that a file never has two names.
func TestCrashTwoRenames(t *testing.T) {
	m := memfs.New()
	try(t, vfs.WriteFileAtomic(m, "a", []byte("x"), 0o600))
	try(t, m.Rename("a", "b"))
	try(t, m.Rename("b", "c"))
	got := outcomes(m, func(c vfs.FS) string { return readOr(c, "a") + readOr(c, "b") + readOr(c, "c") })
	if got["xnonenone"] == 0 || got["nonexnone"] == 0 || got["nonenonex"] == 0 || len(got) != 3 {
		t.Errorf("outcomes %v", got)
	}
}

// TestCrashMovedDirectories checks that nothing durable is lost in a knot.
func TestCrashMovedDirectories(t *testing.T) {
	m := memfs.New()
	try(t, vfs.WriteFileAtomic(m, "a/b/f", []byte("x"), 0o600))
	try(t, m.Rename("a/b", "b"))
	try(t, m.Rename("a", "b/a"))
	got := outcomes(m, func(c vfs.FS) string { return readOr(c, "a/b/f") + readOr(c, "b/f") })
	if got["xnone"] == 0 || got["nonex"] == 0 || len(got) != 2 {
		t.Errorf("outcomes %v", got)
	}
}

// TestCrashAtomicWrite cuts the power at every operation of WriteFileAtomic:
// there is the old content or the new, and the new once it has returned.
func TestCrashAtomicWrite(t *testing.T) {
	m := memfs.New()
	try(t, vfs.WriteFileAtomic(m, "d/f", []byte("old"), 0o600))
	seen := map[string]int{}
	steps := 0
	m.SetFault(func(string, string, int64, int) error {
		steps++
		for seed := range uint64(20) {
			seen[readOr(m.Crash(seed), "d/f")]++
		}
		return nil
	})
	try(t, vfs.WriteFileAtomic(m, "d/f", []byte("new"), 0o600))
	m.SetFault(nil)
	if seen["old"] == 0 || seen["new"] == 0 || len(seen) != 2 || steps < 6 {
		t.Errorf("after %d steps: %v", steps, seen)
	}
	if got := outcomes(m, func(c vfs.FS) string { return readOr(c, "d/f") }); got["new"] != 200 {
		t.Errorf("after it returned: %v", got)
	}
}

func TestCrashIsSeeded(t *testing.T) {
	m := memfs.New()
	for i := range 20 {
		write(t, open(t, m, fmt.Sprint("f", i)), 0, make([]byte, 20_000))
	}
	describe := func(seed uint64) string {
		var s string
		c := m.Crash(seed)
		for i := range 20 {
			s += fmt.Sprint(len(readOr(c, fmt.Sprint("f", i))), " ")
		}
		return s
	}
	first := describe(7)
	if again := describe(7); again != first {
		t.Errorf("the same seed, another outcome: %s, %s", first, again)
	}
	if describe(8) == first {
		t.Error("another seed, the same outcome")
	}
}

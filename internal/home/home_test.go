package home_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/vfs"
)

func TestPath(t *testing.T) {
	for _, c := range []struct {
		flag string
		env  map[string]string
		want string
	}{
		{"/flag", map[string]string{"WARREN_HOME": "/env", "HOME": "/h"}, "/flag"},
		{"", map[string]string{"WARREN_HOME": "/env", "XDG_DATA_HOME": "/xdg", "HOME": "/h"}, "/env"},
		{"", map[string]string{"XDG_DATA_HOME": "/xdg", "HOME": "/h"}, "/xdg/warren"},
		{"", map[string]string{"XDG_DATA_HOME": "relative", "HOME": "/h"}, "/h/.local/share/warren"},
		{"", map[string]string{"HOME": "/h"}, "/h/.local/share/warren"},
		{"", map[string]string{"LocalAppData": "/app"}, "/app/warren"},
	} {
		got, err := home.Path(c.flag, func(k string) string { return c.env[k] })
		if err != nil || filepath.ToSlash(got) != c.want {
			t.Errorf("%q, %v: %q, %v, want %q", c.flag, c.env, got, err, c.want)
		}
	}
	if _, err := home.Path("", func(string) string { return "" }); !errors.Is(err, home.ErrNoHome) {
		t.Errorf("without anything: %v", err)
	}
}

func open(t *testing.T, path string) *home.Home {
	t.Helper()
	h, err := home.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// TestOpen: a home and what leads to it are made for their owner alone.
func TestOpen(t *testing.T) {
	base := t.TempDir()
	open(t, filepath.Join(base, "a", "b", "c"))
	for _, dir := range []string{"a", "a/b", "a/b/c"} {
		info, err := os.Stat(filepath.Join(base, dir))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s: mode %v", dir, info.Mode())
		}
	}
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below")} {
		if _, err := home.Open(path); err == nil {
			t.Errorf("%s was opened as a home", path)
		}
	}
}

// TestWork: the same work is done once, other work beside it.
func TestWork(t *testing.T) {
	path := t.TempDir()
	h := open(t, path)
	a, b := home.Content{InfoHash: "aa", Dir: "x"}, home.Content{InfoHash: "bb", Dir: "x"}
	first, err := h.Work(a, b)
	if err != nil {
		t.Fatal(err)
	}
	var busy *home.BusyError
	if _, err := h.Work(b, a); !errors.As(err, &busy) || !errors.Is(err, vfs.ErrLocked) || busy.Home != path {
		t.Errorf("the same work in another order: %v", err)
	}
	if _, err := h.Work(a, home.Content{InfoHash: "bb", Dir: "./x/../x"}); !errors.As(err, &busy) {
		t.Errorf("the same work said differently: %v", err)
	}
	for _, other := range [][]home.Content{{a}, {b}, {a, {InfoHash: "bb", Dir: "y"}}} {
		w, err := h.Work(other...)
		if err != nil {
			t.Errorf("%v: %v", other, err)
			continue
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := vfs.WriteFileAtomic(first, "state", []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := h.Work(a, b)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got, err := vfs.ReadFile(again, "state"); err != nil || string(got) != "kept" {
		t.Errorf("state %q, %v", got, err)
	}
}

// TestCertificate: however many commands start together, there is one.
func TestCertificate(t *testing.T) {
	path := t.TempDir()
	var mu sync.Mutex
	var seen [][]byte
	var wg sync.WaitGroup
	for range 8 {
		h := open(t, path)
		wg.Go(func() {
			c, err := h.Certificate(context.Background(), clock.System{})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, c.Certificate[0])
		})
	}
	wg.Wait()
	for _, c := range seen {
		if !bytes.Equal(c, seen[0]) {
			t.Fatal("two certificates were used")
		}
	}
	info, err := os.Stat(filepath.Join(path, "peer-certificate.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: the key must be for its owner alone", info.Mode(), err)
	}
}

func TestBadCertificate(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, "peer-certificate.pem"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, path).Certificate(context.Background(), clock.System{}); err == nil {
		t.Error("nonsense was taken for a certificate")
	}
}

func TestBootID(t *testing.T) {
	want, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		want = nil // another system
	}
	if got := home.BootID(); got != string(bytes.TrimSpace(want)) {
		t.Errorf("%q, want %q", got, want)
	}
}

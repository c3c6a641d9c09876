package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkspace: it holds random data of the size asked for and leaves nothing.
func TestWorkspace(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w, err := newWorkspace(3 << 20)
	if err != nil {
		t.Fatal(err)
	}
	const size = 2<<20 + 17
	if err := w.fill(context.Background(), size); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(w.path, "src", contentName))
	if err != nil || len(b) != size {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	if string(b[:1<<20]) == string(b[1<<20:2<<20]) {
		t.Error("the data repeats")
	}
	if err := os.MkdirAll(filepath.Join(w.path, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was left: %v", err)
	}
}

func TestNoRoom(t *testing.T) {
	if _, err := newWorkspace(1 << 60); err == nil || !strings.Contains(err.Error(), "use a smaller --size") {
		t.Errorf("an exabyte: %v", err)
	}
}

func TestFillStops(t *testing.T) {
	w, err := newWorkspace(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.fill(ctx, 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

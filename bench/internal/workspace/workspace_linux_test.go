package workspace

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
)

func open(t *testing.T) *Space {
	t.Helper()
	s, err := New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCloseLeavesNothing(t *testing.T) {
	s := open(t)
	if _, err := s.Tree(t.Context(), "tree", 30, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Symlink("tree", "link"); err != nil {
		t.Fatal(err)
	}
	if err := s.Touch(t.Context(), 3<<20+5); err != nil {
		t.Fatal(err)
	}
	if entries, err := s.ReadDir("."); err != nil || len(entries) != 2 {
		t.Errorf("after Touch: %v, %v", entries, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(filepath.Dir(s.Path)); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestCompare(t *testing.T) {
	s := open(t)
	defer s.Close()
	const size = chunk + 77
	for _, name := range []string{"a", "same", "flipped", "short"} {
		if err := s.Random(t.Context(), name, size, 7); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Random(t.Context(), "other", size, 8); err != nil {
		t.Fatal(err)
	}
	b, err := vfs.ReadFile(s, "flipped")
	if err != nil {
		t.Fatal(err)
	}
	b[size-1] ^= 1
	if err := s.Write("flipped", string(b), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Write("short", string(b[:size-1]), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{"same": nil, "flipped": ErrDiffers, "short": ErrDiffers, "other": ErrDiffers, "missing": os.ErrNotExist} {
		if err := s.Compare(t.Context(), "a", name); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
}

func TestTreeIsTheSameEachTime(t *testing.T) {
	s := open(t)
	defer s.Close()
	a, err1 := s.Tree(t.Context(), "a", 20, 1)
	b, err2 := s.Tree(t.Context(), "b", 20, 1)
	if err := errors.Join(err1, err2); err != nil || a != b || a == 0 {
		t.Fatalf("%d and %d bytes, %v", a, b, err)
	}
	if err := s.Compare(t.Context(), "a/d19/e0/f00019.dat", "b/d19/e0/f00019.dat"); err != nil {
		t.Error(err)
	}
}

func TestFillIsCancelled(t *testing.T) {
	s := open(t)
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Random(ctx, "x", 1<<40, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

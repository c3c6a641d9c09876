package home_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/vfs"
)

func openHome(t *testing.T, path string) *home.Home {
	t.Helper()
	h, err := home.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// TestOneNode: the second one is told where the first one is, and what one left that
// was killed is not believed.
func TestOneNode(t *testing.T) {
	path := t.TempDir()
	h, other := openHome(t, path), openHome(t, path)
	lock, err := h.Occupy()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := other.Node(); !ok || err != nil {
		t.Errorf("a node that begins is not seen: %v", err)
	}
	r := home.Running{PID: 4711, API: "http://127.0.0.1:9471", Started: time.Unix(1e9, 0).UTC()}
	if err := h.Announce(r); err != nil {
		t.Fatal(err)
	}
	_, err = other.Occupy()
	if e, ok := errors.AsType[*home.RunningError](err); !ok || e.Node != r || !errors.Is(err, vfs.ErrLocked) || !strings.Contains(err.Error(), "(process 4711, http://127.0.0.1:9471)") {
		t.Errorf("got %v", err)
	}
	if got, ok, err := other.Node(); !ok || got != r || err != nil {
		t.Errorf("got %v, %v, %v", got, ok, err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := other.Node(); ok || err != nil {
		t.Errorf("a node that was killed is there: %v", err)
	}
	// The next one begins, and has not said yet where it is.
	if err := h.Announce(r); err != nil {
		t.Fatal(err)
	}
	if lock, err = h.Occupy(); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := other.Node(); !ok || err != nil || got != (home.Running{}) {
		t.Errorf("of one that begins: %v, %v, %v", got, ok, err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(h.Retract(), h.Retract()); err != nil {
		t.Error(err)
	}
}

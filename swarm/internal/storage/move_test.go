package storage_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// TestMoveToWhereItIs: the target is the folder itself, by another path and a
// handle of its own. Nothing may be taken for a copy and removed.
func TestMoveToWhereItIs(t *testing.T) {
	w := newWorld(t, "hybrid")
	root := t.TempDir()
	real, link := filepath.Join(root, "real"), filepath.Join(root, "link")
	must(t, os.Mkdir(real, 0o755))
	must(t, os.Symlink(real, link))
	from, err := vfs.OpenDir(real)
	must(t, err)
	to, err := vfs.OpenDir(link)
	must(t, err)
	for _, complete := range []bool{false, true} {
		cfg := w.config()
		cfg.Content = from
		s, err := storage.Open(cfg)
		must(t, err)
		must(t, s.WritePiece(0, w.pieces[0]))
		if complete {
			w.writeAll(t, s)
		}
		must(t, s.Move(context.Background(), to, false))
		w.honest(t, s, "moved")
		must(t, s.Move(context.Background(), from, false)) // and back
		w.honest(t, s, "moved back")
		must(t, s.Close())
	}
	w.complete(t, from)
	left, err := filepath.Glob(filepath.Join(real, ".probe-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	must(t, from.Close())
	must(t, to.Close())
}

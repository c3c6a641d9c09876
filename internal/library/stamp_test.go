package library_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/files"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm"
)

// Content that somebody else has hashed is not hashed again if it looks as it did, and
// is if it does not. What lies there is not what was hashed, so that it shows.
func TestStamped(t *testing.T) {
	for same, want := range map[bool]swarm.State{true: swarm.StateSeeding, false: swarm.StateDownloading} {
		from := t.TempDir()
		m := content(t, from)
		name := filepath.Join(from, "set", "a.bin")
		old := time.Now().Add(-time.Hour)
		for _, f := range []string{"a.bin", "b.bin"} {
			if err := os.Chtimes(filepath.Join(from, "set", f), old, old); err != nil {
				t.Fatal(err)
			}
		}
		dir, err := vfs.OpenDir(from)
		if err != nil {
			t.Fatal(err)
		}
		stamp, err := files.Stamp(dir, &m.Info, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := dir.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, bytes.Repeat([]byte("x"), 100_000), 0o600); err != nil {
			t.Fatal(err)
		}
		if same {
			if err := os.Chtimes(name, old, old); err != nil {
				t.Fatal(err)
			}
		}
		n := open(t, t.TempDir(), netpolicy.NewMem())
		added, err := n.Add(context.Background(), library.Add{Metainfo: m, Dir: from, Stamp: stamp})
		if err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(time.Minute); added.View().Status.State != want; time.Sleep(5 * time.Millisecond) {
			if n.Refresh(); time.Now().After(end) {
				t.Fatalf("looks the same: %v, and it is %v", same, added.View().Status.State)
			}
		}
		n.close()
	}
}

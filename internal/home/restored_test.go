package home

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// TestPutInPlace cuts the power at every operation: who opens the home afterwards finds
// all that was restored.
func TestPutInPlace(t *testing.T) {
	files := []string{"config.toml", "node/a", "node/b/c", "warren.db"}
	for stop := 0; ; stop++ {
		disk := memfs.New()
		for _, name := range files {
			if err := vfs.WriteFileAtomic(disk, Restored+"/"+name, []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		n, off := 0, errors.New("power is off")
		disk.SetFault(func(_, _ string, _ int64, _ int) error {
			if n++; n > stop {
				return off
			}
			return nil
		})
		err := PutInPlace(disk)
		if err != nil && !errors.Is(err, off) {
			t.Fatal(err)
		}
		after := disk.Crash(uint64(stop))
		if err := PutInPlace(after); err != nil {
			t.Fatalf("after %d operations: %v", stop, err)
		}
		for _, name := range files {
			if b, err := vfs.ReadFile(after, name); err != nil || string(b) != name {
				t.Errorf("after %d operations: %s: %q, %v", stop, name, b, err)
			}
		}
		if _, err := after.Stat(Restored); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("after %d operations: %v", stop, err)
		}
		if err == nil {
			return
		}
	}
}

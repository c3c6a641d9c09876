package made

import (
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func TestSeed(t *testing.T) {
	dir := memfs.New()
	first, err := Seed(dir)
	if err != nil || first == ([32]byte{}) {
		t.Fatal(first, err)
	}
	if again, err := Seed(dir); err != nil || again != first {
		t.Errorf("the next start has %x, %v", again, err)
	}
	if other, err := Seed(memfs.New()); err != nil || other == first {
		t.Errorf("another install has %x, %v", other, err)
	}
	if err := vfs.WriteFileAtomic(dir, seedFile, []byte("beef"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Seed(dir); err == nil {
		t.Errorf("nonsense is a seed: %x", s)
	}
}

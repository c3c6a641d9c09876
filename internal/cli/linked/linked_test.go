package linked

import (
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// What there is no room for is refused before anything is fetched; of what was begun, who
// stores the rest knows how much that is.
func TestFits(t *testing.T) {
	folder := &record.Record{Title: "Set", Size: 10_000, Files: []record.File{{Path: "set/a", Size: 5000}, {Path: "set/b", Size: 5000}}}
	file := &record.Record{Title: "One", Size: 10_000, Files: []record.File{{Path: "one", Size: 10_000}}}
	for name, c := range map[string]struct {
		r     *record.Record
		room  int64
		there string // a file
		ok    bool
	}{
		"room":                 {folder, 1 << 20, "", true},
		"none":                 {folder, 8192, "", false},
		"none, something else": {folder, 8192, "other", false},
		"none, but begun":      {folder, 8192, "set", true},
		"a file":               {file, 8192, "", false},
		"a file, begun":        {file, 8192, "one.part", true},
		"a file, there":        {file, 8192, "one", true},
	} {
		disk := memfs.New()
		if c.there != "" {
			if err := vfs.WriteFileAtomic(disk, c.there, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		disk.SetCapacity(c.room)
		err := Fits(disk, "there", c.r)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "has 10.0 kB, and there has room for") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package walk

import (
	"io/fs"
	"path"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Chosen is a file system without what is not shared.
type Chosen struct {
	vfs.FS
	Skip map[string]bool // names that are left out
}

// ReadDir lists what is shared of a directory.
func (c Chosen) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := c.FS.ReadDir(name)
	kept := list[:0]
	for _, e := range list {
		if !c.Skip[path.Join(name, e.Name())] {
			kept = append(kept, e)
		}
	}
	return kept, err
}

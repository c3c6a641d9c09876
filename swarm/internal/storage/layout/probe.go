package layout

import (
	"crypto/rand"
	"os"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// mark is an empty file with a name nobody else uses. Two folders in which it is
// seen are one.
type mark struct {
	fsys vfs.FS
	name string
}

// probe leaves a mark in a folder.
func probe(fsys vfs.FS) (*mark, error) {
	m := &mark{fsys, ".probe-" + rand.Text() + ".moving"}
	f, err := fsys.OpenFile(m.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, &content.Error{Op: "move", File: m.name, Err: err}
	}
	return m, nil
}

// seenIn reports whether the mark is in a folder.
func (m *mark) seenIn(fsys vfs.FS) bool {
	_, err := fsys.Lstat(m.name)
	return err == nil
}

// remove removes the mark.
func (m *mark) remove() error {
	if err := m.fsys.Remove(m.name); err != nil {
		return &content.Error{Op: "remove", File: m.name, Err: err}
	}
	return nil
}

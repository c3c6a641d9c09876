package content

import (
	"crypto/rand"
	"os"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Mark is an empty file with a name nobody else uses. Two folders in which it is
// seen are one.
type Mark struct {
	fsys vfs.FS
	name string
}

// Probe leaves a mark in a folder.
func Probe(fsys vfs.FS) (*Mark, error) {
	m := &Mark{fsys, ".probe-" + rand.Text() + movingSuffix}
	f, err := fsys.OpenFile(m.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, &Error{"move", m.name, err}
	}
	return m, nil
}

// SeenIn reports whether the mark is in a folder.
func (m *Mark) SeenIn(fsys vfs.FS) bool {
	_, err := fsys.Lstat(m.name)
	return err == nil
}

// Remove removes the mark.
func (m *Mark) Remove() error {
	if err := m.fsys.Remove(m.name); err != nil {
		return &Error{"remove", m.name, err}
	}
	return nil
}

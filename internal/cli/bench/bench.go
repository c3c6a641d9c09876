// Package bench holds the commands that measure: how fast this machine moves
// content from one process to another, and how fast it hashes.
package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// Bench is the group of commands.
type Bench struct {
	Transfer Transfer `cmd:"" help:"Move random data from one process to another on this machine."`
	Hash     Hash     `cmd:"" help:"Make and verify torrents in memory."`
}

// workspace is a temporary directory with one random file in it.
type workspace struct {
	path   string // of the directory
	name   string // of the directory in parent
	parent vfs.FS
}

// contentName is the file of random data, in src of the workspace.
const contentName = "random.bin"

// newWorkspace makes a directory where size bytes fit: in memory if it can be.
func newWorkspace(size int64) (*workspace, error) {
	var errs []error
	for _, place := range []string{"/dev/shm", os.TempDir()} {
		parent, err := vfs.OpenDir(place)
		if err != nil {
			continue
		}
		free, err := parent.Free()
		if err == nil && free < size+size/10 {
			err = fmt.Errorf("%s has %s free", place, words.Bytes(free))
		}
		name := "warren-bench-" + strings.ToLower(rand.Text()[:10])
		if err == nil {
			err = parent.MkdirAll(name+"/src", 0o700)
		}
		if err == nil {
			return &workspace{path: filepath.Join(place, name), name: name, parent: parent}, nil
		}
		errs = append(errs, err, parent.Close())
	}
	return nil, fmt.Errorf("find room for %s: %w: use a smaller --size, or another TMPDIR", words.Bytes(size), errors.Join(errs...))
}

// close removes the directory.
func (w *workspace) close() error {
	var found []string
	err := vfs.WalkDir(w.parent, w.name, func(name string, _ fs.DirEntry, err error) error {
		found = append(found, name)
		return err
	})
	slices.Reverse(found) // what lies in a directory before it
	for _, name := range found {
		err = errors.Join(err, w.parent.Remove(name))
	}
	return errors.Join(err, w.parent.Close())
}

// fill writes the random file.
func (w *workspace) fill(ctx context.Context, size int64) (err error) {
	f, err := w.parent.OpenFile(path.Join(w.name, "src", contentName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails: crypto/rand
	random := mathrand.NewChaCha8(seed)
	buf := make([]byte, 1<<20)
	for off := int64(0); off < size; off += int64(len(buf)) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		buf = buf[:min(int64(len(buf)), size-off)]
		_, _ = random.Read(buf) // never fails: math/rand/v2
		if _, err := f.WriteAt(buf, off); err != nil {
			return err
		}
	}
	return nil
}

package vfs

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs/sys"
)

// What is neither a file nor a directory is not opened.
var errNoFile = errors.New("not a regular file")

// plain takes a file that was opened, unless it is of another kind: what lies where
// others can write may be anything.
func plain(f *os.File, name string) (File, error) {
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() && !st.IsDir() {
		err = pathError("open", name, errNoFile)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &dirFile{f: f}, nil
}

// dirFile is a file of a [Dir].
type dirFile struct {
	f *os.File
	// mu keeps the descriptor alive during calls that pass it as a number:
	// closed and reused, it would name another file.
	mu     sync.RWMutex
	closed bool
}

func (f *dirFile) ReadAt(p []byte, off int64) (int, error) { return f.f.ReadAt(p, off) }

func (f *dirFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.f.WriteAt(p, off)
	return n, Classify(err)
}

func (f *dirFile) ReadVec(bufs [][]byte, off int64) (int, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.closed {
		return 0, pathError("read", f.f.Name(), fs.ErrClosed)
	}
	return sys.ReadVec(f.f, bufs, off)
}

func (f *dirFile) Truncate(size int64) error { return Classify(f.f.Truncate(size)) }

func (f *dirFile) Allocate(size int64) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.closed {
		return pathError("allocate", f.f.Name(), fs.ErrClosed)
	}
	return Classify(sys.Allocate(f.f, size))
}

func (f *dirFile) Sync() error {
	if st, err := f.f.Stat(); err == nil && st.IsDir() {
		return Classify(sys.SyncDir(f.f))
	}
	return Classify(f.f.Sync())
}

func (f *dirFile) Stat() (fs.FileInfo, error) { return f.f.Stat() }

func (f *dirFile) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return Classify(f.f.Close())
}

package memfs

import (
	"errors"
	"io/fs"
	"os"
	"path"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/sparse"
	"github.com/warren-p2p/warren/internal/vfs/sys"
)

var errNotOpenFor = errors.New("file is not open for that")

// file is a handle on a node.
type file struct {
	m      *FS
	n      *node
	name   string
	flag   int
	closed bool
}

// use asks the fault, takes the lock and returns the way to give it back.
func (f *file) use(op string, off int64, n int, write bool) (unlock func(), err error) {
	if err := f.m.begin(op, f.name, off, n); err != nil {
		return nil, err
	}
	f.m.mu.Lock()
	const modes = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
	switch mode := f.flag & modes; {
	case f.closed:
		err = fs.ErrClosed
	case off < 0:
		err = fs.ErrInvalid
	case write && mode == os.O_RDONLY, op == "read" && mode == os.O_WRONLY:
		err = errNotOpenFor
	case op == "read" && f.n.mode.IsDir():
		err = errIsDir
	}
	if err != nil {
		f.m.mu.Unlock()
		return nil, pathError(op, f.name, err)
	}
	return f.m.mu.Unlock, nil
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	unlock, err := f.use("read", off, len(p), false)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return f.n.data.ReadAt(p, off)
}

func (f *file) ReadVec(bufs [][]byte, off int64) (int, error) {
	total := 0
	for _, b := range bufs {
		total += len(b)
	}
	unlock, err := f.use("read", off, total, false)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return sys.ReadEach(&f.n.data, bufs, off)
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	unlock, err := f.use("write", off, len(p), true)
	if err != nil {
		return 0, err
	}
	defer unlock()
	done := 0
	for done < len(p) {
		at := off + int64(done)
		chunk := p[done:min(len(p), done+int(sparse.PageSize-at%sparse.PageSize))]
		pages := f.n.data.Pages() + f.n.data.MissingPages(at, len(chunk))
		if !f.m.reserve(f.n, pages) {
			err = pathError("write", f.name, vfs.ErrNoSpace)
			break
		}
		f.n.data.WriteAt(chunk, at)
		done += len(chunk)
	}
	if done > 0 {
		f.n.mtime = f.m.tick()
	}
	return done, err
}

// reserve takes the room for n to hold that many pages, if there is any.
func (m *FS) reserve(n *node, pages int64) bool {
	more := max(0, pages*sparse.PageSize-n.held())
	if m.capacity > 0 && m.used+more > m.capacity && more > 0 {
		return false
	}
	m.used += more
	return true
}

func (f *file) Truncate(size int64) error {
	unlock, err := f.use("truncate", size, 0, true)
	if err != nil {
		return err
	}
	defer unlock()
	f.m.truncate(f.n, size)
	return nil
}

func (m *FS) truncate(n *node, size int64) {
	before := n.held()
	n.data.Truncate(size)
	n.reserved = min(n.reserved, pagesOf(size))
	m.used += n.held() - before
	n.mtime = m.tick()
}

func pagesOf(size int64) int64 { return (size + sparse.PageSize - 1) / sparse.PageSize }

func (f *file) Allocate(size int64) error {
	unlock, err := f.use("allocate", size, 0, true)
	if err != nil {
		return err
	}
	defer unlock()
	if !f.m.reserve(f.n, pagesOf(size)) {
		return pathError("allocate", f.name, vfs.ErrNoSpace)
	}
	f.n.reserved = max(f.n.reserved, pagesOf(size))
	if size > f.n.data.Size() {
		f.m.truncate(f.n, size)
	}
	return nil
}

func (f *file) Sync() error {
	unlock, err := f.use("sync", 0, 0, false)
	if err != nil {
		return err
	}
	defer unlock()
	if f.n.mode.IsDir() {
		f.m.syncNames(f.n)
		return nil
	}
	f.n.data.Sync()
	return nil
}

func (f *file) Stat() (fs.FileInfo, error) {
	unlock, err := f.use("stat", 0, 0, false)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return f.n.info(path.Base(f.name)), nil
}

func (f *file) Close() error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if f.closed {
		return pathError("close", f.name, fs.ErrClosed)
	}
	f.closed = true
	f.n.open--
	f.m.release(f.n)
	return nil
}

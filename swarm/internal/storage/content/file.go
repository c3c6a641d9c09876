package content

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/handles"
)

// State is where a file is.
type State uint8

// The states of a file.
const (
	Absent  State = iota
	Partial       // under its name and the suffix
	Final         // under its name
)

// File is one file of a torrent. Its methods are safe for concurrent use.
type File struct {
	tree   *Tree
	length int64
	perm   fs.FileMode
	link   string
	plain  bool
	slot   handles.Slot

	dirty  atomic.Bool           // written since the last Sync
	failed atomic.Pointer[error] // of a close since the last Sync
	writes atomic.Uint64         // counts writes, for Copy
	mu     sync.RWMutex          // shared during I/O, exclusive while the following change
	fsys   vfs.FS
	path   string
	state  State
	longer bool // than it should be
}

// Locate looks again where the file is.
func (f *File) Locate() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tree.cache.Drop(&f.slot)
	return f.locate()
}

// locate leaves the state as it was if the volume does not tell.
func (f *File) locate() error {
	if f.link != "" {
		f.state = Absent
		if target, err := f.fsys.Readlink(f.path); err == nil && target == f.target() {
			f.state = Final
		}
		return nil
	}
	state := Partial
	info, err := f.fsys.Lstat(f.partial())
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() || f.plain {
		// Under its own name it may be somebody's link to the data.
		state = Final
		info, err = f.fsys.Stat(f.path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular():
		f.state, f.longer = Absent, false
	case err != nil:
		return &Error{"stat", f.path, err}
	default:
		f.state, f.longer = state, info.Size() > f.length
	}
	return nil
}

// Path returns the file's own name.
func (f *File) Path() string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.path
}

// State returns where the file is, as far as known.
func (f *File) State() State {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.state
}

// Stat describes the file; ok is false if it is absent.
func (f *File) Stat() (info fs.FileInfo, ok bool, err error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.state == Absent {
		return nil, false, nil
	}
	info, err = f.fsys.Stat(f.name())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return info, err == nil, f.wrap("stat", err)
}

// name is the name it lies under now.
func (f *File) name() string {
	if f.state == Partial {
		return f.partial()
	}
	return f.path
}

// partial is the name of the file while it is not complete.
func (f *File) partial() string { return suffixed(f.path, f.tree.suffix) }

func (f *File) wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{op, f.name(), err}
}

// OpenFile opens the file for the handle cache.
func (f *File) OpenFile(write bool) (vfs.File, error) {
	if write {
		return f.fsys.OpenFile(f.name(), os.O_RDWR, f.perm)
	}
	return f.fsys.Open(f.name())
}

// CloseFailed keeps the error for the next Sync.
func (f *File) CloseFailed(err error) { f.failed.Store(&err) }

// ReadVec fills the buffers in order from off.
func (f *File) ReadVec(bufs [][]byte, off int64) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.state == Absent {
		return f.wrap("read", fs.ErrNotExist)
	}
	h, err := f.tree.cache.Acquire(&f.slot, false)
	if err != nil {
		return f.wrap("read", err)
	}
	defer f.tree.cache.Release(h)
	_, err = h.ReadVec(bufs, off)
	return f.wrap("read", err)
}

// WriteAt writes p at off; an absent file is created.
func (f *File) WriteAt(p []byte, off int64) error {
	return f.withWritable("write", func(h *handles.Handle) error {
		f.writes.Add(1)
		_, err := h.WriteAt(p, off)
		// After the write: a Sync in between would miss it otherwise.
		f.dirty.Store(true)
		return err
	})
}

// Allocate reserves the file's length on the volume.
func (f *File) Allocate() error {
	return f.withWritable("allocate", func(h *handles.Handle) error {
		f.dirty.Store(true)
		return h.Allocate(f.length)
	})
}

// Touch finds out whether the file can be written. An absent one is created.
func (f *File) Touch() error {
	return f.withWritable("write", func(*handles.Handle) error { return nil })
}

func (f *File) withWritable(op string, do func(*handles.Handle) error) error {
	f.mu.RLock()
	for !f.ready() {
		f.mu.RUnlock()
		if err := f.makeReady(); err != nil {
			return err
		}
		f.mu.RLock()
	}
	defer f.mu.RUnlock()
	h, err := f.tree.cache.Acquire(&f.slot, true)
	if err != nil {
		return f.wrap(op, err)
	}
	defer f.tree.cache.Release(h)
	return f.wrap(op, do(h))
}

// MarkDirty makes the next Sync sync the file although nothing was written.
func (f *File) MarkDirty() { f.dirty.Store(true) }

// Sync makes what was written durable. After an error everything written since
// the last Sync must be taken for lost: the system may have dropped it and
// will not say so again.
func (f *File) Sync() error {
	closeErr := f.failed.Swap(nil)
	if !f.dirty.Swap(false) && closeErr == nil {
		return nil
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	if closeErr != nil {
		return f.wrap("close", *closeErr)
	}
	if f.state == Absent {
		return nil
	}
	h, err := f.tree.cache.Acquire(&f.slot, true)
	if errors.Is(err, fs.ErrPermission) { // found there, never written
		h, err = f.tree.cache.Acquire(&f.slot, false)
	}
	if err != nil {
		return f.wrap("sync", err)
	}
	defer f.tree.cache.Release(h)
	return f.wrap("sync", h.Sync())
}

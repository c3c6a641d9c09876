// Package memfs is a [vfs.FS] in memory, for tests. It can be crashed as a power
// cut does, filled up, and told to fail.
package memfs

import (
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Fault decides whether an operation fails. op is the operation in lower case
// (open, read, write, truncate, allocate, sync, stat, lstat, readdir, readlink,
// symlink, mkdir, rename, remove, chtimes, free, lock); off and n are zero where
// they mean nothing. The operation has no effect if it returns an error.
type Fault func(op, name string, off int64, n int) error

// FS is a directory tree in memory. It keeps apart what is durable
// and what a power cut could lose, see [FS.Crash]. Its modification times are
// those of a clock that moves on by a millisecond with every change.
type FS struct {
	mu       sync.Mutex
	root     *node
	pending  []change
	locks    map[string]bool
	fault    Fault
	capacity int64 // bytes; 0: no limit
	used     int64
	ticks    int64
}

var (
	_ vfs.FS     = (*FS)(nil)
	_ vfs.Locker = (*FS)(nil)
)

// New returns an empty tree without limits.
func New() *FS {
	return &FS{root: newDir(0o755), locks: map[string]bool{}}
}

// SetCapacity limits the bytes all files may take, counted in pages of
// 4096 bytes; 0 means no limit.
func (m *FS) SetCapacity(bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.capacity = bytes
}

// SetFault makes every operation ask f first; nil ends that.
func (m *FS) SetFault(f Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = f
}

// Crash returns the tree as the machine might find it after a power cut at this
// moment: all that was synced, and of the rest a random part, the same for the
// same seed. Of a write each page is kept or lost by itself. A change of names
// survives once its directory was synced. m itself goes on unharmed.
func (m *FS) Crash(seed uint64) *FS {
	m.mu.Lock()
	defer m.mu.Unlock()
	rng := rand.New(rand.NewPCG(seed, 0))
	names := tree{}
	kept, _ := split(m.pending, func(change) bool { return rng.IntN(2) == 0 })
	for _, c := range kept {
		names.apply(c)
	}
	after := New()
	after.capacity, after.ticks = m.capacity, m.ticks
	after.root = after.salvage(m.root, names, rng)
	return after
}

// salvage copies what a crash leaves of n.
func (m *FS) salvage(n *node, names tree, rng *rand.Rand) *node {
	c := &node{mode: n.mode, mtime: n.mtime, target: n.target, linked: true}
	switch {
	case n.mode.IsDir():
		c.entries, c.durableEntries = map[string]*node{}, map[string]*node{}
		for _, name := range sortedNames(names.entries(n)) {
			child := m.salvage(names.entries(n)[name], names, rng)
			c.entries[name], c.durableEntries[name] = child, child
		}
	case n.mode.IsRegular():
		c.data = n.data.Crash(rng)
		m.used += c.held()
	}
	return c
}

// begin asks the fault whether an operation may go on, and checks the name.
func (m *FS) begin(op, name string, off int64, n int) error {
	m.mu.Lock()
	fault := m.fault
	m.mu.Unlock()
	if fault != nil { // without the lock: it may look at the tree
		if err := fault(op, name, off, n); err != nil {
			return vfs.Classify(pathError(op, name, err))
		}
	}
	if !fs.ValidPath(name) {
		return pathError(op, name, fs.ErrInvalid)
	}
	return nil
}

// tick returns the next moment of the tree's own clock.
func (m *FS) tick() time.Time {
	m.ticks++
	return time.UnixMilli(1e12 + m.ticks)
}

// Lock takes the exclusive lock called name.
func (m *FS) Lock(name string) (io.Closer, error) {
	err := m.do("lock", name, func() error {
		if m.locks[name] {
			return vfs.ErrLocked
		}
		m.locks[name] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &lock{m: m, name: name}, nil
}

type lock struct {
	m    *FS
	name string
	once sync.Once
}

func (l *lock) Close() error {
	l.once.Do(func() {
		l.m.mu.Lock()
		defer l.m.mu.Unlock()
		delete(l.m.locks, l.name)
	})
	return nil
}

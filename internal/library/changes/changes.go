// Package changes numbers what changes about the torrents of a node, so that who has
// seen one state is told what came after it and nothing else.
package changes

import (
	"cmp"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/metainfo"
)

// remembered is how many torrents that were removed are known still.
const remembered = 10_000

// Revision numbers changes, from 1; 0 is before everything.
type Revision uint64

// Gone is a torrent that was removed.
type Gone struct {
	ID       int64
	Hashes   metainfo.InfoHashes
	Revision Revision
}

// Log is the changes. Its methods are safe for concurrent use; its lock is taken last.
type Log struct {
	mu        sync.Mutex
	now       Revision
	gone      []Gone   // by revision
	forgotten Revision // of the last one that is known no more
	groups    Revision // when categories or labels changed last
	subs      map[chan struct{}]struct{}
}

// New returns a log that begins with revision 1.
func New() *Log { return &Log{now: 1, subs: make(map[chan struct{}]struct{})} }

// Now returns the newest revision.
func (l *Log) Now() Revision {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// Next returns the revision of a change of something. Who calls it holds the lock of
// that something until it has the number, so that nobody sees the one without the other.
func (l *Log) Next() Revision {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next()
}

// Grouped notes that categories or labels have changed.
func (l *Log) Grouped() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.groups = l.next()
}

// Removed notes that a torrent was removed.
func (l *Log) Removed(id int64, h metainfo.InfoHashes) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.gone) == remembered {
		l.forgotten = l.gone[0].Revision
		l.gone = slices.Delete(l.gone, 0, 1)
	}
	l.gone = append(l.gone, Gone{ID: id, Hashes: h, Revision: l.next()})
}

// next wakes subscribers. The caller holds l.mu.
func (l *Log) next() Revision {
	l.now++
	for c := range l.subs {
		select {
		case c <- struct{}{}:
		default:
		}
	}
	return l.now
}

// Since returns what was removed after a revision, and whether categories or labels
// have changed; ok is false if that is not known any more, or was never a revision.
func (l *Log) Since(r Revision) (gone []Gone, groups, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r == 0 || r > l.now || r < l.forgotten {
		return nil, true, false
	}
	at, _ := slices.BinarySearchFunc(l.gone, r+1, func(g Gone, r Revision) int { return cmp.Compare(g.Revision, r) })
	return slices.Clone(l.gone[at:]), l.groups > r, true
}

// Subscribe returns a channel that gets a value when something has changed since the
// last one was taken, until cancel is called.
func (l *Log) Subscribe() (changed <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.subs[c] = struct{}{}
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.subs, c)
	}
}

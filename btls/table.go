package btls

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// retireAfter is how long the tags of a replaced certificate stay valid: a
// client may have read the old one just before it was replaced.
const retireAfter = time.Hour

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Table finds a torrent by its tag. It holds every key under the tag of each
// live certificate, because a server cannot tell which of its certificates a
// connection was shown. V is whatever the owner wants to be told about the
// torrent a peer proved. Safe for concurrent use.
type Table[V any] struct {
	clock Clock

	mu     sync.RWMutex
	values map[Key]*row[V]
	leaves []*leaf[V]
}

// row is a torrent, which all its tags lead to.
type row[V any] struct {
	key   Key
	value V
}

type leaf[V any] struct {
	hash    [32]byte
	expires time.Time // zero: live
	tags    map[Tag]*row[V]
}

// NewTable returns an empty table. A nil clock means the machine's.
func NewTable[V any](c Clock) *Table[V] {
	if c == nil {
		c = clock.System{}
	}
	return &Table[V]{clock: c, values: map[Key]*row[V]{}}
}

// AddCertificate makes tags for a leaf certificate, given as DER. Adding a
// retired one again makes it live.
func (t *Table[V]) AddCertificate(der []byte) {
	h := sha256.Sum256(der)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dropExpired()
	for _, l := range t.leaves {
		if l.hash == h {
			l.expires = time.Time{}
			return
		}
	}
	l := &leaf[V]{hash: h, tags: make(map[Tag]*row[V], len(t.values))}
	for k, r := range t.values {
		l.tags[k.Tag(h)] = r
	}
	t.leaves = append(t.leaves, l)
}

// RetireCertificate says that a leaf certificate is not shown any longer. Its
// tags are honoured for another hour.
func (t *Table[V]) RetireCertificate(der []byte) {
	h := sha256.Sum256(der)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dropExpired()
	for _, l := range t.leaves {
		if l.hash == h && l.expires.IsZero() {
			l.expires = t.clock.Now().Add(retireAfter)
		}
	}
}

// Add makes a torrent known, or replaces its value. It returns ErrKey for the
// zero Key.
func (t *Table[V]) Add(k Key, value V) error {
	if k == (Key{}) {
		return fmt.Errorf("btls: add to table: %w", ErrKey)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dropExpired()
	r := &row[V]{k, value}
	t.values[k] = r
	for _, l := range t.leaves {
		l.tags[k.Tag(l.hash)] = r
	}
	return nil
}

// Remove makes a torrent unknown.
func (t *Table[V]) Remove(k Key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dropExpired()
	delete(t.values, k)
	for _, l := range t.leaves {
		delete(l.tags, k.Tag(l.hash))
	}
}

// Keys returns the known keys in no particular order.
func (t *Table[V]) Keys() []Key {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return slices.Collect(maps.Keys(t.values))
}

// Find returns the value of the torrent that a tag names.
func (t *Table[V]) Find(tag Tag) (value V, ok bool) {
	_, value, ok = t.lookup(tag)
	return value, ok
}

func (t *Table[V]) lookup(tag Tag) (k Key, value V, ok bool) {
	now := t.clock.Now()
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, l := range t.leaves {
		if !l.expires.IsZero() && !now.Before(l.expires) {
			continue
		}
		if r, ok := l.tags[tag]; ok {
			return r.key, r.value, true
		}
	}
	return Key{}, value, false
}

// dropExpired frees the tags of certificates nobody can be using any more.
func (t *Table[V]) dropExpired() {
	now := t.clock.Now()
	t.leaves = slices.DeleteFunc(t.leaves, func(l *leaf[V]) bool {
		return !l.expires.IsZero() && !now.Before(l.expires)
	})
}

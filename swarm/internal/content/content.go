// Package content is what a torrent holds, as its peers and its user see it:
// which pieces are verified, what of them may be read, which files are wanted
// and how much of them is there.
//
// What peers ask all the time (which pieces there are) is read without a lock.
// The lock of a [Content] is the last to be taken but that of the store.
package content

import (
	"sync"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Content is the content of one torrent. Its methods are safe for concurrent
// use.
type Content struct {
	Meta  *metainfo.Torrent
	Store *storage.Store
	have  have
	trees hashtree.Trees

	mu       sync.Mutex              // also held while have changes
	priority map[int]picker.Priority // of files; Normal if absent
	grown    chan struct{}           // closed when have changes; nil if nobody waits
}

// New returns the content that a store has. Files it does not want are skipped.
func New(meta *metainfo.Torrent, store *storage.Store) *Content {
	c := &Content{Meta: meta, Store: store, have: newHave(meta.Info.NumPieces()), priority: make(map[int]picker.Priority)}
	c.have.replace(store.Have())
	for f := range meta.Info.Files {
		if !store.Wanted(f) {
			c.priority[f] = picker.Skip
		}
	}
	return c
}

// Trees implements hashtree.Pieces.
func (c *Content) Trees() *hashtree.Trees { return &c.trees }

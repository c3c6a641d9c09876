// Package reader reads files of a torrent while they are fetched, for players and
// the like: what is read next is asked for first.
//
// A [Desk] brings together what the readers of one torrent want; a [Reader] is one
// of them. Neither keeps a torrent awake but while something is read.
//
// Locks: that of a reader, that of its desk, and then those of package fetch.
package reader

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// ErrNoFile is returned for a file that a torrent does not have, or that is no
// content of its own: padding, or a link.
var ErrNoFile = errors.New("there is no such file to read")

// Slot is a torrent that may sleep.
type Slot interface {
	// Use calls f with the running torrent, which it wakes if it sleeps.
	Use(f func(*torrent.Torrent) error) error
	// Peek calls f with it if it is awake.
	Peek(f func(*torrent.Torrent)) bool
}

// Desk is where readers of one torrent say what they want. Its methods are safe
// for concurrent use.
type Desk struct {
	slot  Slot
	clock clock.Clock

	mu      sync.Mutex
	readers map[*Reader]map[int]time.Time // what each wants; its own map is not written to
	run     *torrent.Torrent              // that was told of all that
	told    map[int]time.Time             // what it was told
}

// NewDesk returns a desk without readers.
func NewDesk(s Slot, c clock.Clock) *Desk {
	return &Desk{slot: s, clock: c, readers: make(map[*Reader]map[int]time.Time)}
}

// Open returns a reader of a file, by its index in metainfo.Info.Files. It reads
// until ctx ends. unknown is the error as long as the files are not known.
func (d *Desk) Open(ctx context.Context, file int, unknown error) (*Reader, error) {
	r := &Reader{desk: d}
	err := d.slot.Use(func(run *torrent.Torrent) error {
		if !run.Known() {
			return unknown
		}
		space := &run.Content.Meta.Info.Space
		if file < 0 || file >= len(space.Files) {
			return fmt.Errorf("file %d of %d: %w", file, len(space.Files), ErrNoFile)
		}
		if f := &space.Files[file]; f.Pad || f.Symlink != nil {
			return fmt.Errorf("file %d: %w", file, ErrNoFile)
		}
		r.window = window{space: space, file: file, ahead: Ahead{}.withDefaults()}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	return r, nil
}

// tell makes what a reader wants known to the running torrent.
func (d *Desk) tell(run *torrent.Torrent, r *Reader, wants map[int]time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.run != run {
		d.run, d.told = run, nil
	}
	if len(wants) == 0 {
		delete(d.readers, r)
	} else {
		d.readers[r] = wants
	}
	if d.pass(run); len(d.readers) == 0 {
		d.run, d.told = nil, nil // a torrent that sleeps is let go of
	}
}

// leave takes back what a reader wants.
func (d *Desk) leave(r *Reader) {
	d.slot.Peek(func(run *torrent.Torrent) { d.tell(run, r, nil) })
	d.mu.Lock()
	defer d.mu.Unlock()
	if delete(d.readers, r); len(d.readers) == 0 {
		d.run, d.told = nil, nil // it sleeps by now, or was told
	}
}

// pass tells the running torrent what has changed. Of two readers that want a
// piece the one that wants it earlier counts. The caller holds d.mu.
func (d *Desk) pass(run *torrent.Torrent) {
	now := make(map[int]time.Time)
	for _, wants := range d.readers {
		for i, at := range wants {
			if old, ok := now[i]; !ok || at.Before(old) {
				now[i] = at
			}
		}
	}
	before := d.told
	d.told = now
	if same(before, now) {
		return
	}
	run.Fetch.Configure(func(p *picker.Picker) {
		for i := range before {
			if _, ok := now[i]; !ok {
				p.ClearDeadline(i)
			}
		}
		for i, at := range now {
			if old, ok := before[i]; !ok || !old.Equal(at) {
				p.SetDeadline(i, at)
			}
		}
	})
	run.Peers.Each((*peer.Peer).UpdateInterest)
	run.Poke()
}

func same(a, b map[int]time.Time) bool {
	if len(a) != len(b) {
		return false
	}
	for i, at := range a {
		if other, ok := b[i]; !ok || !other.Equal(at) {
			return false
		}
	}
	return true
}

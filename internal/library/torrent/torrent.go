// Package torrent is one torrent of a node: its record in the store and the engine that
// runs it, changed together.
//
// What is wanted is written down before the engine does it and anybody sees it. How it
// stands is what the last [Torrent.Look] saw; whoever changes something has it looked at
// next time.
//
// Locks: that of a change, held while something is written down; that of what is seen of
// a torrent, with which nobody is called but the log of changes; then those of others.
package torrent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/internal/library/folder"
	"github.com/warren-p2p/warren/internal/library/groups"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/tally"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// ErrRemoved reports a torrent that was removed meanwhile.
var ErrRemoved = errors.New("the torrent was removed")

// Shared is what the torrents of a library share.
type Shared struct {
	Ctx     context.Context // of what they do in the background
	Store   *store.Store
	Session *swarm.Session
	Clock   clock.Clock
	Log     *slog.Logger
	Folders *folder.Folders
	Make    func(path string) error // a folder with its parents
	Changes *changes.Log
	Groups  *groups.Groups
	Default func() record.Goal
	Moved   tally.Moved
	// Admit adds what a torrent of level Full Strict, or an SSL torrent, needs besides;
	// optional.
	Admit func(context.Context, *record.Record, *swarm.Options) error
	// Stir has the library look at torrents now.
	Stir func()
	// Enter counts something that the library waits for when it closes, unless it is
	// closed; leave has to follow.
	Enter func() (leave func(), ok bool)
}

// Torrent is a torrent of a node. Its methods are safe for concurrent use.
type Torrent struct {
	s      *Shared
	id     int64
	engine atomic.Pointer[swarm.Torrent] // nil as long as it could not be brought there

	changing sync.Mutex // held while something about it is changed and written down

	mu            sync.Mutex
	rec           record.Record
	failed        error // why it is not in the engine
	dir           *folder.Folder
	status        swarm.Status // as it was seen last
	moves         bool         // something might change by itself then
	dirty         bool         // it is to be looked at, whatever it does
	unsaved, aged bool         // counters are to be written down; durations, and that can wait
	revision      changes.Revision
	tally         tally.Tally
	removed       bool
}

// New returns the torrent of a record, which is not in the engine before Begin.
func New(s *Shared, r record.Record) *Torrent {
	return &Torrent{s: s, id: r.ID, rec: r, failed: ErrWaits, dirty: true, tally: tally.New(&r, s.Clock.Now(), s.Moved)}
}

// ErrWaits is why a torrent is not in the engine that it is brought into soon.
var ErrWaits = errors.New("the node has begun just now, and has not got to this torrent yet")

// waits reports whether Begin is still to come.
func (t *Torrent) waits() bool { return t.why() == ErrWaits }

// View is a torrent as it stood at a revision. Slices in it must not be changed.
type View struct {
	record.Record
	Status   swarm.Status
	Revision changes.Revision
	Goal     record.Goal // its own, and where it has none that of the library
}

// ID returns the number of the torrent, from 1.
func (t *Torrent) ID() int64 { return t.id }

// View returns how the torrent stood when it was looked at last, and its place in the
// queue now: that changes with others, and is written down later.
func (t *Torrent) View() View {
	goal, place := t.s.Default(), t.Place()
	t.mu.Lock()
	defer t.mu.Unlock()
	v := View{Record: t.rec, Status: t.status, Revision: t.revision, Goal: t.rec.Goal.Over(goal)}
	if place >= 0 {
		v.Place = place
	}
	return v
}

// Hashes returns the info-hashes, as far as they are known.
func (t *Torrent) Hashes() metainfo.InfoHashes {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rec.Hashes
}

// Key returns the info-hash that programs know it by: that of version 1 in hexadecimal,
// or that of version 2 cut to 20 bytes.
func (t *Torrent) Key() string { return record.Key(t.Hashes()) }

// Engine returns the torrent as the engine runs it, to read from: peers, announces,
// pieces. It is nil as long as it could not be brought there; then the status has the reason.
func (t *Torrent) Engine() *swarm.Torrent { return t.engine.Load() }

// Metainfo returns what the torrent consists of. The error is [swarm.ErrUnknown] as long
// as peers have not told.
func (t *Torrent) Metainfo() (*metainfo.Torrent, error) {
	m, err := t.read(t.s.Ctx)
	switch {
	case err != nil:
		return nil, err
	case m != nil:
		return t.edited(m), nil
	case t.Engine() != nil:
		if m = t.Engine().Metainfo(); m != nil {
			return m, nil
		}
	}
	return nil, swarm.ErrUnknown
}

// read returns the torrent file, nil if there is none yet.
func (t *Torrent) read(ctx context.Context) (m *metainfo.Torrent, err error) {
	var bytes []byte
	err = t.s.Store.Read(ctx, func(q store.Querier) error {
		bytes, err = record.Metainfo(ctx, q, t.id)
		return err
	})
	if err != nil || bytes == nil {
		return nil, err
	}
	if m, err = metainfo.Parse(bytes); err != nil {
		return nil, fmt.Errorf("read torrent file %d: %w", t.id, err)
	}
	return m, nil
}

// reload gets the metainfo back for the engine.
func (t *Torrent) reload() (*metainfo.Torrent, error) {
	m, err := t.read(t.s.Ctx)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errors.New("the torrent file is not in the store any more")
	}
	return t.edited(m), nil
}

// edited gives a torrent file the trackers that the user wants.
func (t *Torrent) edited(m *metainfo.Torrent) *metainfo.Torrent {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rec.Trackers != nil {
		m.SetTrackers(t.rec.Trackers)
	}
	return m
}

// update changes what is kept of a torrent, and writes it down before anybody sees it.
// The caller holds t.changing.
func (t *Torrent) update(ctx context.Context, change func(*record.Record)) error {
	t.mu.Lock()
	next := t.rec
	removed := t.removed
	t.mu.Unlock()
	if removed {
		return ErrRemoved
	}
	change(&next)
	if err := t.s.Store.Write(ctx, func(q store.Querier) error { return record.Update(ctx, q, &next) }); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.rec) // counters may have gone on meanwhile
	t.dirty = true
	t.touch()
	return nil
}

// touch gives the torrent the next revision. The caller holds t.mu.
func (t *Torrent) touch() { t.revision = t.s.Changes.Next() }

// why returns why a torrent is not in the engine.
func (t *Torrent) why() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

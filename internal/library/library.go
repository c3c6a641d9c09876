// Package library keeps the torrents of a node: what they are and what is wanted of
// them lies in the store, the engine runs them, and everybody who shows or changes
// them goes through here.
//
// Changes are numbered. A look at the engine, once a second, gives each torrent that stands
// differently than before the next revision; who has seen revision r asks for what came
// [Library.Since]. Torrents that sleep or were stopped are not looked at.
//
// Package torrent is one of them, package groups their categories and labels, package
// changes the revisions, package record what is kept in the store, package history what has
// moved and when.
//
// Locks: that of a library is held for its lists alone, with nobody called.
package library

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/internal/library/folder"
	"github.com/warren-p2p/warren/internal/library/groups"
	"github.com/warren-p2p/warren/internal/library/history"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/torrent"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Errors of libraries.
var (
	ErrNotFound  = errors.New("no such torrent")
	ErrRemoved   = torrent.ErrRemoved
	ErrDuplicate = errors.New("the torrent is there already")
	ErrClosed    = errors.New("the library is closed")
)

// Config is what a library needs.
type Config struct {
	Store   *store.Store
	Session *swarm.Session
	Clock   clock.Clock
	Log     *slog.Logger
	// Open opens a folder that is there, Make makes one with its parents; both by
	// absolute paths.
	Open func(path string) (vfs.FS, error)
	Make func(path string) error
	// OnEvent is told what becomes of torrents, one event after the other, without
	// locks; it must not wait long, and may call the library.
	OnEvent func(Event)
	// Admit adds what a torrent of level Full Strict, or an SSL torrent, needs besides,
	// before it is brought into the engine; nil leaves such torrents without.
	Admit func(context.Context, *record.Record, *swarm.Options) error
	// Defaults to begin with; see [Library.SetDefaults].
	Defaults Defaults
}

// Defaults hold for torrents that say nothing else.
type Defaults struct {
	Dir    string // where content lands, absolute
	Goal   record.Goal
	TLS    swarm.TLSPolicy
	Paused bool // whether torrents are added so
}

// Library is the torrents of a node. Its methods are safe for concurrent use.
type Library struct {
	cfg     Config
	shared  *torrent.Shared
	groups  *groups.Groups
	log     *changes.Log
	history *history.History
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	events  chan Event
	stirred chan struct{}
	loaded  chan struct{} // closed when all are in the engine

	looking sync.Mutex // held by who looks at a torrent in the engine

	mu       sync.Mutex
	defaults Defaults
	torrents map[int64]*Torrent
	ordered  []*Torrent // by their IDs; nil if some have come or gone since
	names    map[metainfo.InfoHashes]*Torrent
	closed   bool
}

// Open brings the torrents in the store into the engine: some of them before it
// returns, the others soon; see [Library.Loaded]. What cannot be brought there is kept
// all the same, and says why.
func Open(ctx context.Context, cfg Config) (*Library, error) {
	l := &Library{
		cfg: cfg, log: changes.New(), history: history.New(cfg.Store, cfg.Clock.Now()), defaults: cfg.Defaults, events: make(chan Event, 64), stirred: make(chan struct{}, 1), loaded: make(chan struct{}),
		torrents: make(map[int64]*Torrent), names: make(map[metainfo.InfoHashes]*Torrent),
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.cancel = cancel
	l.shared = &torrent.Shared{
		Ctx: background, Store: cfg.Store, Session: cfg.Session, Clock: cfg.Clock, Log: cfg.Log,
		Folders: folder.New(cfg.Open), Make: cfg.Make, Changes: l.log, Admit: cfg.Admit,
		Default: func() record.Goal { return l.Defaults().Goal }, Moved: l.history.Count, Stir: l.stir, Enter: l.enter,
	}
	if err := l.load(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("open library: %w", err)
	}
	l.wg.Go(l.tell)
	l.wg.Go(l.watch)
	return l, nil
}

// Close writes down what is not yet, and waits for every goroutine of the library. It
// comes before the engine closes, and leaves the torrents to it.
func (l *Library) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return ErrClosed
	}
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.wg.Wait()
	l.seen(l.All(), true)
	return l.keep(context.WithoutCancel(l.shared.Ctx), true)
}

// History returns what was received and sent, and when.
func (l *Library) History() *history.History { return l.history }

// CloseFolders lets go of the folders contents lie in. It comes after the engine has
// closed.
func (l *Library) CloseFolders() error {
	var errs []error
	for _, t := range l.All() {
		errs = append(errs, t.CloseFolder())
	}
	return errors.Join(errs...)
}

// All returns all torrents in the order of their IDs. The order is kept: with thousands,
// sorting them anew takes longer than all that is done with them.
func (l *Library) All() []*Torrent {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ordered == nil {
		l.ordered = slices.SortedFunc(maps.Values(l.torrents), func(a, b *Torrent) int { return cmp.Compare(a.ID(), b.ID()) })
	}
	return slices.Clone(l.ordered)
}

// ByID returns a torrent; the error is [ErrNotFound].
func (l *Library) ByID(id int64) (*Torrent, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t, ok := l.torrents[id]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("%w: %d", ErrNotFound, id)
}

// Find returns the torrent with an info-hash in hexadecimal: of version 1, of version
// 2, or that of version 2 cut to 20 bytes. The error is [ErrNotFound].
func (l *Library) Find(key string) (*Torrent, error) {
	h, ok := record.ParseKey(key)
	if t := l.find(h); ok && t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: %.64q", ErrNotFound, key)
}

// take lists a torrent.
func (l *Library) take(t *Torrent) {
	l.mu.Lock()
	l.torrents[t.ID()], l.ordered = t, nil
	l.mu.Unlock()
	l.know(t)
}

// know lists the names of a torrent: a link may have had one of two.
func (l *Library) know(t *Torrent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range record.Keys(t.Hashes()) {
		l.names[h] = t
	}
}

// drop takes a torrent from the lists.
func (l *Library) drop(t *Torrent) {
	l.mu.Lock()
	delete(l.torrents, t.ID())
	l.ordered = nil
	l.mu.Unlock()
	l.unknow(t)
	l.log.Removed(t.ID(), t.Hashes())
}

// unknow takes the names of a torrent from the list.
func (l *Library) unknow(t *Torrent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range record.Keys(t.Hashes()) {
		delete(l.names, k)
	}
}

// enter counts something that Close waits for; ok is false once the library is closed.
func (l *Library) enter() (leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, false
	}
	l.wg.Add(1)
	return l.wg.Done, true
}

package swarm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Options say how a torrent is added.
type Options struct {
	Metainfo *metainfo.Torrent
	Content  vfs.FS // the folder in which the content lies or lands
	TLS      TLSPolicy
	Peers    []netip.AddrPort
	// Paused adds the torrent without starting it.
	Paused bool
	// Check hashes what is on disk before the start, whatever the resume state
	// says. Content that is there without any resume state is always checked.
	Check bool
	// Verified says that Metainfo was made from the content in Content just now:
	// it is not hashed once more.
	Verified   bool
	Sequential bool
	// UploadLimit and DownloadLimit are bytes a second, 0 for none.
	UploadLimit, DownloadLimit int64
}

// Torrent is a torrent in a session. Its methods are safe for concurrent use.
type Torrent struct {
	s        *Session
	meta     *metainfo.Torrent
	id       transport.ID
	store    *storage.Store
	fetch    *fetch.Fetcher
	up, down chain
	wake     chan struct{}
	ctx      context.Context
	cancel   context.CancelCauseFunc
	wg       sync.WaitGroup // loop, dials and peers
	checking sync.Mutex     // one check at a time

	mu       sync.Mutex
	state    State
	reason   error // why it is in StateWaiting or StateFailed
	retry    time.Time
	policy   TLSPolicy
	have     peerwire.Bitfield
	peers    map[*peer]struct{}
	choker   *choker.Choker
	conns    *conns.Manager
	checked  float64
	changed  chan struct{} // closed and replaced when the state changes
	up20     meter
	down20   meter
	sent     int64 // of peers that have gone
	received int64
	synced   time.Time
	started  time.Time
	stopping bool
	removed  bool
	banned   int
	secret   int64 // of sent and received, what went over TLS
	priority map[int]Priority
	unwanted map[int]bool
}

// Add adds a torrent and, unless told otherwise, starts it. It returns before
// the content is checked.
func (s *Session) Add(opts Options) (*Torrent, error) {
	if opts.Metainfo == nil || opts.Content == nil {
		return nil, errors.New("swarm: a torrent needs metainfo and a content folder")
	}
	store, err := storage.Open(storage.Config{
		Torrent: opts.Metainfo, Content: opts.Content, State: s.cfg.Home,
		Clock: s.cfg.Clock, BootID: s.cfg.BootID, Reserve: s.cfg.Reserve, Preallocate: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open the content of %q: %w", opts.Metainfo.Info.Name, err)
	}
	t := s.newTorrent(opts, store)
	if err := s.register(t); err != nil {
		_ = store.Close()
		return nil, err
	}
	t.Configure(func(c *Control) { c.SetSequential(opts.Sequential) })
	if opts.Paused {
		t.state = StatePaused
	}
	if opts.Check {
		t.state = StateChecking
	}
	if opts.Verified {
		t.trust()
	}
	t.wg.Go(t.loop)
	t.AddPeers(opts.Peers...)
	return t, nil
}

func (s *Session) newTorrent(opts Options, store *storage.Store) *Torrent {
	now := s.cfg.Clock.Now()
	h := opts.Metainfo.Hashes()
	t := &Torrent{
		s: s, meta: opts.Metainfo, store: store,
		id:      transport.ID{V1: h.V1, V2: h.V2, HasV1: h.HasV1, HasV2: h.HasV2},
		up:      chain{s.up.Child(opts.UploadLimit, now), s.up},
		down:    chain{s.down.Child(opts.DownloadLimit, now), s.down},
		wake:    make(chan struct{}, 1),
		policy:  opts.TLS,
		have:    store.Have(),
		peers:   make(map[*peer]struct{}),
		choker:  choker.New(choker.Config{Slots: s.cfg.UploadSlots, UploadLimit: s.cfg.UploadLimit}, newRand()),
		changed: make(chan struct{}),
		synced:  now, started: now,
		priority: make(map[int]Priority), unwanted: make(map[int]bool),
	}
	t.conns = conns.New(conns.Config{
		InfoHash: t.id.Wire(), Policy: opts.TLS, PlainFirst: opts.TLS == TLSOff, MaxConns: s.cfg.MaxPeers, HalfOpen: s.cfg.HalfOpen,
		Blocked: s.refuses, Verdicts: s.verdicts, Caps: s.caps, Rand: newRand(),
	})
	t.ctx, t.cancel = context.WithCancelCause(s.ctx)
	t.fetch = fetch.New(fetch.Config{
		Torrent: t.meta, Store: store, Buffers: s.buffers, Workers: s.workers,
		Clock: s.cfg.Clock, Events: (*events)(t), Rand: newRand(),
	})
	t.fetch.SetHave(t.have)
	return t
}

// newRand returns a source for decisions that must differ between nodes and
// need not be secret.
func newRand() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }

// close stops everything the torrent runs and closes its store.
func (t *Torrent) close() error {
	t.mu.Lock()
	t.stopping = true
	t.mu.Unlock()
	t.cancel(ErrClosed)
	t.fetch.SetActive(false)
	t.closePeers(ErrClosed, func(*peer) bool { return true })
	t.wg.Wait()
	t.fetch.Close()
	return t.store.Close()
}

// closePeers ends connections.
func (t *Torrent) closePeers(reason error, which func(*peer) bool) {
	for _, p := range t.peerList() {
		if which(p) {
			p.link.Close(reason)
		}
	}
}

func (t *Torrent) peerList() []*peer {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]*peer, 0, len(t.peers))
	for p := range t.peers {
		list = append(list, p)
	}
	return list
}

func (t *Torrent) has(i int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.have.Has(i)
}

// complete reports whether all content is here, wanted or not.
func (t *Torrent) complete() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.have.Full(t.meta.Info.NumPieces())
}

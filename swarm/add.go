package swarm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Add adds a torrent and, unless told otherwise, starts it. It returns before
// the content is checked. Files that were skipped before are skipped.
func (s *Session) Add(opts Options) (*Torrent, error) {
	if opts.Metainfo == nil || opts.Content == nil {
		return nil, errors.New("swarm: a torrent needs metainfo and a content folder")
	}
	h := opts.Metainfo.Hashes()
	id := transport.ID{V1: h.V1, V2: h.V2, HasV1: h.HasV1, HasV2: h.HasV2}
	// The names are taken before the store opens: two of them must not share
	// one resume file.
	if err := s.reserve(id); err != nil {
		return nil, fmt.Errorf("add %q: %w", opts.Metainfo.Info.Name, err)
	}
	defer s.wg.Done()
	t, err := s.prepare(opts, id)
	if err == nil {
		err = s.register(t)
	}
	if err != nil {
		s.free(id)
		return nil, fmt.Errorf("add %q: %w", opts.Metainfo.Info.Name, err)
	}
	return t, nil
}

// prepare makes a torrent that nobody knows of yet.
func (s *Session) prepare(opts Options, id transport.ID) (*Torrent, error) {
	store, err := storage.Open(storage.Config{
		Torrent: opts.Metainfo, Content: opts.Content, State: s.cfg.Home,
		Clock: s.cfg.Clock, BootID: s.cfg.BootID, Reserve: s.cfg.Reserve, Preallocate: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open the content: %w", err)
	}
	t := s.newTorrent(opts, id, store)
	t.owed, t.paused = opts.Check, opts.Paused
	if opts.Paused {
		t.state = StatePaused
	}
	if opts.Verified {
		t.trust()
	}
	t.applyPriorities()
	t.Configure(func(c *Control) { c.SetSequential(opts.Sequential) })
	t.AddPeers(opts.Peers...)
	return t, nil
}

func (s *Session) newTorrent(opts Options, id transport.ID, store *storage.Store) *Torrent {
	now := s.cfg.Clock.Now()
	t := &Torrent{
		s: s, meta: opts.Metainfo, id: id, store: store,
		up:      chain{s.up.Child(opts.UploadLimit, now), s.up},
		down:    chain{s.down.Child(opts.DownloadLimit, now), s.down},
		wake:    make(chan struct{}, 1),
		policy:  opts.TLS,
		content: content.New(opts.Metainfo, store),
		peers:   make(map[*peer]struct{}),
		choker:  choker.New(choker.Config{Slots: s.cfg.UploadSlots, UploadLimit: s.cfg.UploadLimit}, newRand()),
		changed: make(chan struct{}),
		ops:     make(chan struct{}, 1),
		synced:  now, started: now,
	}
	t.dialer = greeting.Dialer{Net: s.cfg.Policy, ID: id, PeerID: s.id, Verdicts: s.verdicts.Verdicts, May: t.mayJoin}
	t.conns = conns.New(conns.Config{
		InfoHash: id.Wire(), Policy: opts.TLS, PlainFirst: opts.TLS == TLSOff, MaxConns: s.cfg.MaxPeers, HalfOpen: s.cfg.HalfOpen,
		Blocked: s.refuses, Verdicts: s.verdicts.Verdicts, Caps: s.caps, Rand: newRand(),
	})
	t.ctx, t.cancel = context.WithCancelCause(s.ctx)
	t.work, t.endWork = context.WithCancelCause(t.ctx)
	t.fetch = fetch.New(fetch.Config{
		Torrent: t.meta, Store: store, Buffers: s.buffers, Workers: s.workers,
		Clock: s.cfg.Clock, Events: (*events)(t), Rand: newRand(),
	})
	t.fetch.SetHave(t.content.Have())
	return t
}

// newRand returns a source for decisions that must differ between nodes and
// need not be secret.
func newRand() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }

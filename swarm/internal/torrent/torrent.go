// Package torrent runs one torrent: it has a state, a loop of its own that ticks
// once a second and goes on to the state that is next, and it brings together
// the content, what is fetched of it, and the peers.
//
// A session drives it: it adds, starts, stops and closes torrents, and lends
// them what they share (package resources). Peers come in through the roster, which
// is told by the state whether it may serve.
//
// Locks are taken in this order: whoever checks, moves or opens the content has
// put something into ops; then the lock of the torrent; then that of the roster
// and what follows there. Who holds a lock of the session may start a torrent,
// and call nothing else of it; a torrent asks for a ban with no lock held.
package torrent

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/heartbeat"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/resources"
	"github.com/warren-p2p/warren/swarm/internal/roster"
	"github.com/warren-p2p/warren/swarm/internal/seek"
	"github.com/warren-p2p/warren/swarm/internal/superseed"
	"github.com/warren-p2p/warren/swarm/internal/webseed"
)

// Options say how a torrent begins.
type Options struct {
	Metainfo *metainfo.Torrent // nil if peers are to be asked for it
	// Found is called with what peers have told, before it is used.
	Found func(*metainfo.Torrent)
	// Learned is called when peers have told what was missing, before anything is
	// fetched. It is called by the torrent's own goroutine.
	Learned func(*Torrent)
	// Turned is called when the state changes, with the lock of the torrent held.
	Turned    func(from, to activity.State)
	Content   vfs.FS
	Paths     map[int]string // as in storage.Config
	TLS       conns.Policy
	Paused    bool
	SuperSeed bool // BEP 16; of torrents that are known
	// All content is hashed before the start, or it is taken as it is.
	Check, Verified bool
	// WebSeeds are the user's, beside those of Metainfo.
	WebSeeds []string
	// UploadLimit and DownloadLimit are bytes a second, 0 for none.
	UploadLimit, DownloadLimit int64
}

// Torrent is a running torrent. Its methods are safe for concurrent use.
type Torrent struct {
	Peers *roster.Roster
	// Content, Fetch and Web are there, and do not change any more, once Known
	// says so.
	Content *content.Content
	Fetch   *fetch.Fetcher
	Web     *webseed.Set // nil if web seeds are not to be used
	known   atomic.Bool
	done    atomic.Bool // nothing is asked of peers

	res      *resources.Session
	opts     Options           // Content is guarded by ops
	seeker   *seek.Seeker      // until all is known
	super    *superseed.Shared // nil if pieces are not shown one by one
	up, down limiter.Chain
	beat     heartbeat.Loop
	ticks    int // of the loop, which alone uses it
	ctx      context.Context
	cancel   context.CancelCauseFunc
	wg       sync.WaitGroup // the loop
	closing  sync.Once
	closeErr error
	ops      chan struct{}

	mu      sync.Mutex
	state   activity.State
	reason  error           // why it is in Waiting or Failed
	paused  bool            // what the user wants
	owed    bool            // all content is to be checked before the next start
	work    context.Context // of dials and checks; ends when the torrent is halted
	endWork context.CancelCauseFunc
	held    time.Time // when it began to be in Waiting
	retry   time.Time
	checked float64
	changed chan struct{} // closed and replaced when the state changes
	synced  time.Time
}

// Limits returns the buckets that what is sent, and received, is taken from.
func (t *Torrent) Limits() (up, down *limiter.Bucket) { return t.up.Bucket, t.down.Bucket }

// Open opens the content and returns a torrent that does nothing before Run. It
// ends with ctx, and has to be closed.
func Open(ctx context.Context, res *resources.Session, id transport.ID, opts Options) (*Torrent, error) {
	now := res.Clock.Now()
	t := &Torrent{
		res: res, opts: opts,
		up:   limiter.Chain{Bucket: res.Up.Child(opts.UploadLimit, now)},
		down: limiter.Chain{Bucket: res.Down.Child(opts.DownloadLimit, now)},
		beat: heartbeat.New(), ops: make(chan struct{}, 1), changed: make(chan struct{}),
		owed: opts.Check, paused: opts.Paused, synced: now,
	}
	if opts.Paused {
		t.state = activity.Paused
	}
	t.ctx, t.cancel = context.WithCancelCause(ctx)
	t.work, t.endWork = context.WithCancelCause(t.ctx)
	if m := opts.Metainfo; m == nil || !m.Info.HasV1() && len(m.MissingLayers()) > 0 {
		t.seeker = t.newSeeker(id)
	} else if err := t.furnish(m); err != nil {
		return nil, err
	}
	t.Peers = t.newRoster(id, opts.TLS)
	if opts.Verified && t.Known() {
		t.trust()
	}
	return t, nil
}

func (t *Torrent) newRoster(id transport.ID, policy conns.Policy) *roster.Roster {
	return roster.New(roster.Config{
		Owner: (*events)(t), Dial: roster.Dialer{ID: id, PeerID: t.res.PeerID, Net: t.res.Dial, Hello: t.res.Hello, Pad: t.res.Pad}, Log: t.res.Log, TLS: t.res.TLS,
		Peer: peer.Config{
			Content: t.Content, Fetch: t.Fetch, Seeker: t.seeker, Up: t.up, Down: t.down,
			Clock: t.res.Clock, Frames: t.res.Frames, MaxRecords: t.res.MaxRecords,
			Client: t.res.Client, Port: t.res.Port, Seen: t.res.Seen, DHT: t.dht(), Super: t.newSuper(), Done: &t.done,
		},
		Conns: conns.Config{
			InfoHash: id.Wire(), Policy: policy, PlainFirst: policy == conns.Off, MaxConns: t.res.MaxPeers, HalfOpen: t.res.HalfOpen,
			Blocked: t.res.Bans.Refuses, Verdicts: t.res.Verdicts, Caps: t.res.Caps, Targets: t.res.Targets, Rand: t.res.Rand(),
		},
		Choker: t.res.Choker, Conduct: t.res.Conduct, Standing: t.res.Standing, Rand: t.res.Rand(),
	})
}

// dht returns the node that peers of the torrent are told of: none if it is
// private (BEP 27).
func (t *Torrent) dht() *peer.DHT {
	if t.Known() && t.Content.Meta.Info.Private {
		return nil
	}
	return t.res.DHT
}

// trust takes content as it is. If it cannot be that, the check finds out. The
// torrent is not known to others yet.
func (t *Torrent) trust() {
	if err := t.Content.Store.Trust(); err != nil {
		t.res.Log.Debug("content is not trusted", "err", err)
		return
	}
	have, _ := t.Content.Recount()
	t.Fetch.SetHave(have)
}

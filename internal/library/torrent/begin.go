package torrent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"

	"github.com/warren-p2p/warren/internal/library/folder"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// ErrNoFolder reports content that lies in a folder that is not there: perhaps its
// volume is not mounted. Nothing is made in its place.
var ErrNoFolder = errors.New("the folder of the content is not there")

// Start says how a torrent is brought into the engine that was added just now.
type Start struct {
	Metainfo *metainfo.Torrent // read from the store if nil
	Peers    []netip.AddrPort
	Names    map[netip.AddrPort]string // as in swarm.Options
	Verified bool
	Added    bool
}

// Begin brings the torrent into the engine. After an error it is there all the same,
// says why it does nothing, and Begin is tried again by [Torrent.Look].
func (t *Torrent) Begin(ctx context.Context, s Start) error {
	t.changing.Lock()
	defer t.changing.Unlock()
	t.mu.Lock()
	gone := t.removed
	t.mu.Unlock()
	if gone || t.Engine() != nil { // somebody has been faster
		return nil
	}
	return t.begin(ctx, s)
}

func (t *Torrent) begin(ctx context.Context, s Start) error {
	opts, dir, err := t.options(ctx, s)
	var engine *swarm.Torrent
	if err == nil {
		engine, err = t.s.Session.Add(opts)
	}
	if err != nil && dir != nil {
		err = errors.Join(err, dir.Close())
		dir = nil
	}
	if err == nil {
		t.engine.Store(engine)
	}
	t.mu.Lock()
	t.failed, t.dir, t.dirty = err, dir, t.dirty || err == nil
	t.mu.Unlock()
	if err == nil {
		t.settle(s.Added)
	}
	return err
}

// CloseFolder lets go of the folder that the content lies in, once the engine has.
func (t *Torrent) CloseFolder() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dir == nil {
		return nil
	}
	return t.dir.Close()
}

// options returns how the engine is told of a torrent, and the folder of its content,
// which has to be closed.
func (t *Torrent) options(ctx context.Context, s Start) (opts swarm.Options, dir *folder.Folder, err error) {
	if s.Metainfo == nil {
		if s.Metainfo, err = t.read(ctx); err != nil {
			return opts, nil, err
		}
	}
	t.mu.Lock()
	if s.Metainfo != nil {
		t.rec.Learn(s.Metainfo)
	}
	r := t.rec
	t.mu.Unlock()
	opts = swarm.Options{
		TLS: r.TLS, Paused: r.Paused, Forced: r.Forced, Sequential: r.Sequential, FirstLast: r.FirstLast, MaxPeers: r.MaxPeers, SuperSeed: r.SuperSeed,
		UploadLimit: r.UpLimit, DownloadLimit: r.DownLimit, Trackers: r.Typed, WebSeeds: r.WebSeeds,
		Peers: s.Peers, Names: s.Names, Paths: r.Paths, Verified: s.Verified, Secret: r.Key(), Sole: r.Sole.Engine(),
	}
	if s.Metainfo != nil {
		opts.Metainfo, opts.Reload = t.edited(s.Metainfo), t.reload
	} else if opts.Magnet, err = magnet.Parse(r.Magnet); err != nil {
		return opts, nil, fmt.Errorf("read the link of %q: %w", r.Name, err)
	}
	if t.s.Admit != nil {
		if err := t.s.Admit(ctx, &r, &opts); err != nil {
			return opts, nil, err
		}
	}
	dir = t.s.Folders.At(r.Dir)
	opts.Content = dir
	if _, err := dir.Stat("."); errors.Is(err, fs.ErrNotExist) {
		return opts, dir, fmt.Errorf("%w: %s", ErrNoFolder, r.Dir)
	}
	if r.Trusted { // once: what becomes of it afterwards, the engine knows
		opts.Verified = s.Metainfo != nil
		err = t.update(ctx, func(r *record.Record) { r.Trusted = false })
	}
	return opts, dir, err
}

// settle gives the engine what it is not told when a torrent is added.
func (t *Torrent) settle(added bool) {
	t.mu.Lock()
	r := t.rec
	t.mu.Unlock()
	t.Regroup()
	// The engine keeps what is skipped itself; the rest matters while something is
	// missing, and would wake what sleeps.
	if s := t.Engine().Status(); len(r.Priorities) > 0 && (added || s.Left() > 0 || s.State == swarm.StateMetadata) {
		t.prefer(r.Priorities)
	}
}

// prefer sets priorities as far as there are files.
func (t *Torrent) prefer(prio map[int]swarm.Priority) {
	if err := t.Engine().SetPriority(prio); err != nil && !errors.Is(err, swarm.ErrUnknown) {
		t.s.Log.Warn("priorities of files are not set", "torrent", t.rec.Name, "err", err)
	}
}

// Regroup has the torrent share the limits of its labels or category.
func (t *Torrent) Regroup() {
	if t.Engine() == nil {
		return
	}
	t.mu.Lock()
	category, labels := t.rec.Category, t.rec.Labels
	t.mu.Unlock()
	t.Engine().SetGroup(t.s.Groups.Of(category, labels))
}

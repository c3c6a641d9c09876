// Package trackerhost runs a tracker: its peer store with a snapshot in a folder,
// what has to be done every minute, and what it has done as points over time.
//
// A node runs one for the torrents that it shares, before its website and below a
// path that is drawn for the install ([Host.AnnounceURL]); whoever has no such URL
// finds the website. The command `warren tracker` runs one for everybody.
package trackerhost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory"
	"github.com/warren-p2p/warren/tracker/server/throttle"
	"github.com/warren-p2p/warren/tracker/server/web"
)

// Config is what a tracker is run with.
type Config struct {
	Clock clock.Clock
	Log   *slog.Logger // nil: none
	// Dir is the folder of its state; nil keeps none.
	Dir vfs.FS
	// Store is where peers are kept, which Close closes; nil is the memory of this
	// process, and a snapshot of it in Dir.
	Store peerstore.Store
	// Tracker is how it decides. Its Store is not looked at.
	Tracker server.Config
	// Alone is as in web.Config.
	Alone func(key string, infoHash [20]byte) bool
	// Rate and Burst bound how often an address may ask, as throttle.New has them.
	Rate  float64
	Burst int
	// TTL is for how long a peer is kept that is not heard of; memory.Config has
	// the default. MaxSwarms and MaxPeers are the bounds of a store in memory.
	TTL                 time.Duration
	MaxSwarms, MaxPeers int
}

// Host is a tracker that runs.
type Host struct {
	cfg     Config
	store   peerstore.Store
	memory  *memory.Store // the same, if it is ours
	tracker *server.Tracker
	key     string
	history history
	stop    context.CancelFunc
	work    sync.WaitGroup
}

// Open starts a tracker. A snapshot that cannot be read is put aside and said in the
// log: peers come again by themselves.
func Open(cfg Config) (*Host, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	h := &Host{cfg: cfg, store: cfg.Store}
	if cfg.Dir != nil {
		var err error
		if h.key, err = key(cfg.Dir); err != nil {
			return nil, err
		}
	}
	if h.store == nil {
		h.memory = memory.New(memory.Config{TTL: cfg.TTL, MaxSwarms: cfg.MaxSwarms, MaxPeers: cfg.MaxPeers})
		h.store = h.memory
		h.load()
	}
	cfg.Tracker.Store = h.store
	cfg.Tracker.Throttle = throttle.New(cfg.Rate, cfg.Burst)
	h.tracker = server.New(cfg.Tracker)
	h.history.begin = cfg.Clock.Now()
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.work.Go(func() { h.run(ctx) })
	return h, nil
}

// run does what has to be done every minute.
func (h *Host) run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for minute := 1; ; minute++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := h.cfg.Clock.Now()
		if err := h.store.Expire(ctx, now); err != nil && ctx.Err() == nil {
			h.cfg.Log.Warn("the tracker cannot forget peers", "error", err)
		}
		if u, ok := h.cfg.Tracker.Users.(interface {
			Expire(time.Time, time.Duration)
		}); ok {
			u.Expire(now, 24*time.Hour)
		}
		h.note(ctx, now)
		if minute%10 == 0 {
			if err := h.save(); err != nil {
				h.cfg.Log.Warn("the tracker's peers are not saved", "error", err)
			}
		}
	}
}

// Close stops the tracker and saves its peers. Who calls it has closed the fronts.
func (h *Host) Close() error {
	h.stop()
	h.work.Wait()
	err := h.save()
	if err != nil {
		err = fmt.Errorf("save the tracker's peers: %w", err)
	}
	return errors.Join(err, h.store.Close())
}

// Tracker is what decides, for fronts.
func (h *Host) Tracker() *server.Tracker { return h.tracker }

// Handler is the tracker before a website, below the path of the install.
func (h *Host) Handler(next http.Handler) *web.Handler {
	return web.New(h.tracker, web.Config{Key: h.key, Alone: h.cfg.Alone, Clock: h.cfg.Clock, Next: next})
}

// AnnounceURL is where this tracker is announced to by clients that reach the node at
// an address ("host:port"). Secure says that its certificate is one that clients
// accept; otherwise it is asked in clear, as most trackers are.
func (h *Host) AnnounceURL(address string, secure bool) string {
	u := url.URL{Scheme: "http", Host: address, Path: "/" + h.key + "/announce"}
	if secure {
		u.Scheme = "https"
	}
	return u.String()
}

// Totals tells how many peers torrents have, in their order.
func (h *Host) Totals(ctx context.Context, hashes [][20]byte) ([]peerstore.Totals, error) {
	return h.store.Scrape(ctx, hashes, nil, h.cfg.Clock.Now())
}

// Stats tells what was done since the start.
func (h *Host) Stats() server.Stats { return h.tracker.Stats() }

// Count tells how much is held.
func (h *Host) Count(ctx context.Context) (peerstore.Count, error) { return h.store.Count(ctx) }

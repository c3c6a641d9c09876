// Package feeds reads RSS and Atom feeds from time to time and adds what rules want of
// them to the library.
//
//	f, err := feeds.New(ctx, feeds.Config{Store: store, Courier: courier, Library: library, Clock: clk, Log: log})
//	feed, err := f.AddFeed(ctx, feeds.Feed{URL: "https://tracker.example/rss"})
//	err = f.SetRule(ctx, feeds.Rule{Name: "show", Enabled: true, Include: "show 1080p", Once: true})
//	defer f.Close()
//
// Package document reads what a feed says, package rule decides what is wanted of
// it, package shelf keeps both. What was fetched is never fetched again, by whatever
// feed or rule; what could not be fetched says why, and is tried five times.
//
// A feed is typed by the user, and may be on this machine or beside it; torrents in
// it may be where the feed is, or on the Internet, and nowhere else.
package feeds

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/feeds/rule"
	"github.com/warren-p2p/warren/internal/feeds/shelf"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/store"
)

// ErrNotFound reports a feed, an item or a rule that is not there.
var ErrNotFound = shelf.ErrNotFound

type (
	// Feed is a feed, as package shelf keeps it.
	Feed = shelf.Feed
	// Item is something in a feed.
	Item = shelf.Item
	// Rule says what is fetched; package rule explains it.
	Rule = rule.Rule
	// Kept is a rule with its past.
	Kept = shelf.Rule
	// State is what became of an item.
	State = shelf.State
)

// What became of an item, if anything has.
const (
	Added  = shelf.Added
	Failed = shelf.Failed
)

// Bounds on what users may want and feeds may have us do.
const (
	usually  = 30 * time.Minute
	shortest = 5 * time.Minute
	longest  = 7 * 24 * time.Hour
	patience = 24 * time.Hour // at most so long until a feed that fails is tried again
	atOnce   = 4              // feeds that are read
	maxFeeds = 500
	maxRules = 500
	maxTries = 5
	maxFile  = 32 << 20 // bytes of a torrent file
)

// Library is where torrents are added; *library.Library is one.
type Library interface {
	Add(ctx context.Context, a library.Add) (*library.Torrent, error)
}

// Config is what Feeds need.
type Config struct {
	Store   *store.Store
	Courier *courier.Courier
	Library Library
	Clock   clock.Clock
	Log     *slog.Logger
	Every   time.Duration // between two looks at a feed that says nothing else; half an hour
	Off     bool          // nothing is read, until Set says otherwise
	Changed func()        // is told that feeds, items or rules are others; may be nil
}

// Feeds are the feeds of a node. Its methods are safe for concurrent use.
type Feeds struct {
	cfg   Config
	wake  chan struct{}
	slots chan struct{} // one for each feed that is being read
	ctx   context.Context
	end   context.CancelFunc
	ended sync.WaitGroup

	off      atomic.Bool  // nothing is read
	interval atomic.Int64 // between two looks

	rules  atomic.Bool // rules have changed since they were asked
	adding sync.Mutex  // held while items are matched and fetched
	mu     sync.Mutex
	busy   map[int64]bool // feeds that are being read
}

// New starts to read the feeds in the store.
func New(_ context.Context, cfg Config) (*Feeds, error) {
	f := &Feeds{cfg: cfg, wake: make(chan struct{}, 1), slots: make(chan struct{}, atOnce), busy: map[int64]bool{}}
	f.ctx, f.end = context.WithCancel(context.Background())
	f.Set(!cfg.Off, cfg.Every)
	f.ended.Go(f.run)
	return f, nil
}

// Set says whether feeds are read, and how often those are that say nothing else; as
// often as can be, if that is too often.
func (f *Feeds) Set(on bool, every time.Duration) {
	if every == 0 {
		every = usually
	}
	f.off.Store(!on)
	f.interval.Store(int64(min(max(every, shortest), longest)))
	f.stir()
}

// Close ends reading, and waits.
func (f *Feeds) Close() {
	f.end()
	f.ended.Wait()
}

// run begins to read what is due.
func (f *Feeds) run() {
	for {
		if f.rules.Swap(false) {
			f.match()
			f.changed()
		}
		wait := f.begin()
		timer := time.NewTimer(wait)
		select {
		case <-f.ctx.Done():
			timer.Stop()
			return
		case <-f.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// stir has the loop look again.
func (f *Feeds) stir() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// begin begins to read the feeds that are due, as far as there are slots, and
// returns how long there is nothing to do.
func (f *Feeds) begin() time.Duration {
	if f.off.Load() {
		return time.Hour
	}
	list, err := f.Feeds(f.ctx)
	if err != nil {
		if f.ctx.Err() == nil {
			f.cfg.Log.Warn("feeds cannot be looked up", "problem", err)
		}
		return time.Minute
	}
	now := f.cfg.Clock.Now()
	wait := 10 * time.Minute // the clock may be set, or the machine have slept
	for _, feed := range list {
		if left := feed.Due.Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		if !f.claim(feed.ID) {
			continue // who reads it stirs the loop in the end
		}
		f.ended.Go(func() {
			defer f.stir()
			defer f.release(feed.ID)
			f.poll(feed)
		})
	}
	return wait
}

// claim takes a slot for a feed that nobody reads yet.
func (f *Feeds) claim(id int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[id] {
		return false
	}
	select {
	case f.slots <- struct{}{}:
		f.busy[id] = true
		return true
	default:
		return false
	}
}

func (f *Feeds) release(id int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.busy, id)
	<-f.slots
}

func (f *Feeds) changed() {
	if f.cfg.Changed != nil {
		f.cfg.Changed()
	}
}

// every returns how long a feed is left alone, with a little chance, so that not all
// are read at once and not by all at the same minute.
func (f *Feeds) every(feed Feed) time.Duration {
	d := feed.Every
	if d == 0 {
		d = time.Duration(f.interval.Load())
	}
	return d + time.Duration(rand.Float64()*float64(d)/10)
}

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
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"strings"
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

	rules  atomic.Bool // rules have changed since they were asked
	adding sync.Mutex  // held while items are matched and fetched
	mu     sync.Mutex
	busy   map[int64]bool // feeds that are being read
}

// New starts to read the feeds in the store.
func New(_ context.Context, cfg Config) (*Feeds, error) {
	if cfg.Every == 0 {
		cfg.Every = usually
	}
	if err := checkEvery(cfg.Every); err != nil {
		return nil, err
	}
	f := &Feeds{cfg: cfg, wake: make(chan struct{}, 1), slots: make(chan struct{}, atOnce), busy: map[int64]bool{}}
	f.ctx, f.end = context.WithCancel(context.Background())
	f.ended.Go(f.run)
	return f, nil
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
		d = f.cfg.Every
	}
	return d + time.Duration(rand.Float64()*float64(d)/10)
}

func checkEvery(d time.Duration) error {
	if d != 0 && (d < shortest || d > longest) {
		return fmt.Errorf("every %v is too often or too seldom: want %v to %v", d, shortest, longest)
	}
	return nil
}

// check makes of a feed what can be kept of it.
func check(feed *Feed) error {
	u, err := courier.ParseURL(feed.URL)
	if err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	feed.URL = u.String()
	if feed.Name = strings.TrimSpace(feed.Name); len(feed.Name) > 500 {
		return fmt.Errorf("feed: a name of %d bytes is too long", len(feed.Name))
	}
	return checkEvery(feed.Every)
}

// host is what of a feed may be in a log: its URL may have a key in it.
func host(feed Feed) string {
	if u, err := url.Parse(feed.URL); err == nil {
		return u.Hostname()
	}
	return ""
}

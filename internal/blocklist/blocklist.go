// Package blocklist keeps lists of addresses that are not spoken to: files and URLs
// of the user, read again when they change.
//
//	b, err := blocklist.New(blocklist.Config{Sources: sources, Keep: home, Courier: courier,
//		Clock: clk, Log: log, Changed: session.Reblock})
//	swarm.Config{Blocked: b.Blocked, ...}
//	defer b.Close()
//
// New reads files, and of URLs what was fetched last, before it returns, so that
// nobody is spoken to before it is known who is blocked. A list that cannot be read
// any more stays as it was.
package blocklist

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/ipfilter"
	"github.com/warren-p2p/warren/internal/vfs"
)

const (
	maxSources = 20
	look       = time.Minute // how often files are looked at
	usually    = 24 * time.Hour
	retry      = time.Hour // after a server has failed
	shortest   = time.Hour
)

// Config is what a Blocklist needs.
type Config struct {
	Sources  []string      // full paths of files, and URLs
	Interval time.Duration // after which URLs are fetched again; a day
	Keep     vfs.FS        // where copies of what was fetched are kept
	Courier  *courier.Courier
	Clock    clock.Clock
	Log      *slog.Logger
	Changed  func() // is told that others are blocked than before; may be nil
}

// Source is what is known of one list.
type Source struct {
	Location string    `json:"location"` // path or URL
	Ranges   int       `json:"ranges"`   // of addresses
	Skipped  int       `json:"skipped"`  // lines that were not understood
	Loaded   time.Time `json:"loaded"`   // when it was read last, zero if never
	Problem  string    `json:"problem"`  // why that was not possible since, "" if it was
}

// source is a list, and how it is read again. Only what holds busy touches all but
// list and status, which change with mu held.
type source struct {
	status         Source
	list           *ipfilter.List
	modified       time.Time // of the file
	size           int64
	etag, lastTime string // of the answer
	due            time.Time
}

// Blocklist is a set of lists. Its methods are safe for concurrent use.
type Blocklist struct {
	cfg   Config
	lists atomic.Pointer[[]*ipfilter.List]
	end   context.CancelFunc
	ended sync.WaitGroup

	wake    chan struct{}
	every   atomic.Bool // those that are not due are read as well
	busy    sync.Mutex  // held by what reads sources
	mu      sync.Mutex
	sources []*source
	reading context.CancelFunc // ends what run reads
}

// New returns the lists of the sources. The error says which cannot be one.
func New(cfg Config) (*Blocklist, error) {
	if cfg.Interval == 0 {
		cfg.Interval = usually
	}
	cfg.Interval = max(cfg.Interval, shortest)
	b := &Blocklist{cfg: cfg, wake: make(chan struct{}, 1), reading: func() {}}
	b.lists.Store(&[]*ipfilter.List{})
	if err := Check(cfg.Sources); err != nil {
		return nil, err
	}
	b.busy.Lock()
	b.replace(cfg.Sources)
	b.busy.Unlock()
	var ctx context.Context
	ctx, b.end = context.WithCancel(context.Background())
	b.ended.Go(func() { b.run(ctx) })
	return b, nil
}

// Close ends reading; what is blocked stays.
func (b *Blocklist) Close() {
	b.end()
	b.ended.Wait()
}

// Blocked reports whether an address is on a list. It takes no lock.
func (b *Blocklist) Blocked(a netip.Addr) bool {
	for _, l := range *b.lists.Load() {
		if l.Blocks(a) {
			return true
		}
	}
	return false
}

// List returns what is known of the sources.
func (b *Blocklist) List() (list []Source) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.sources {
		list = append(list, s.status)
	}
	return list
}

// Set replaces the sources. Those that stay are not read again; what is behind a new
// URL is fetched soon. It does not wait for servers.
func (b *Blocklist) Set(sources []string) error {
	if err := Check(sources); err != nil {
		return err
	}
	b.mu.Lock()
	b.reading() // and begin anew
	b.mu.Unlock()
	defer b.stir()
	b.busy.Lock()
	defer b.busy.Unlock()
	b.replace(sources)
	b.told()
	return nil
}

// Refresh reads all sources now, also those that are not due.
func (b *Blocklist) Refresh(ctx context.Context) {
	b.busy.Lock()
	defer b.busy.Unlock()
	for _, s := range b.sources {
		s.due = time.Time{}
	}
	if b.read(ctx) {
		b.told()
	}
}

// Check says what cannot be sources: too many, the same twice, or neither the full path
// of a file nor a URL.
func Check(sources []string) error {
	if len(sources) > maxSources {
		return fmt.Errorf("%d block lists are too many: at most %d", len(sources), maxSources)
	}
	for i, s := range sources {
		if slices.Contains(sources[:i], s) {
			return fmt.Errorf("block list %s: it is named twice", s)
		}
		if isURL(s) {
			if _, err := courier.ParseURL(s); err != nil {
				return fmt.Errorf("block list: %w", err)
			}
		} else if !filepath.IsAbs(s) {
			return fmt.Errorf("block list %s: neither the full path of a file nor a URL", s)
		}
	}
	return nil
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// replace takes other sources, and reads what is at hand of those that are new.
// busy is held.
func (b *Blocklist) replace(locations []string) {
	var list []*source
	for _, at := range locations {
		i := slices.IndexFunc(b.sources, func(s *source) bool { return s.status.Location == at })
		if i >= 0 {
			list = append(list, b.sources[i])
			continue
		}
		s := &source{status: Source{Location: at}}
		if isURL(at) {
			b.kept(s)
		} else {
			b.file(s)
		}
		list = append(list, s)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sources = list
	b.publish()
}

// publish makes what was read count. mu is held.
func (b *Blocklist) publish() {
	lists := make([]*ipfilter.List, 0, len(b.sources))
	for _, s := range b.sources {
		lists = append(lists, s.list)
	}
	b.lists.Store(&lists)
}

func (b *Blocklist) told() {
	if b.cfg.Changed != nil {
		b.cfg.Changed()
	}
}

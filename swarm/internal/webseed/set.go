package webseed

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/meter"
)

// maxSources is how many web seeds of a torrent are used, at most; what the user
// gave comes first.
const maxSources = 16

// Set is the web seeds of a torrent. Its methods are safe for concurrent use; nil
// is a set of none.
type Set struct {
	cfg   Config
	typed []string
	named func() []string
	wg    sync.WaitGroup

	mu      sync.Mutex
	begun   bool // the sources are known
	sources []*Source
	running int
	stop    map[*Source]context.CancelFunc // of those that run
	ids     map[fetch.PeerID]*Source       // also of those that ran
	down    meter.Meter
}

// NewSet returns a set that fetches nothing yet. The URLs are those that the user
// typed and those that named returns, which others made up; it is called once,
// when content is fetched for the first time.
func NewSet(cfg Config, typed []string, named func() []string) *Set {
	return &Set{
		cfg: cfg, typed: typed, named: named,
		stop: make(map[*Source]context.CancelFunc), ids: make(map[fetch.PeerID]*Source),
	}
}

// find makes the sources. The caller holds s.mu.
func (s *Set) find() {
	s.begun = true
	known := make(map[string]bool)
	add := func(urls []string, typed bool) {
		for _, text := range urls {
			if u, err := ParseURL(text); err == nil && s.cfg.Allowed(text) && !known[text] && len(s.sources) < maxSources {
				known[text] = true
				s.sources = append(s.sources, &Source{
					cfg: &s.cfg, base: u, typed: typed, more: make(chan struct{}, 1),
					rng: rand.New(rand.NewPCG(s.cfg.Rand.Uint64(), s.cfg.Rand.Uint64())),
				})
			}
		}
	}
	add(s.typed, true)
	add(s.named(), false)
}

// Step is called once a second. The sources fetch while that is on, and until
// work ends.
func (s *Set) Step(work context.Context, now time.Time, on bool) {
	if s == nil {
		return
	}
	s.mu.Lock()
	if on && s.running == 0 && work.Err() == nil {
		s.start(work)
	}
	var list []*Source
	received := int64(0)
	for _, c := range s.sources {
		received += c.Received()
	}
	s.down.Tick(received)
	for c, cancel := range s.stop {
		list = append(list, c)
		if !on || !s.cfg.Allowed(c.base.String()) {
			cancel()
		}
	}
	s.mu.Unlock()
	for _, c := range list {
		c.dl.Tick(now)
	}
}

// start starts all sources that are worth it. The caller holds s.mu.
func (s *Set) start(work context.Context) {
	if !s.begun {
		s.find()
	}
	for _, c := range s.sources {
		if c.retired() || !s.cfg.Allowed(c.base.String()) {
			continue
		}
		// A peer that chokes gives back at once what it was asked for.
		c.dl = s.cfg.Fetch.Join(c, false, reqq)
		ctx, cancel := context.WithCancel(work)
		s.ids[c.dl.ID], s.stop[c] = c, cancel
		s.running++
		s.wg.Go(func() {
			c.run(ctx)
			c.dl.Leave()
			cancel()
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(s.stop, c)
			s.running--
		})
	}
}

// Expel ends a source that sent wrong data, for good. It reports whether there is
// or was one by that name.
func (s *Set) Expel(id fetch.PeerID) bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.ids[id]
	if !ok {
		return false
	}
	c.retire()
	if cancel := s.stop[c]; cancel != nil {
		cancel()
	}
	return true
}

// Drain waits for sources that are to end.
func (s *Set) Drain() {
	if s != nil {
		s.wg.Wait()
	}
}

// Totals is what the sources of a torrent are and were, in sum.
type Totals struct {
	Running  int
	DownRate int64 // bytes a second, over the last seconds
	Received int64 // bytes of content
	Secret   int64 // of these, what came over TLS
}

// Totals counts.
func (s *Set) Totals() (t Totals) {
	if s == nil {
		return t
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Running, t.DownRate = s.running, s.down.Recent()
	for _, c := range s.sources {
		n := c.Received()
		t.Received += n
		if c.base.Scheme == "https" { // redirects keep to it
			t.Secret += n
		}
	}
	return t
}

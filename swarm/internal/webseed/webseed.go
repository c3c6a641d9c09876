// Package webseed fetches content from web servers, as one more peer of a
// torrent (BEP 19).
//
// A [Source] is a peer to package fetch: it has all pieces, never chokes, and is
// asked for blocks, rarest first, like all others; what it sends is verified like
// theirs, and who sent wrong bytes is found in the same way. What it is asked for
// it fetches by ranges over HTTP, several blocks in one request where they follow
// each other. A [Set] is the sources of a torrent, which run while it downloads.
//
// Servers are not trusted with anything: answers must be the range that was asked
// for, are read no further, and must keep moving. URLs of a torrent lead to
// addresses on the Internet alone, wherever they redirect; those of the user lead
// where they say.
//
// The lock of a source may be taken by who holds locks of package fetch; with it
// held, no other is taken.
package webseed

import (
	"log/slog"
	"math/rand/v2"
	"net/url"
	"sync"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/link"
)

// Config is what the sources of a torrent have in common. All fields are
// required.
type Config struct {
	Space  *piecespace.Space
	Fetch  *fetch.Fetcher
	Down   link.Limiter
	Net    netpolicy.Policy
	Clock  clock.Clock
	Log    *slog.Logger
	Client string // told to servers
	Rand   *rand.Rand
	// Allowed reports whether a web seed may be used; it is asked again every second,
	// and must not wait.
	Allowed func(url string) bool
}

// Source is one web seed.
type Source struct {
	cfg   *Config
	base  *url.URL
	typed bool // the user gave it: it may be anywhere
	rng   *rand.Rand
	dl    *fetch.Peer // of the run under way; set before it begins

	mu       sync.Mutex
	queue    []peerwire.Request
	more     chan struct{} // holds a token if something was queued
	received int64
	over     bool // it is not to be asked any more
}

var _ fetch.Requester = (*Source)(nil)

// Request implements fetch.Requester.
func (s *Source) Request(reqs []peerwire.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, reqs...)
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// Cancel implements fetch.Requester. What is on its way comes all the same.
func (s *Source) Cancel(r peerwire.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, q := range s.queue {
		if q == r {
			s.queue = append(s.queue[:i], s.queue[i+1:]...)
			return
		}
	}
}

// next takes requests from the queue that can be answered in one go, none if
// there are none.
func (s *Source) next() []peerwire.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		s.queue = nil
		return nil
	}
	n := take(s.cfg.Space, s.queue)
	order := s.queue[:n:n]
	s.queue = s.queue[n:]
	return order
}

// forget empties the queue.
func (s *Source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = nil
}

func (s *Source) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received += int64(n)
}

// Received returns the bytes of content that came.
func (s *Source) Received() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.received
}

// retire makes the source one that is not asked again.
func (s *Source) retire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

func (s *Source) retired() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

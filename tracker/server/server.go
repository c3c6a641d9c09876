// Package server is what a tracker decides, whatever the requests come by: whether a
// torrent and a user are served, how many peers are told, when to come back. It does
// no I/O but that of its peer store.
//
//	tracker := server.New(server.Config{Store: memory.New(memory.Config{})})
//	handler := web.New(tracker, web.Config{Key: key, Next: site})
//
// Fronts: package web over HTTP, package udp over UDP. A tracker is open, serves the
// torrents of a [List], or serves [Users], each of whom has a pass key and counters;
// list and users go together too.
//
// Supported: BEP 3, 7, 15, 21, 23, 24, 27, 31, 41, 48, and what is proposed for
// BitTorrent over TLS (docs/beps/tls-discovery.rst).
package server

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/request"
	"github.com/warren-p2p/warren/tracker/server/throttle"
)

// List says which torrents are served. It is safe for concurrent use.
type List interface {
	Listed(infoHash [20]byte) bool
}

// Users are those who have a pass key (BEP 27). It is safe for concurrent use.
type Users interface {
	// Known reports whether a pass key is somebody's.
	Known(passkey string) bool
	// Count takes note of what the user with a pass key has sent and received, as
	// an announce says it that was served.
	Count(passkey string, q *request.Query, now time.Time)
}

// Config is what a tracker needs.
type Config struct {
	Store peerstore.Store
	List  List  // nil: any torrent
	Users Users // nil: anybody
	// Interval is after which time to come back, 30 minutes; a tenth more at most,
	// differently for each peer, so that they do not come at once. MinInterval is
	// before which not to, a minute.
	Interval, MinInterval time.Duration
	// NumWant is how many peers are told who does not say how many it wants, 50;
	// MaxNumWant the most, 200.
	NumWant, MaxNumWant int
	// Throttle bounds how often an address may ask; nil does not.
	Throttle *throttle.Throttle
}

// Tracker serves announces and scrapes. Its methods are safe for concurrent use.
type Tracker struct {
	cfg    Config
	counts counters
}

// New returns a tracker.
func New(cfg Config) *Tracker {
	if cfg.Interval <= 0 {
		cfg.Interval = 30 * time.Minute
	}
	if cfg.MinInterval <= 0 {
		cfg.MinInterval = time.Minute
	}
	if cfg.NumWant <= 0 {
		cfg.NumWant = 50
	}
	if cfg.MaxNumWant <= 0 {
		cfg.MaxNumWant = 200
	}
	cfg.NumWant = min(cfg.NumWant, cfg.MaxNumWant)
	return &Tracker{cfg: cfg}
}

// Caller is who asks.
type Caller struct {
	Addr    netip.Addr // IPv4 is not mapped into IPv6
	Over    Front
	Private bool // nobody reads along: what a client says of its key can be kept
	Inside  bool // it is this process itself, which is never refused, and not counted
	Listed  bool // the front knows that the torrent is served: the list is not asked
	Now     time.Time
}

// Reply is the answer to an announce.
type Reply struct {
	peerstore.Answer
	Interval, MinInterval time.Duration
	External              netip.Addr // of who asks (BEP 24)

	asked peerstore.Announce // here, so that an announce makes no garbage
}

// Announce serves an announce. The failure is what to tell a client that is refused,
// or nil.
func (t *Tracker) Announce(ctx context.Context, c *Caller, q *request.Query, to *Reply) *message.Failure {
	if !c.Inside {
		t.counts.announces[c.Over].Add(1)
	}
	to.Reset()
	if f := t.refuse(c, q.Passkey, &q.InfoHash); f != nil {
		return f
	}
	a := &to.asked
	*a = peerstore.Announce{
		InfoHash: q.InfoHash, Peer: netip.AddrPortFrom(c.Addr, q.Port), Role: role(&q.Request),
		Stopped: q.Event == message.Stopped, Completed: q.Event == message.Completed,
		NumWant: t.numWant(q.NumWant), TLS: q.TLS, Now: c.Now,
	}
	if !c.Private {
		a.TLS.Pin = message.Pin{} // it may be that of whoever was on the way
	}
	if err := t.cfg.Store.Announce(ctx, a, &to.Answer); err != nil {
		return t.failed(err)
	}
	if t.cfg.Users != nil {
		t.cfg.Users.Count(q.Passkey, q, c.Now)
	}
	to.Interval, to.MinInterval = t.cfg.Interval+t.jitter(q), t.cfg.MinInterval
	to.External = c.Addr
	return nil
}

// Scrape appends the totals of torrents, in their order; those that are not served
// have none. The failure is what to tell a client that is refused, or nil.
func (t *Tracker) Scrape(ctx context.Context, c *Caller, passkey string, hashes [][20]byte, dst []peerstore.Totals) ([]peerstore.Totals, *message.Failure) {
	t.counts.scrapes[c.Over].Add(1)
	if f := t.refuse(c, passkey, nil); f != nil {
		return dst, f
	}
	begin := len(dst)
	dst, err := t.cfg.Store.Scrape(ctx, hashes, dst, c.Now)
	if err != nil {
		return dst, t.failed(err)
	}
	for i := range hashes {
		if t.cfg.List != nil && !t.cfg.List.Listed(hashes[i]) {
			dst[begin+i] = peerstore.Totals{}
		}
	}
	return dst, nil
}

// refuse says why somebody is not served, or nil.
func (t *Tracker) refuse(c *Caller, passkey string, hash *[20]byte) *message.Failure {
	switch {
	case c.Inside:
	case !t.cfg.Throttle.Allow(c.Addr, c.Now):
		t.counts.throttled.Add(1)
		return &message.Failure{Reason: "too many requests from this address", RetryIn: 5 * time.Minute}
	case t.cfg.Users != nil && !t.cfg.Users.Known(passkey):
		t.counts.strangers.Add(1)
		return &message.Failure{Reason: "the pass key of this announce URL is nobody's", Never: true}
	case hash != nil && !c.Listed && t.cfg.List != nil && !t.cfg.List.Listed(*hash):
		t.counts.unlisted.Add(1)
		return &message.Failure{Reason: "this torrent is not on the list of this tracker", RetryIn: time.Hour}
	}
	return nil
}

// failed is what to tell if the store fails.
func (t *Tracker) failed(err error) *message.Failure {
	if errors.Is(err, peerstore.ErrFull) {
		t.counts.full.Add(1)
		return &message.Failure{Reason: "the tracker is full", RetryIn: 30 * time.Minute}
	}
	t.counts.failed.Add(1)
	return &message.Failure{Reason: "the tracker cannot reach its memory", RetryIn: time.Minute}
}

// Malformed takes note of a request that cannot be meant, and returns what to tell
// who sent it.
func (t *Tracker) Malformed(err error) *message.Failure {
	t.counts.malformed.Add(1)
	return &message.Failure{Reason: err.Error(), Never: true}
}

func (t *Tracker) numWant(n int) int {
	if n < 0 {
		return t.cfg.NumWant
	}
	return min(n, t.cfg.MaxNumWant)
}

// jitter is up to a tenth of the interval, always the same for a peer in a swarm.
func (t *Tracker) jitter(q *request.Query) time.Duration {
	x := binary.LittleEndian.Uint64(q.InfoHash[12:]) ^ binary.LittleEndian.Uint64(q.PeerID[12:])
	x *= 0x9E3779B97F4A7C15 // Fibonacci hashing
	tenth := uint64(t.cfg.Interval / 10 / time.Second)
	return time.Duration(x>>32*tenth>>32) * time.Second
}

// role is what a peer wants by what it says. BEP 21 has an event for partial seeds.
func role(r *message.Request) peerstore.Role {
	switch {
	case r.Event == message.Paused && r.Left > 0:
		return peerstore.Partial
	case r.Left == 0:
		return peerstore.Seeder
	}
	return peerstore.Leecher
}

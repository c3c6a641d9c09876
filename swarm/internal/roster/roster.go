// Package roster is the peers of one torrent: it dials and admits them, chokes
// and unchokes them, tells all of them what concerns all, and keeps the books
// when they go.
//
// Addresses to dial come in with [Roster.Add], from whatever source there is.
// Whom to dial is decided by package conns, whom to serve by package choker; a
// roster gives them the time and carries out what they say. It has no goroutine
// but those of dials and connections: the owner calls [Roster.Step] whenever
// something may be due and [Roster.Tick] once a second, and a torrent that serves
// nobody costs nothing.
//
// The lock of a roster may be taken by who holds that of the torrent. With it
// held, those of peers, content, fetch, link and of what torrents share (bans,
// verdicts, caps) may be taken; the [Owner] is called without it.
package roster

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/departed"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/meter"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/pex"
	"github.com/warren-p2p/warren/swarm/internal/punch"
	"github.com/warren-p2p/warren/swarm/internal/suggest"
)

// Owner is told what a roster cannot settle itself.
type Owner interface {
	// Poke tells that Step has something to do.
	Poke()
	// Unreadable tells that content could not be read for a peer.
	Unreadable(err error)
}

// Standing weighs peers when upload slots are given out.
type Standing interface {
	Weight(peer peer.Info) float64
}

// Dialer opens connections to peers.
type Dialer = greeting.Dialer

// Config is what a roster needs.
type Config struct {
	Owner Owner
	// Dial has ID, PeerID, Net, Hello and Pad; the roster sees to the rest.
	Dial Dialer
	Log  *slog.Logger
	// TLS is what peers are told of how they can dial us over TLS; zero if they
	// cannot.
	TLS extension.TLS
	// Peer is what connections get. The roster is the owner of them.
	Peer peer.Config
	// Conns and Choker say how many there may be and how many are served.
	Conns    conns.Config
	Choker   choker.Config
	Conduct  *conduct.Book // shared by all torrents
	Standing Standing      // nil if nobody is special
	Rand     *rand.Rand
}

// Roster is the peers of one torrent. Its methods are safe for concurrent use.
type Roster struct {
	cfg     Config
	wg      sync.WaitGroup // dials and connections
	serving atomic.Bool    // written under mu, with work
	policy  greeting.Rule

	mu       sync.Mutex
	work     context.Context // of dials; nil while nobody is served
	closed   bool
	members  map[*member]struct{}
	choker   *choker.Choker
	conns    *conns.Manager
	punch    punch.Limits
	former   departed.Book
	contacts pex.Book
	advisor  *suggest.Advisor // nil until somebody lacks something that we have
	banned   int
	sent     int64 // by members that have gone
	received int64
	secret   int64 // of sent and received, what went over TLS
	up, down meter.Meter
}

// member is a peer on the roster.
type member struct {
	*peer.Peer
	gone     chan struct{} // closed at the end
	told     pex.Outbox    // guarded by Roster.mu
	replaced bool          // another connection took its place; guarded by Roster.mu
	passed   bool          // also in conns, being at the same address; as replaced
}

// New returns a roster without peers that serves nobody.
func New(cfg Config) *Roster {
	r := &Roster{
		cfg:     cfg,
		members: make(map[*member]struct{}),
		choker:  choker.New(cfg.Choker, cfg.Rand),
		conns:   conns.New(cfg.Conns),
	}
	r.policy.Set(cfg.Conns.Policy)
	r.cfg.Peer.Owner = r
	r.cfg.Peer.TLS = func() extension.TLS { return r.policy.Offer(cfg.TLS, cfg.Dial.ID) }
	if _, ok := cfg.Dial.Net.(UTP); ok {
		r.cfg.Peer.Puncher = r
	}
	d := &r.cfg.Dial
	d.More, d.Verdicts, d.Clock, d.May, d.Rule = r.More(), cfg.Conns.Verdicts, cfg.Peer.Clock, r.MayJoin, &r.policy
	return r
}

var _ peer.Owner = (*Roster)(nil)

// Serve lets peers in, dials them until work ends, and gives them what they ask
// for.
func (r *Roster) Serve(work context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.work = work
	r.serving.Store(true)
}

// Rest ends that. Peers that are connected stay, and get nothing.
func (r *Roster) Rest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.work = nil
	r.serving.Store(false)
}

// Serving implements peer.Owner.
func (r *Roster) Serving() bool { return r.serving.Load() }

// Poke implements peer.Owner.
func (r *Roster) Poke() { r.cfg.Owner.Poke() }

// Listens implements peer.Owner.
func (r *Roster) Listens(p *peer.Peer, at conns.Hint) {
	at.TLS = at.TLS || p.Kind == transport.TLS
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns.Listens(p.At, at, r.cfg.Peer.Clock.Now())
}

// Step does what is due: dials, chokes and unchokes. One goroutine does it.
func (r *Roster) Step(now time.Time) {
	r.dialMore(now)
	r.rechoke(now)
}

// Tick is called once a second; long is set now and then, for what is done less
// often.
func (r *Roster) Tick(now time.Time, long bool) {
	for _, p := range r.list() {
		p.Tick(now, long)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if long {
		r.exchange(now)
	}
	down, up := r.received, r.sent
	for p := range r.members {
		stats := p.Stats()
		down += stats.Received
		up += stats.Sent
	}
	r.down.Tick(down)
	r.up.Tick(up)
}

// SetPolicy changes which connections are allowed from now on.
func (r *Roster) SetPolicy(policy conns.Policy) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.policy.Set(policy)
	r.conns.SetPolicy(policy)
}

// Policy returns which connections are allowed.
func (r *Roster) Policy() conns.Policy { return r.policy.Policy() }

// SetSeeding says whether everything wanted is there.
func (r *Roster) SetSeeding(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.choker.SetSeeding(on)
	r.conns.SetWants(!on, r.cfg.Peer.Clock.Now())
}

// Each calls f for each peer, without a lock.
func (r *Roster) Each(f func(*peer.Peer)) {
	for _, p := range r.list() {
		f(p.Peer)
	}
}

func (r *Roster) list() []*member {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listLocked()
}

func (r *Roster) listLocked() []*member {
	list := make([]*member, 0, len(r.members))
	for p := range r.members {
		list = append(list, p)
	}
	return list
}

// Drain waits until the peers that are connected have gone.
func (r *Roster) Drain() {
	for _, p := range r.list() {
		<-p.gone
	}
}

// Close ends all connections, lets nobody in any more, and waits.
func (r *Roster) Close(reason error) {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.Each(func(p *peer.Peer) { p.Close(reason) })
	r.wg.Wait()
}

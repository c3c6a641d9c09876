// Package announcer tells trackers about the torrents of a session, and torrents
// about the peers that trackers know.
//
// When to ask whom is decided by package tracker/schedule; one goroutine carries
// that out, with one more for each announce under way, which the budget of the
// schedule bounds. A torrent that nobody announces costs nothing.
//
// The lock of an announcer may be taken by who holds any other; with it held,
// nobody is called.
package announcer

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/schedule"
)

// State is what a torrent wants of its trackers.
type State = schedule.State

// Tracker is a tracker of a torrent.
type Tracker = schedule.Tracker

// Status is what is known of a tracker of a torrent.
type Status = schedule.Status

// The states.
const (
	Off         = schedule.Off
	Seeding     = schedule.Seeding
	Downloading = schedule.Downloading
)

// Torrent is what an announcer asks of a torrent. It is called without locks,
// and also after Remove.
type Torrent interface {
	// Progress returns bytes since the start, and those that are missing.
	Progress() (downloaded, uploaded, left int64)
	// Terms returns what a tracker is told now.
	Terms(url string) Terms
	// Found takes addresses of peers; byID says that they were found under the
	// discovery id.
	Found(hints []hint.Hint, byID bool)
}

// Terms is what a tracker is told of a torrent, and of us.
type Terms struct {
	Names []disclosure.Name // of one kind; none if it must not know
	TLS   message.TLS
	// Web is how HTTPS is spoken to a tracker of this torrent alone; nil if it is as
	// to others.
	Web *tls.Config
}

// ErrWithheld is the outcome with a tracker that must not know the torrent.
var ErrWithheld = errors.New("not asked: it would learn what the torrent is")

// Client asks trackers.
type Client interface {
	Announce(context.Context, tracker.Target, tracker.Request) (tracker.Response, error)
}

// Config is what an announcer needs.
type Config struct {
	Client Client
	Clock  clock.Clock
	Log    *slog.Logger
	Port   func() uint16 // that others connect to
	Budget schedule.Config
	// Seen is told as whom a tracker sees us; optional.
	Seen func(by, us netip.Addr)
}

// Announcer announces torrents. Its methods are safe for concurrent use.
type Announcer struct {
	cfg    Config
	ctx    context.Context // of announces
	cancel context.CancelFunc
	poke   chan struct{}
	wg     sync.WaitGroup // the loop and the announces

	mu       sync.Mutex
	schedule *schedule.Schedule
	subjects map[schedule.ID]*Subject
	bye      context.Context // of the last announces; nil before Close
	closed   chan struct{}
}

// New starts an announcer, which has to be closed.
func New(cfg Config) *Announcer {
	a := &Announcer{
		cfg: cfg, poke: make(chan struct{}, 1), closed: make(chan struct{}),
		schedule: schedule.New(cfg.Budget, cfg.Clock.Now()), subjects: map[schedule.ID]*Subject{},
	}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.wg.Go(a.loop)
	return a
}

// How long Close tells trackers that torrents have stopped, and how much of that
// is left to announces under way: cut off, they could arrive after the goodbye.
const (
	goodbye = 2 * time.Second
	hurry   = 500 * time.Millisecond
)

// Close tells trackers that all torrents have stopped, for two seconds at most,
// and waits for what is under way.
func (a *Announcer) Close() {
	bye, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	a.mu.Lock()
	if a.bye != nil {
		a.mu.Unlock()
		<-a.closed
		return
	}
	a.bye = bye
	a.schedule.Drain(a.cfg.Clock.Now())
	a.mu.Unlock()
	defer time.AfterFunc(hurry, a.cancel).Stop()
	a.wake()
	a.wg.Wait()
	a.cancel()
	close(a.closed)
}

// Again announces all torrents as soon as trackers allow it.
func (a *Announcer) Again() {
	a.mu.Lock()
	if a.bye == nil { // at the end goodbyes alone are due
		for id := range a.subjects {
			a.schedule.Want(id, a.cfg.Clock.Now())
		}
	}
	a.mu.Unlock()
	a.wake()
}

// wake makes the loop look now.
func (a *Announcer) wake() {
	select {
	case a.poke <- struct{}{}:
	default:
	}
}

// loop starts announces when they are due, until all is told.
func (a *Announcer) loop() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		wait, bye, over := a.start()
		if over {
			return
		}
		timer.Reset(wait)
		select {
		case <-bye:
			return
		case <-a.poke:
		case <-timer.C:
		}
	}
}

// idle is how long the loop sleeps when there is nothing to wait for.
const idle = time.Hour

// start starts what is due. It returns for how long there is nothing more to
// start, and whether there never will be.
func (a *Announcer) start() (wait time.Duration, bye <-chan struct{}, over bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.cfg.Clock.Now()
	ctx := a.ctx
	if a.bye != nil {
		ctx, bye = a.bye, a.bye.Done()
		if a.schedule.Idle() {
			return 0, bye, true
		}
	}
	for job, ok := a.schedule.Next(now); ok; job, ok = a.schedule.Next(now) {
		s := a.subjects[job.ID]
		a.wg.Go(func() { a.run(ctx, s, job) })
	}
	wait = idle
	if at, ok := a.schedule.Wake(now); ok {
		wait = min(max(at.Sub(now), 0), idle)
	}
	return wait, bye, false
}

// run makes one announce and takes what came of it back.
func (a *Announcer) run(ctx context.Context, s *Subject, job schedule.Job) {
	terms := s.torrent.Terms(job.Tracker.URL)
	out, peers := a.announce(ctx, s, job, terms)
	if ctx.Err() != nil && out.Err != nil {
		out = schedule.Outcome{Err: context.Cause(ctx), Cut: true}
	}
	a.mu.Lock()
	a.schedule.Done(job, out, a.cfg.Clock.Now())
	a.tidy(s.id)
	a.mu.Unlock()
	a.cfg.Log.Debug("announced", "torrent", s.name, "event", job.Event.String(), "peers", len(peers), "err", out.Err)
	if len(peers) > 0 && ctx.Err() == nil {
		s.torrent.Found(peers, terms.Names[0].ID)
	}
	a.wake()
}

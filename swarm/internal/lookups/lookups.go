// Package lookups looks the torrents of a session up in the DHT: it tells the
// torrents who their peers are, and the DHT that we are one.
//
// Which torrent is next is decided by package internal/dht/schedule; one
// goroutine carries that out, with one more for each lookup under way. A torrent
// costs an entry in the schedule, and no goroutine.
//
// The lock of Lookups may be taken by who holds any other; with it held, nobody
// is called.
package lookups

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/dht/schedule"
)

// Node is the node of the DHT.
type Node interface {
	Announce(ctx context.Context, infoHash [20]byte, a dht.Announcement, found func([]netip.AddrPort)) (dht.Result, error)
	Stats() dht.Stats
}

// Torrent is what is asked of a torrent. It is called without locks, and also
// after Remove.
type Torrent interface {
	// Found takes addresses of peers.
	Found(addrs []netip.AddrPort)
	// Helped reports whether a tracker names peers already, which makes the DHT
	// less urgent.
	Helped() bool
}

// Config is what Lookups need.
type Config struct {
	Node  Node
	Clock clock.Clock
	Log   *slog.Logger
	// Port is what others are told to connect to; 0 tells them nothing.
	Port   func() uint16
	Budget schedule.Config
}

// Lookups looks torrents up. Its methods are safe for concurrent use.
type Lookups struct {
	cfg    Config
	ctx    context.Context
	cancel context.CancelFunc
	poke   chan struct{}
	wg     sync.WaitGroup // the loop and the lookups

	mu       sync.Mutex
	schedule *schedule.Scheduler
	subjects map[schedule.Hash]*subject
}

// subject is an info-hash of a torrent. A hybrid has two.
type subject struct {
	torrent     Torrent
	downloading bool
	last        Status
}

// Status is what came of the last lookup.
type Status struct {
	At       time.Time // when it ended; zero before the first
	Answered int       // nodes
	Found    int       // peers, those of one that is sought under two hashes twice
}

// Periods of the loop.
const (
	period       = time.Second
	reviewPeriod = time.Minute // between looks at whether trackers help
)

// New starts looking up, which has to be closed.
func New(cfg Config) *Lookups {
	l := &Lookups{
		cfg: cfg, poke: make(chan struct{}, 1),
		schedule: schedule.New(cfg.Budget), subjects: make(map[schedule.Hash]*subject),
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.wg.Go(l.loop)
	return l
}

// Set looks the info-hashes of a torrent up from now on.
func (l *Lookups) Set(hashes [][20]byte, t Torrent, downloading bool) {
	l.mu.Lock()
	now := l.cfg.Clock.Now()
	for _, h := range hashes {
		s := l.subjects[h]
		if s == nil || s.torrent != t {
			s = &subject{torrent: t}
			l.subjects[h] = s
		}
		s.downloading = downloading
		// Until somebody has looked whether trackers help: see review.
		l.schedule.Set(h, class(downloading, true), now)
	}
	l.mu.Unlock()
	select {
	case l.poke <- struct{}{}:
	default:
	}
}

// Remove ends looking up a torrent.
func (l *Lookups) Remove(hashes [][20]byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range hashes {
		l.schedule.Remove(h)
		delete(l.subjects, h)
	}
}

// Status returns what came of the last lookups of a torrent, in sum; false if it
// is not looked up.
func (l *Lookups) Status(hashes [][20]byte) (sum Status, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range hashes {
		if s := l.subjects[h]; s != nil {
			ok = true
			sum.Answered += s.last.Answered
			sum.Found += s.last.Found
			if s.last.At.After(sum.At) {
				sum.At = s.last.At
			}
		}
	}
	return sum, ok
}

// Close ends all lookups and waits for them.
func (l *Lookups) Close() {
	l.cancel()
	l.wg.Wait()
}

func class(downloading, helped bool) schedule.Class {
	switch {
	case downloading && !helped:
		return schedule.Lonely
	case downloading:
		return schedule.Active
	case !helped:
		return schedule.Orphan
	}
	return schedule.Idle
}

func (l *Lookups) loop() {
	tick := time.NewTicker(period)
	defer tick.Stop()
	var reviewed time.Time
	fresh := false // torrents came since the last review
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-l.poke:
			fresh = true
			continue // what else comes with it is reviewed together
		case <-tick.C:
		}
		if now := l.cfg.Clock.Now(); fresh || now.Sub(reviewed) >= reviewPeriod {
			fresh, reviewed = false, now
			l.review()
		}
		if l.cfg.Node.Stats().Nodes > 0 { // else nobody could be asked
			l.begin()
		}
	}
}

// review puts each info-hash into the class it belongs to.
func (l *Lookups) review() {
	l.mu.Lock()
	torrents := make(map[Torrent]bool, len(l.subjects))
	for _, s := range l.subjects {
		torrents[s.torrent] = false
	}
	l.mu.Unlock()
	for t := range torrents {
		torrents[t] = t.Helped()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Clock.Now()
	for h, s := range l.subjects {
		if helped, known := torrents[s.torrent]; known {
			l.schedule.Set(h, class(s.downloading, helped), now)
		}
	}
}

// begin starts the lookups that are due.
func (l *Lookups) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		h, ok := l.schedule.Next(l.cfg.Clock.Now())
		if !ok {
			return
		}
		s := l.subjects[h]
		l.wg.Go(func() { l.lookUp(h, s) })
	}
}

// lookUp looks one info-hash up.
func (l *Lookups) lookUp(h schedule.Hash, s *subject) {
	r, err := l.cfg.Node.Announce(l.ctx, h, dht.Announcement{Port: l.cfg.Port()}, s.torrent.Found)
	if err != nil && !errors.Is(err, context.Canceled) {
		l.cfg.Log.Debug("lookup in the DHT", "err", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Clock.Now()
	l.schedule.Done(h, r.Answered > 0, now)
	s.last = Status{At: now, Answered: r.Answered, Found: r.Found}
}

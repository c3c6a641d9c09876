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
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/dht/schedule"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
)

// Node is the node of the DHT.
type Node interface {
	Announce(ctx context.Context, infoHash [20]byte, a dht.Announcement, found func([]netip.AddrPort)) (dht.Result, error)
	Stats() dht.Stats
}

// Torrent is what is asked of a torrent. It is called also after Remove, and, but
// for Names, without locks.
type Torrent interface {
	// Names returns under which names it is looked for now, and may be found; none
	// if it is not. It must not wait: Set calls it with the locks of its caller held.
	Names() []disclosure.Name
	// Found takes addresses of peers; byID says that they were found under a
	// discovery id.
	Found(addrs []netip.AddrPort, byID bool)
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
	torrents map[Torrent]*entry
	subjects map[schedule.Hash]*subject
}

// entry is a torrent that is looked up.
type entry struct {
	downloading bool
	names       []disclosure.Name
}

// subject is a name of a torrent. A hybrid has two.
type subject struct {
	torrent Torrent
	name    disclosure.Name
	last    Status
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
		schedule: schedule.New(cfg.Budget), torrents: make(map[Torrent]*entry), subjects: make(map[schedule.Hash]*subject),
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.wg.Go(l.loop)
	return l
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

// review puts each torrent into the class it belongs to, and gives it the names that
// it has by now.
func (l *Lookups) review() {
	type news struct {
		names  []disclosure.Name
		helped bool
	}
	l.mu.Lock()
	torrents := make(map[Torrent]news, len(l.torrents))
	for t := range l.torrents {
		torrents[t] = news{}
	}
	l.mu.Unlock()
	for t := range torrents {
		torrents[t] = news{t.Names(), t.Helped()}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for t, e := range l.torrents {
		if now, known := torrents[t]; known {
			l.rename(t, e, now.names, now.helped)
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

// lookUp looks one name up, if the torrent still has it: what may be told of it can
// have changed since it was scheduled, or while names were gathered for a review.
func (l *Lookups) lookUp(h schedule.Hash, s *subject) {
	if !slices.Contains(s.torrent.Names(), s.name) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.schedule.Done(h, false, l.cfg.Clock.Now())
		return
	}
	port := l.cfg.Port()
	if s.name.Lookup {
		port = 0
	}
	found := func(addrs []netip.AddrPort) { s.torrent.Found(addrs, s.name.ID) }
	r, err := l.cfg.Node.Announce(l.ctx, h, dht.Announcement{Port: port}, found)
	if err != nil && !errors.Is(err, context.Canceled) {
		l.cfg.Log.Debug("lookup in the DHT", "err", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Clock.Now()
	l.schedule.Done(h, r.Answered > 0, now)
	s.last = Status{At: now, Answered: r.Answered, Found: r.Found}
}

// Package schedule decides which torrent announces itself to which tracker, and
// when. It does no I/O: the time and chance are arguments.
//
// A torrent has tiers of trackers (BEP 12): those of the first tier are asked
// first, in an order that chance decides, and the one that answers goes to the
// front. The next tier is asked when nobody in those before answers. Trackers
// say how long to wait (bounded here); those that fail are asked less and less.
//
// Ten thousand torrents must not make a storm. So a session has a budget of
// announces a second and at once, in all and for each host, and what is due waits
// for it: torrents that download first, then what is told once (completed,
// stopped), then torrents that no tracker knows yet, then the others. A host that
// fails several times in a row is left alone for a while, whichever torrent asks,
// and then tried with one announce.
//
//	for job, ok := s.Next(now); ok; job, ok = s.Next(now) {
//		// announce; then s.Done(job, outcome, now)
//	}
//	wake, ok := s.Wake(now) // until then, or a call of another method, there is no other
package schedule

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"time"
	"unique"

	"github.com/warren-p2p/warren/tracker/message"
)

// Bounds on what trackers and torrents say.
const (
	maxTrackers     = 64 // of a torrent; further ones are left out
	minInterval     = time.Minute
	maxInterval     = 2 * time.Hour
	defaultInterval = 30 * time.Minute
	maxRetry        = 24 * time.Hour
)

// Config is the budget. Zero numbers mean the defaults.
type Config struct {
	Rate       float64 // announces a second; 40
	AtOnce     int     // 32
	HostRate   float64 // of these to one host; 20
	HostAtOnce int     // 8
	Rand       *rand.Rand
}

// ID names a torrent.
type ID uint32

// State is what a torrent wants of its trackers.
type State uint8

// The states.
const (
	Off         State = iota // nothing; those that know it are told
	Seeding                  // to be found
	Downloading              // to find peers
)

// Tracker is a tracker of a torrent.
type Tracker struct {
	URL   string
	Typed bool // the user has named it
}

// Job is an announce to make.
type Job struct {
	ID      ID
	Tracker Tracker
	Event   message.Event
	State   State // of the torrent

}

// Outcome is what came of a Job.
type Outcome struct {
	Err error // nil if the tracker has answered
	// Down says that Err is about the tracker and not about the torrent.
	Down bool
	Cut  bool // the announce was ended before its time: nothing is known
	// Never and RetryIn say when to ask again, where the tracker tells (BEP 31).
	Never   bool
	RetryIn time.Duration

	Interval, MinInterval time.Duration // 0 if not told
	Seeders, Leechers     int           // -1 if not told
	Peers                 int           // addresses it gave
}

// Schedule is the announces of a session. One goroutine has it.
type Schedule struct {
	cfg      Config
	base     time.Time
	last     ID
	entries  map[ID]*entry
	hosts    map[string]*host
	busy     []*host // those with something ready
	waiting  queue
	flying   int
	budget   bucket
	draining bool
}

// New returns a schedule without torrents.
func New(cfg Config, now time.Time) *Schedule {
	setDefault(&cfg.Rate, 40)
	setDefault(&cfg.AtOnce, 32)
	setDefault(&cfg.HostRate, 20)
	setDefault(&cfg.HostAtOnce, 8)
	return &Schedule{
		cfg: cfg, base: now, entries: map[ID]*entry{}, hosts: map[string]*host{},
		budget: newBucket(cfg.Rate),
	}
}

func setDefault[T int | float64](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// Add adds a torrent with its tiers of trackers, in state Off. Each announce of
// it counts as cost: a hybrid has two hashes.
func (s *Schedule) Add(tiers [][]Tracker, cost int) ID {
	s.last++
	e := &entry{id: s.last, cost: uint8(min(max(cost, 1), 255))}
	s.fill(e, tiers)
	s.entries[e.id] = e
	return e.id
}

// fill gives an entry its trackers.
func (s *Schedule) fill(e *entry, tiers [][]Tracker) {
	for n, tier := range tiers {
		tier = slices.Clone(tier)
		s.cfg.Rand.Shuffle(len(tier), func(i, j int) { tier[i], tier[j] = tier[j], tier[i] })
		for _, t := range tier {
			if len(e.slots) < maxTrackers && e.find(t.URL) < 0 {
				e.slots = append(e.slots, slot{
					url: unique.Make(t.URL), typed: t.Typed, tier: uint8(min(n, 255)),
					host: s.host(t.URL), seeders: -1, leechers: -1,
				})
			}
		}
	}
	e.slots = slices.Clip(e.slots)
}

// host returns the host of a URL, which has one more user.
func (s *Schedule) host(text string) *host {
	name := text
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		name = u.Host
	}
	h := s.hosts[name]
	if h == nil {
		h = &host{name: name, budget: newBucket(s.cfg.HostRate)}
		s.hosts[name] = h
	}
	h.users++
	return h
}

// Set changes what a torrent wants of its trackers.
func (s *Schedule) Set(id ID, state State, now time.Time) {
	e := s.entries[id]
	if e == nil || e.removed || s.draining || e.state == state {
		return
	}
	at := s.at(now)
	switch {
	case e.state == Off:
		e.due = at
	case state == Downloading:
		e.due = min(e.due, max(at, e.answered+e.gap))
	}
	e.state = state
	s.replan(e, at)
}

// Completed says that the last byte of a torrent has come: trackers that know it
// are told.
func (s *Schedule) Completed(id ID, now time.Time) {
	e := s.entries[id]
	if e == nil {
		return
	}
	for i := range e.slots {
		t := &e.slots[i]
		t.news = t.told || e.place == flying && i == int(e.current)
	}
	s.replan(e, s.at(now))
}

// Want asks for peers as soon as trackers allow it.
func (s *Schedule) Want(id ID, now time.Time) {
	if e := s.entries[id]; e != nil && e.state != Off {
		e.due = min(e.due, max(s.at(now), e.answered+e.gap))
		s.replan(e, s.at(now))
	}
}

// Remove forgets a torrent once the trackers that know it were told.
func (s *Schedule) Remove(id ID, now time.Time) {
	if e := s.entries[id]; e != nil {
		e.removed, e.state = true, Off
		s.replan(e, s.at(now))
	}
}

// Has reports whether a torrent is there still: one that was removed is until the
// trackers that know it were told.
func (s *Schedule) Has(id ID) bool { return s.entries[id] != nil }

// Drain stops all torrents: from now on there is nothing but telling so, as fast
// as it goes.
func (s *Schedule) Drain(now time.Time) {
	s.draining = true
	for id := range s.entries {
		s.Remove(id, now)
	}
}

// Idle reports whether there is nothing to do and nothing under way.
func (s *Schedule) Idle() bool { return s.flying == 0 && len(s.busy) == 0 && len(s.waiting) == 0 }

func (s *Schedule) at(now time.Time) time.Duration { return now.Sub(s.base) }

// Package schedule decides which info-hash is looked up in the DHT next, so that
// ten thousand torrents are no storm: so many lookups at once, so many a minute,
// each info-hash at most every quarter of an hour, and those first that need it
// most.
//
// It does nothing but decide: time and chance are arguments, and the same ones
// give the same decisions. A [Scheduler] belongs to one goroutine. An info-hash
// takes about 100 bytes.
package schedule

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// Hash is an info-hash.
type Hash [20]byte

// Class says how much a torrent needs peers from the DHT.
type Class uint8

// The classes, the most urgent first.
const (
	Lonely Class = iota // it downloads, and no tracker helps
	Active              // it downloads
	Orphan              // it seeds, and no tracker tells others of it
	Idle                // it seeds
	classes
)

// Config says how much is done. Zero numbers mean the defaults.
type Config struct {
	AtOnce    int           // lookups under way; 4
	PerMinute int           // lookups begun; 60
	Interval  time.Duration // between two lookups of an info-hash; 15 minutes, and no less
	Rand      *rand.Rand    // for jitter; required
}

const (
	minInterval = 15 * time.Minute
	firstRetry  = 15 * time.Second // after nobody answered; doubles up to the interval
	fairness    = 8                // of so many lookups one is for whoever waits longest
)

// Scheduler plans lookups.
type Scheduler struct {
	cfg     Config
	entries map[Hash]*entry
	queues  [classes]queue
	running int
	begun   int     // in all
	budget  float64 // lookups that may begin now
	filled  time.Time
}

type entry struct {
	hash    Hash
	due     time.Time
	at      int32 // in its queue; -1 while it is looked up
	class   Class
	silent  uint8 // lookups in a row that nobody answered
	removed bool
}

// New returns a scheduler without anything to look up.
func New(cfg Config) *Scheduler {
	if cfg.AtOnce <= 0 {
		cfg.AtOnce = 4
	}
	if cfg.PerMinute <= 0 {
		cfg.PerMinute = 60
	}
	cfg.Interval = max(cfg.Interval, minInterval)
	return &Scheduler{cfg: cfg, entries: make(map[Hash]*entry), budget: float64(cfg.AtOnce)}
}

// Set adds an info-hash, which is due at once, or changes its class. One that has
// become more urgent is not due earlier for it.
func (s *Scheduler) Set(h Hash, c Class, now time.Time) {
	e, ok := s.entries[h]
	switch {
	case !ok:
		e = &entry{hash: h, due: now, class: c}
		s.entries[h] = e
		heap.Push(&s.queues[c], e)
	case e.at < 0: // Done puts it where it belongs
		e.class, e.removed = c, false
	case e.class != c:
		heap.Remove(&s.queues[e.class], int(e.at))
		e.class = c
		heap.Push(&s.queues[c], e)
	}
}

// Remove forgets an info-hash. If it comes back while it is looked up, that
// lookup still counts.
func (s *Scheduler) Remove(h Hash) {
	e, ok := s.entries[h]
	switch {
	case !ok:
	case e.at < 0:
		e.removed = true
	default:
		heap.Remove(&s.queues[e.class], int(e.at))
		delete(s.entries, h)
	}
}

// Len returns how many info-hashes there are.
func (s *Scheduler) Len() int { return len(s.entries) }

// Running returns how many lookups are under way.
func (s *Scheduler) Running() int { return s.running }

// Next returns an info-hash to look up now, if there is one and it is in the
// budget. Done must follow.
func (s *Scheduler) Next(now time.Time) (Hash, bool) {
	s.refill(now)
	if s.running >= s.cfg.AtOnce || s.budget < 1 {
		return Hash{}, false
	}
	e := s.choose(now)
	if e == nil {
		return Hash{}, false
	}
	heap.Remove(&s.queues[e.class], int(e.at))
	e.at = -1
	s.running++
	s.begun++
	s.budget--
	return e.hash, true
}

// choose returns the most urgent entry that is due; now and then the one that has
// waited longest, so that nobody waits forever.
func (s *Scheduler) choose(now time.Time) *entry {
	var best *entry
	fair := s.begun%fairness == fairness-1
	for _, q := range s.queues {
		if len(q) == 0 || q[0].due.After(now) {
			continue
		}
		if best == nil || fair && q[0].due.Before(best.due) {
			best = q[0]
		}
	}
	return best
}

func (s *Scheduler) refill(now time.Time) {
	if past := now.Sub(s.filled); !s.filled.IsZero() && past > 0 {
		s.budget = min(s.budget+past.Minutes()*float64(s.cfg.PerMinute), float64(s.cfg.AtOnce))
	}
	if now.After(s.filled) {
		s.filled = now
	}
}

// Done ends a lookup. If no node answered it is repeated soon, else after the
// interval and up to a third more, by chance.
func (s *Scheduler) Done(h Hash, answered bool, now time.Time) {
	e, ok := s.entries[h]
	if !ok || e.at >= 0 {
		return
	}
	s.running--
	if e.removed {
		delete(s.entries, h)
		return
	}
	wait := s.cfg.Interval
	if answered {
		e.silent = 0
	} else {
		wait = min(firstRetry<<min(e.silent, 16), s.cfg.Interval)
		e.silent = min(e.silent+1, 16)
	}
	e.due = now.Add(wait + time.Duration(s.cfg.Rand.Int64N(int64(wait/3))))
	heap.Push(&s.queues[e.class], e)
}

// queue is a heap of entries, the one that is due first at its head.
type queue []*entry

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = int32(i), int32(j)
}

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	e := x.(*entry) // only entries are pushed
	e.at = int32(len(*q))
	*q = append(*q, e)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return e
}

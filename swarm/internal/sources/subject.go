package sources

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
)

// Options say what peers of a torrent are asked for by.
type Options struct {
	Name string // for the log
	// Torrent says what may be told of it; Private as far as is known.
	Torrent disclosure.Torrent
	// Typed are trackers that the user has named, asked before Tiers, those that
	// the torrent came with. They may be on this machine or in its network; the
	// others may not.
	Typed []string
	Tiers [][]string // neither counts where Torrent has a sole tracker
}

// Subject is a torrent that peers are found for. Its methods may be called with
// the lock of the running torrent held.
type Subject struct {
	sources  *Sources
	torrent  Torrent
	name     string
	trackers atomic.Pointer[announcer.Subject] // nil without trackers

	mu    sync.Mutex // taken last
	shown disclosure.Torrent
	urls  []string // of trackers
	state activity.State
}

// Add adds a torrent, for which nothing is done before Turned.
func (s *Sources) Add(t Torrent, opts Options) *Subject {
	sub := &Subject{sources: s, torrent: t, name: opts.Name, shown: opts.Torrent}
	s.near.forget()
	if opts.Torrent.Sole != nil {
		opts.Typed, opts.Tiers = []string{opts.Torrent.Sole.URL}, nil
	}
	if all := tiersOf(opts.Typed, opts.Tiers); s.trackers != nil && len(all) > 0 {
		sub.announce(all)
	}
	return sub
}

// announce has the torrent announced to trackers.
func (s *Subject) announce(tiers [][]announcer.Tracker) {
	s.urls = urlsOf(tiers)
	cost := len(s.sources.names.Names(disclosure.Torrent{ID: s.shown.ID}, disclosure.HTTPS, s.sources.cfg.Clock.Now()))
	s.trackers.Store(s.sources.trackers.Add((*announced)(s), s.name, cost, tiers))
}

// SetTrackers replaces the trackers: typed and tiers are as in [Options]. Those that
// go are told. A sole tracker stays the only one.
func (s *Subject) SetTrackers(typed []string, tiers [][]string) {
	if s.sources.trackers == nil || s.sole() {
		return
	}
	all := tiersOf(typed, tiers)
	s.mu.Lock()
	known, state := s.trackers.Load(), s.state
	if known == nil && len(all) > 0 {
		s.announce(all)
	}
	s.urls = urlsOf(all)
	s.mu.Unlock()
	if known != nil {
		known.SetTrackers(all)
		return
	}
	s.tell(activity.Starting, state)
}

// Again announces the torrent as soon as trackers allow it, and looks it up.
func (s *Subject) Again() {
	if t := s.trackers.Load(); t != nil {
		t.Again()
	}
	if s.sources.dht != nil {
		s.sources.dht.Renew((*sought)(s))
	}
}

func urlsOf(tiers [][]announcer.Tracker) (list []string) {
	for _, tier := range tiers {
		for _, t := range tier {
			list = append(list, t.URL)
		}
	}
	return list
}

// SetPrivate says whether peers may come from trackers alone (BEP 27). It comes
// before the state that peers are looked for in.
func (s *Subject) SetPrivate(on bool) { s.show(func(t *disclosure.Torrent) { t.Private = on }) }

// SetPolicy says what the torrent demands of connections. Where it is known by its
// info-hash and must not be any more, that is no longer told; trackers and nodes
// forget it in time.
func (s *Subject) SetPolicy(p btls.Policy) {
	s.show(func(t *disclosure.Torrent) { t.Policy = p })
	if s.sources.dht != nil {
		s.sources.dht.Renew((*sought)(s))
	}
}

func (s *Subject) show(change func(*disclosure.Torrent)) {
	s.mu.Lock()
	change(&s.shown)
	s.mu.Unlock()
	s.sources.near.forget()
}

// names returns under which names the torrent is told of at a place now.
func (s *Subject) names(p disclosure.Place) []disclosure.Name {
	s.mu.Lock()
	t := s.shown
	s.mu.Unlock()
	return s.sources.names.Names(t, p, s.sources.cfg.Clock.Now())
}

// sole reports whether one tracker alone is told of the torrent.
func (s *Subject) sole() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.Sole != nil
}

// private reports whether peers come from trackers alone.
func (s *Subject) private() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.Private
}

// Unprotected returns which ways to find peers are not used, or not by the
// info-hash, because they cannot be protected.
func (s *Subject) Unprotected() []disclosure.Unprotected {
	s.mu.Lock()
	t, urls := s.shown, s.urls
	s.mu.Unlock()
	return t.Unprotected(urls, s.sources.places()...)
}

// Turned does what a change of state asks for.
func (s *Subject) Turned(from, to activity.State) {
	s.lookUp(to)
	s.mu.Lock()
	s.state = to
	s.mu.Unlock()
	s.tell(from, to)
}

// tell makes trackers know of a change of state.
func (s *Subject) tell(from, to activity.State) {
	trackers := s.trackers.Load()
	if trackers == nil {
		return
	}
	switch to {
	case activity.Downloading, activity.Metadata:
		trackers.Set(announcer.Downloading)
	case activity.Seeding:
		trackers.Set(announcer.Seeding)
		if from == activity.Downloading {
			trackers.Completed()
		}
	case activity.Paused, activity.Failed:
		trackers.Set(announcer.Off)
	}
}

// lookUp looks the torrent up in the DHT as its state asks for.
func (s *Subject) lookUp(state activity.State) {
	if s.sources.dht == nil {
		return
	}
	switch {
	case s.private(), state == activity.Paused, state == activity.Failed:
		s.sources.dht.Remove((*sought)(s))
	case state == activity.Downloading, state == activity.Metadata, state == activity.Seeding:
		s.sources.dht.Set((*sought)(s), state != activity.Seeding)
	}
}

// Remove ends looking for peers. Trackers that know the torrent are told. What
// was done with the torrent meanwhile may have begun it anew; then it is removed
// once more.
func (s *Subject) Remove() {
	s.sources.near.forget()
	if s.sources.dht != nil {
		s.sources.dht.Remove((*sought)(s))
	}
	if t := s.trackers.Load(); t != nil {
		t.Remove()
	}
}

// Announces returns what is known of the trackers, in the order in which they are
// asked, and when the next announce is due; zero if none is.
func (s *Subject) Announces() ([]announcer.Status, time.Time) {
	if t := s.trackers.Load(); t != nil {
		return t.Trackers()
	}
	return nil, time.Time{}
}

// Lookup returns what came of looking the torrent up in the DHT last; false if
// that is not done: it is private, it rests, or there is no node.
func (s *Subject) Lookup() (Lookup, bool) {
	if s.sources.dht == nil {
		return Lookup{}, false
	}
	last, ok := s.sources.dht.Status((*sought)(s))
	return Lookup{last, s.sources.dht.node.Stats().Nodes}, ok
}

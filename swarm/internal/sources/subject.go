package sources

import (
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/lookups"
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
	Tiers [][]string
}

// Subject is a torrent that peers are found for. Its methods may be called with
// the lock of the running torrent held.
type Subject struct {
	sources  *Sources
	torrent  Torrent
	trackers *announcer.Subject // nil without trackers
	urls     []string           // of them

	mu    sync.Mutex // taken last
	shown disclosure.Torrent
}

// Add adds a torrent, for which nothing is done before Turned.
func (s *Sources) Add(t Torrent, opts Options) *Subject {
	sub := &Subject{sources: s, torrent: t, shown: opts.Torrent}
	s.near.forget()
	if s.trackers == nil {
		return sub
	}
	if all := tiersOf(opts.Typed, opts.Tiers); len(all) > 0 {
		for _, tier := range all {
			for _, tracker := range tier {
				sub.urls = append(sub.urls, tracker.URL)
			}
		}
		cost := len(s.names.Names(disclosure.Torrent{ID: opts.Torrent.ID}, disclosure.HTTPS, s.cfg.Clock.Now()))
		sub.trackers = s.trackers.Add((*announced)(sub), opts.Name, cost, all)
	}
	return sub
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
	t := s.shown
	s.mu.Unlock()
	return t.Unprotected(s.urls, s.sources.places()...)
}

// Turned does what a change of state asks for.
func (s *Subject) Turned(from, to activity.State) {
	s.lookUp(to)
	if s.trackers == nil {
		return
	}
	switch to {
	case activity.Downloading, activity.Metadata:
		s.trackers.Set(announcer.Downloading)
	case activity.Seeding:
		s.trackers.Set(announcer.Seeding)
		if from == activity.Downloading {
			s.trackers.Completed()
		}
	case activity.Paused, activity.Failed:
		s.trackers.Set(announcer.Off)
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
	if s.trackers != nil {
		s.trackers.Remove()
	}
}

// Announces returns what is known of the trackers, in the order in which they are
// asked, and when the next announce is due; zero if none is.
func (s *Subject) Announces() ([]announcer.Status, time.Time) {
	if s.trackers == nil {
		return nil, time.Time{}
	}
	return s.trackers.Trackers()
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

// announced makes Subject an announcer.Torrent.
type announced Subject

var _ announcer.Torrent = (*announced)(nil)

// Progress implements announcer.Torrent.
func (a *announced) Progress() (downloaded, uploaded, left int64) { return a.torrent.Progress() }

// Terms implements announcer.Torrent. The key goes to trackers over TLS alone: read
// along by others it would tell who we are wherever we come from.
func (a *announced) Terms(url string) announcer.Terms {
	s := (*Subject)(a)
	place := disclosure.Tracker(url)
	s.mu.Lock()
	policy, ssl := s.shown.Policy, s.shown.ID.Access.SSL
	s.mu.Unlock()
	terms := announcer.Terms{Names: s.names(place)}
	if ssl != nil { // its peers are spoken to in another way, of which trackers know nothing
		terms.Web = ssl.Website()
		return terms
	}
	terms.TLS.Require = policy == btls.Require
	if c := s.sources.cfg; c.Addr != nil && policy != btls.Off {
		terms.TLS.Support = true
		if place == disclosure.HTTPS {
			terms.TLS.Pin = c.Pin
		}
	}
	return terms
}

// Found implements announcer.Torrent.
func (a *announced) Found(hints []hint.Hint, byID bool) {
	from := conns.Tracker
	if byID {
		from = conns.Discovery
	}
	a.torrent.Offer(from, hints)
}

// sought makes Subject a lookups.Torrent.
type sought Subject

var _ lookups.Torrent = (*sought)(nil)

// Names implements lookups.Torrent.
func (s *sought) Names() []disclosure.Name { return (*Subject)(s).names(disclosure.DHT) }

// Found implements lookups.Torrent.
func (s *sought) Found(addrs []netip.AddrPort, byID bool) {
	from := conns.DHT
	if byID {
		from = conns.Discovery
	}
	if !(*Subject)(s).private() {
		s.torrent.Offer(from, hint.Plain(addrs))
	}
}

// Helped implements lookups.Torrent.
func (s *sought) Helped() bool {
	list, _ := (*Subject)(s).Announces()
	for _, tracker := range list {
		if tracker.Err == nil { // also one that is not asked yet
			return true
		}
	}
	return false
}

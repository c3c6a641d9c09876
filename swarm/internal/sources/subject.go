package sources

import (
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/lookups"
)

// Options say what peers of a torrent are asked for by.
type Options struct {
	Name    string     // for the log
	Names   [][20]byte // info-hashes on the wire; a hybrid has two
	Private bool       // BEP 27, as far as is known
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
	names    [][20]byte
	private  atomic.Bool
	trackers *announcer.Subject // nil without trackers
}

// Add adds a torrent, for which nothing is done before Turned.
func (s *Sources) Add(t Torrent, opts Options) *Subject {
	sub := &Subject{sources: s, torrent: t, names: opts.Names}
	sub.private.Store(opts.Private)
	if s.trackers == nil {
		return sub
	}
	if all := tiersOf(opts.Typed, opts.Tiers); len(all) > 0 {
		sub.trackers = s.trackers.Add((*announced)(sub), opts.Name, opts.Names, all)
	}
	return sub
}

// SetPrivate says whether peers may come from trackers alone (BEP 27). It comes
// before the state that peers are looked for in.
func (s *Subject) SetPrivate(on bool) { s.private.Store(on) }

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
	case s.private.Load(), state == activity.Paused, state == activity.Failed:
		s.sources.dht.Remove(s.names)
	case state == activity.Downloading, state == activity.Metadata, state == activity.Seeding:
		s.sources.dht.Set(s.names, (*sought)(s), state != activity.Seeding)
	}
}

// Remove ends looking for peers. Trackers that know the torrent are told. What
// was done with the torrent meanwhile may have begun it anew; then it is removed
// once more.
func (s *Subject) Remove() {
	if s.sources.dht != nil {
		s.sources.dht.Remove(s.names)
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
	last, ok := s.sources.dht.Status(s.names)
	return Lookup{last, s.sources.dht.node.Stats().Nodes}, ok
}

// announced makes Subject an announcer.Torrent.
type announced Subject

var _ announcer.Torrent = (*announced)(nil)

// Progress implements announcer.Torrent.
func (a *announced) Progress() (downloaded, uploaded, left int64) { return a.torrent.Progress() }

// Found implements announcer.Torrent.
func (a *announced) Found(addrs []netip.AddrPort) { a.torrent.Offer(conns.Tracker, addrs) }

// sought makes Subject a lookups.Torrent.
type sought Subject

var _ lookups.Torrent = (*sought)(nil)

// Found implements lookups.Torrent.
func (s *sought) Found(addrs []netip.AddrPort) {
	if !s.private.Load() {
		s.torrent.Offer(conns.DHT, addrs)
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

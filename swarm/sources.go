package swarm

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/sources"
)

// DHT says how a session takes part in the mainline DHT (BEP 5).
type DHT = sources.DHT

// DHTStatus is the state of our node in the DHT.
type DHTStatus = dht.Stats

// Lookup is what came of looking a torrent up in the DHT.
type Lookup = sources.Lookup

// TrackerStatus is what is known of a tracker of a torrent. Its URL may have a
// key in it that is the user's own.
type TrackerStatus = announcer.Status

// findPeers starts what peers of all torrents are found by. A session goes on
// without: peers may be named, or come.
func (s *Session) findPeers(ctx context.Context, id [20]byte) {
	s.sources = sources.Start(ctx, sources.Config{
		Policy: s.cfg.Policy, Clock: s.cfg.Clock, Log: s.cfg.Log, Home: s.cfg.Home, Block: s.cfg.Blocked,
		PeerID: id, Client: s.cfg.Client, Addr: s.Addr(), Packets: s.door.Packets,
		NoTrackers: s.cfg.NoTrackers, DHT: s.cfg.DHT, NoLSD: s.cfg.NoLSD,
		Subjects: s.subjects, Find: s.subject,
	})
}

func (s *Session) subjects() (list []*sources.Subject) {
	for _, t := range s.Torrents() {
		list = append(list, t.subject)
	}
	return list
}

func (s *Session) subject(name [20]byte) *sources.Subject {
	if e, ok := s.door.Find(name).(entrance); ok {
		return e.subject
	}
	return nil
}

// DHT returns the state of our node in the DHT; false without one.
func (s *Session) DHT() (DHTStatus, bool) { return s.sources.DHT() }

// seek looks for peers of the torrent from now on as its state asks for.
func (t *Torrent) seek(opts Options) {
	t.subject = t.s.sources.Add(t.life, sources.Options{
		Name: t.name, Names: greeting.Names(t.id), Private: opts.Metainfo != nil && opts.Metainfo.Info.Private,
		Typed: opts.Trackers, Tiers: tiersOf(opts),
	})
}

func tiersOf(opts Options) [][]string {
	if opts.Metainfo != nil {
		return opts.Metainfo.Trackers()
	}
	return tiers(opts.Magnet)
}

// turned tells those who look for peers what a change of state means for them. It
// is called with the lock of the running torrent held, if there is one.
func (t *Torrent) turned(from, to State) { t.subject.Turned(from, to) }

// Announces returns what is known of the trackers of the torrent, in the order in
// which they are asked, and when the next announce is due; zero if none is.
func (t *Torrent) Announces() ([]TrackerStatus, time.Time) { return t.subject.Announces() }

// Lookup returns what came of looking the torrent up in the DHT last; false if
// that is not done: it is private, it rests, or there is no node.
func (t *Torrent) Lookup() (Lookup, bool) { return t.subject.Lookup() }

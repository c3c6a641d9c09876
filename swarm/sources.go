package swarm

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/sources"
)

// DHT says how a session takes part in the mainline DHT (BEP 5).
type DHT = sources.DHT

// DHTStatus is the state of our node in the DHT.
type DHTStatus = dht.Stats

// Lookup is what came of looking a torrent up in the DHT.
type Lookup = sources.Lookup

// SoleTracker is the tracker that alone is told of a torrent.
type SoleTracker = disclosure.Sole

// TrackerStatus is what is known of a tracker of a torrent. Its URL may have a
// key in it that is the user's own.
type TrackerStatus = announcer.Status

// ErrWithheld is the outcome with a tracker that must not know a torrent that
// demands TLS.
var ErrWithheld = announcer.ErrWithheld

// findPeers starts what peers of all torrents are found by. A session goes on
// without: peers may be named, or come.
func (s *Session) findPeers(ctx context.Context, id [20]byte) {
	s.sources = sources.Start(ctx, sources.Config{
		Policies: s.cfg.Policies, Clock: s.cfg.Clock, Log: s.cfg.Log, Home: s.cfg.Home, Block: s.cfg.Blocked,
		PeerID: id, Client: s.cfg.Client, Addr: s.Addr(), Pin: s.entrance().H, Packets: s.door.Packets,
		Port: s.reach.Port, Seen: s.reach.Seen,
		NoTrackers: s.cfg.NoTrackers, OwnTracker: s.cfg.OwnTracker, DHT: s.cfg.DHT, NoLSD: s.cfg.NoLSD,
		Subjects: s.subjects,
	})
}

func (s *Session) subjects() (list []*sources.Subject) {
	for _, t := range s.Torrents() {
		list = append(list, t.subject)
	}
	return list
}

// DHT returns the state of our node in the DHT; false without one.
func (s *Session) DHT() (DHTStatus, bool) { return s.sources.DHT() }

// Announces returns what is known of the trackers of the torrent, in the order in
// which they are asked, and when the next announce is due; zero if none is.
func (t *Torrent) Announces() ([]TrackerStatus, time.Time) { return t.subject.Announces() }

// SetTrackers replaces the trackers of the torrent, in tiers (BEP 12). Typed are asked
// before them, and may be on this machine or in its network. Those that are none any
// more are told that the torrent has left.
func (t *Torrent) SetTrackers(typed []string, tiers [][]string) { t.subject.SetTrackers(typed, tiers) }

// Reannounce asks trackers and the DHT for peers as soon as they allow it.
func (t *Torrent) Reannounce() { t.subject.Again() }

// Lookup returns what came of looking the torrent up in the DHT last; false if
// that is not done: it is private, it rests, or there is no node.
func (t *Torrent) Lookup() (Lookup, bool) { return t.subject.Lookup() }

// watcher makes Torrent a dossier.Watcher.
type watcher Torrent

var _ dossier.Watcher = (*watcher)(nil)

// Turned implements dossier.Watcher.
func (w *watcher) Turned(from, to State) {
	w.subject.Turned(from, to)
	w.s.turns.Poke()
}

// SetPrivate implements dossier.Watcher.
func (w *watcher) SetPrivate(on bool) { w.subject.SetPrivate(on) }

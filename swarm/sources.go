package swarm

import (
	"context"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/sources"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
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
	if e, ok := s.door.Find(name).(*entrance); ok {
		return e.subject
	}
	return nil
}

// DHT returns the state of our node in the DHT; false without one.
func (s *Session) DHT() (DHTStatus, bool) { return s.sources.DHT() }

// seek looks for peers of the torrent from now on as its state asks for.
func (t *Torrent) seek(opts Options, asleep bool) {
	t.subject = t.s.sources.Add((*sought)(t), sources.Options{
		Name: t.name, Names: greeting.Names(t.id), Private: opts.Metainfo != nil && opts.Metainfo.Info.Private,
		Typed: opts.Trackers, Tiers: tiersOf(opts),
	})
	if asleep {
		t.turned(StateStarting, t.asleep.State)
	}
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

// sought makes Torrent a sources.Torrent.
type sought Torrent

var _ sources.Torrent = (*sought)(nil)

// unknownLeft is what is said to be missing while it is not known how much is:
// not nothing, or a tracker would name no seeds.
const unknownLeft = 16 << 10

// Progress implements sources.Torrent.
func (t *sought) Progress() (downloaded, uploaded, left int64) {
	s := (*Torrent)(t).Status()
	if s.State == StateMetadata {
		return s.Received, s.Sent, unknownLeft
	}
	return s.Received, s.Sent, s.Total - s.Done
}

// State implements sources.Torrent.
func (t *sought) State() (state State, awake bool) {
	awake = t.slot.Peek(func(run *torrent.Torrent) { state, _, _ = run.State() })
	return state, awake
}

// Offer implements sources.Torrent.
func (t *sought) Offer(from conns.Source, addrs []netip.AddrPort) { (*Torrent)(t).offer(from, addrs) }

// Meet implements sources.Torrent. Somebody near wants something: that wakes a
// torrent that sleeps.
func (t *sought) Meet(at netip.AddrPort) {
	_ = (*Torrent)(t).use(func(run *torrent.Torrent) { run.Peers.Add(conns.LSD, at) }) // the status tells
}

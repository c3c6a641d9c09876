package swarm

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/schedule"
)

// TrackerStatus is what is known of a tracker of a torrent. Its URL may have a
// key in it that is the user's own.
type TrackerStatus = announcer.Status

// announces is how a session talks to trackers.
type announces struct {
	client *tracker.Client
	*announcer.Announcer
}

// announce starts to talk to trackers, unless told not to.
func (s *Session) announce(id [20]byte) {
	if s.cfg.NoTrackers {
		return
	}
	var key [4]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand
	client := tracker.New(tracker.Config{Policy: s.cfg.Policy, Clock: s.cfg.Clock, UserAgent: s.cfg.Client})
	s.trackers = &announces{client, announcer.New(announcer.Config{
		Client: client, Clock: s.cfg.Clock, Log: s.cfg.Log, PeerID: id,
		Port:   max(s.Port(), 1), // trackers refuse 0; at 1 nobody is reached, as nobody can be
		Key:    binary.BigEndian.Uint32(key[:]),
		Budget: schedule.Config{Rand: mathrand.New(mathrand.NewPCG(mathrand.Uint64(), mathrand.Uint64()))},
	})}
}

// silence tells trackers that all torrents have stopped, and closes the sockets.
func (s *Session) silence() error {
	if s.trackers == nil {
		return nil
	}
	s.trackers.Announcer.Close()
	return s.trackers.client.Close()
}

// announce announces a torrent from now on as its state asks for: to trackers
// that the user has named, each a tier, and then to those it came with.
func (t *Torrent) announce(opts Options, asleep bool) {
	if t.s.trackers == nil {
		return
	}
	var all [][]announcer.Tracker
	for _, url := range opts.Trackers {
		all = append(all, []announcer.Tracker{{URL: url, Typed: true}})
	}
	for _, tier := range tiersOf(opts) {
		var list []announcer.Tracker
		for _, url := range tier {
			list = append(list, announcer.Tracker{URL: url})
		}
		all = append(all, list)
	}
	if len(all) > 0 {
		t.subject = t.s.trackers.Add((*announced)(t), t.name, greeting.Names(t.id), all)
	}
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

// hush ends announcing the torrent.
func (t *Torrent) hush() {
	t.lookUpNoMore()
	if t.subject != nil {
		t.subject.Remove()
	}
}

// turned tells trackers and the DHT what a change of state means for them. It is called with
// the lock of the running torrent held, if there is one.
func (t *Torrent) turned(from, to State) {
	t.lookUp(to)
	if t.subject == nil {
		return
	}
	switch to {
	case StateDownloading, StateMetadata:
		t.subject.Set(announcer.Downloading)
	case StateSeeding:
		t.subject.Set(announcer.Seeding)
		if from == StateDownloading {
			t.subject.Completed()
		}
	case StatePaused, StateFailed:
		t.subject.Set(announcer.Off)
	}
}

// Announces returns what is known of the trackers of the torrent, in the order in
// which they are asked, and when the next announce is due; zero if none is.
func (t *Torrent) Announces() ([]TrackerStatus, time.Time) {
	if t.subject == nil {
		return nil, time.Time{}
	}
	return t.subject.Trackers()
}

// announced makes Torrent an announcer.Torrent.
type announced Torrent

var _ announcer.Torrent = (*announced)(nil)

// unknownLeft is what is said to be missing while it is not known how much is:
// not nothing, or a tracker would name no seeds.
const unknownLeft = 16 << 10

// Progress implements announcer.Torrent.
func (a *announced) Progress() (downloaded, uploaded, left int64) {
	s := (*Torrent)(a).Status()
	if s.State == StateMetadata {
		return s.Received, s.Sent, unknownLeft
	}
	return s.Received, s.Sent, s.Total - s.Done
}

// Found implements announcer.Torrent.
func (a *announced) Found(addrs []netip.AddrPort) { (*Torrent)(a).offer(conns.Tracker, addrs) }

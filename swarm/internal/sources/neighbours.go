package sources

import (
	"context"
	"crypto/rand"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/lsd"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// meetNeighbours finds peers in the local network (BEP 14), until the end of
// ctx.
func (s *Sources) meetNeighbours(ctx context.Context) {
	if s.cfg.NoLSD || s.cfg.Addr == nil {
		return
	}
	cfg := lsd.Config{
		Policy: s.cfg.Policies.Near, Clock: s.cfg.Clock, Log: s.cfg.Log,
		Addr: greeting.AddrPort(s.cfg.Addr), Torrents: s.toNeighbours, Found: s.neighbour,
	}
	_, _ = rand.Read(cfg.Cookie[:]) // never fails: crypto/rand
	service := lsd.Start(cfg)
	<-ctx.Done()
	service.Close()
}

// toNeighbours returns what is announced. Torrents that sleep have everything:
// they wait until they hear of somebody who does not.
func (s *Sources) toNeighbours() (list []lsd.Torrent) {
	for _, sub := range s.cfg.Subjects() {
		state, awake := sub.torrent.State()
		if !awake || state == activity.Paused || state == activity.Failed {
			continue
		}
		for _, name := range sub.names(disclosure.LSD) {
			if !name.Lookup {
				list = append(list, lsd.Torrent{Hash: name.Hash, Urgent: state != activity.Seeding})
			}
		}
	}
	return list
}

// neighbour takes a peer that announced itself, under a name that a torrent is told
// of by in the local network: under another it is nobody's.
func (s *Sources) neighbour(h lsd.InfoHash, at netip.AddrPort) {
	if sub := s.near.find(h, s.cfg.Clock.Now(), s.cfg.Subjects); sub != nil {
		sub.torrent.Meet(at)
	}
}

// indexLifetime is how long an index is used: names change with the epoch.
const indexLifetime = time.Minute

// index knows which torrents neighbours may speak of.
type index struct {
	mu     sync.Mutex
	since  time.Time // zero if it has to be made anew
	epoch  int       // how often it had to
	byName map[[20]byte]*Subject
}

// forget says that names have changed.
func (x *index) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.since = time.Time{}
	x.epoch++
}

// find returns the torrent that has a name, nil if there is none. Others are called
// without the lock.
func (x *index) find(name [20]byte, now time.Time, all func() []*Subject) *Subject {
	x.mu.Lock()
	byName, epoch := x.byName, x.epoch
	fresh := !x.since.IsZero() && now.Sub(x.since) < indexLifetime
	x.mu.Unlock()
	if fresh {
		return byName[name]
	}
	byName = make(map[[20]byte]*Subject)
	for _, sub := range all() {
		for _, n := range sub.names(disclosure.LSD) {
			byName[n.Hash] = sub
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.epoch == epoch {
		x.since, x.byName = now, byName
	}
	return byName[name]
}

package sources

import (
	"context"
	"crypto/rand"
	"net/netip"

	"github.com/warren-p2p/warren/internal/lsd"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// meetNeighbours finds peers in the local network (BEP 14), until the end of
// ctx.
func (s *Sources) meetNeighbours(ctx context.Context) {
	if s.cfg.NoLSD || s.cfg.Addr == nil {
		return
	}
	cfg := lsd.Config{
		Policy: s.cfg.Policy, Clock: s.cfg.Clock, Log: s.cfg.Log,
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
		if !awake || state == activity.Paused || state == activity.Failed || sub.private.Load() {
			continue
		}
		for _, name := range sub.names {
			list = append(list, lsd.Torrent{Hash: name, Urgent: state != activity.Seeding})
		}
	}
	return list
}

// neighbour takes a peer that announced itself.
func (s *Sources) neighbour(h lsd.InfoHash, at netip.AddrPort) {
	if sub := s.cfg.Find(h); sub != nil && !sub.private.Load() {
		sub.torrent.Meet(at)
	}
}

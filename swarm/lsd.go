package swarm

import (
	"crypto/rand"
	"net/netip"

	"github.com/warren-p2p/warren/internal/lsd"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// meetNeighbours finds peers in the local network (BEP 14), until the end of the
// session.
func (s *Session) meetNeighbours() {
	addr := s.Addr()
	if s.cfg.NoLSD || addr == nil {
		return
	}
	cfg := lsd.Config{
		Policy: s.cfg.Policy, Clock: s.cfg.Clock, Log: s.cfg.Log,
		Addr: greeting.AddrPort(addr), Torrents: s.toNeighbours, Found: s.neighbour,
	}
	_, _ = rand.Read(cfg.Cookie[:]) // never fails: crypto/rand
	service := lsd.Start(cfg)
	<-s.ctx.Done()
	service.Close()
}

// toNeighbours returns what is announced. Torrents that sleep have everything:
// they wait until they hear of somebody who does not.
func (s *Session) toNeighbours() (list []lsd.Torrent) {
	for _, t := range s.Torrents() {
		t.slot.Peek(func(run *torrent.Torrent) {
			state, _, _ := run.State()
			if state == StatePaused || state == StateFailed || secluded(run) {
				return
			}
			for _, name := range greeting.Names(t.id) {
				list = append(list, lsd.Torrent{Hash: name, Urgent: state != StateSeeding})
			}
		})
	}
	return list
}

// neighbour takes a peer that announced itself.
func (s *Session) neighbour(h lsd.InfoHash, at netip.AddrPort) {
	e, ok := s.door.Find(h).(*entrance)
	if !ok {
		return
	}
	_ = (*Torrent)(e).use(func(run *torrent.Torrent) { // the status tells
		if !secluded(run) {
			run.Peers.Add(conns.LSD, at)
		}
	})
}

// secluded reports whether peers come from nowhere but trackers (BEP 27).
func secluded(run *torrent.Torrent) bool { return run.Known() && run.Content.Meta.Info.Private }

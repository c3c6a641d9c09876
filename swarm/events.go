package swarm

import (
	"net/netip"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// events makes Torrent a fetch.Events.
type events Torrent

var _ fetch.Events = (*events)(nil)

// Verified implements fetch.Events.
func (e *events) Verified(piece int) {
	t := (*Torrent)(e)
	t.mu.Lock()
	t.content.Add(piece)
	left := make([]*peer, 0, len(t.peers))
	for p := range t.peers {
		left = append(left, p)
	}
	t.mu.Unlock()
	for _, p := range left {
		if !p.dl.Knows(piece) { // who has it does not care
			p.link.SendLazily(func(b []byte) []byte { return peerwire.AppendHave(b, uint32(piece)) })
		}
	}
	if t.fetch.Left() == 0 {
		t.poke()
	}
}

// Failed implements fetch.Events.
func (e *events) Failed(_ int, err error) {
	t := (*Torrent)(e)
	t.s.cfg.Log.Warn("cannot store content", "torrent", t.meta.Info.Name, "err", err)
	t.hold(err)
}

// Guilty implements fetch.Events: a peer that sent wrong data is out, and stays
// out if it has left before that was found.
func (e *events) Guilty(id fetch.PeerID, piece int) {
	t := (*Torrent)(e)
	t.mu.Lock()
	addr, known := t.former.addrs[id]
	for p := range t.peers {
		if p.dl.ID == id {
			addr, known = p.addr.Addr(), true
			p.link.Close(errGuilty)
		}
	}
	if known && !t.s.refuses(addr) {
		t.banned++
	}
	t.mu.Unlock()
	if known {
		t.s.cfg.Log.Warn("peer sent wrong data and is banned", "peer", greeting.Redacted(netip.AddrPortFrom(addr, 0)), "piece", piece)
		t.s.Ban(addr)
	}
	t.fetch.Distrust(id)
}

// Suspect implements fetch.Events.
func (e *events) Suspect(piece int) { (*Torrent)(e).askLeaves(piece) }

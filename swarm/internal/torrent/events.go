package torrent

import (
	"net/netip"

	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/roster"
)

// events makes Torrent a fetch.Events and a roster.Owner.
type events Torrent

var _ fetch.Events = (*events)(nil)

// Verified implements fetch.Events.
func (e *events) Verified(piece int) {
	e.Peers.Verified(piece)
	if e.Fetch.Left() == 0 {
		(*Torrent)(e).Poke()
	}
}

// Failed implements fetch.Events.
func (e *events) Failed(_ int, err error) {
	e.res.Log.Warn("cannot store content", "torrent", e.Content.Meta.Info.Name, "err", err)
	(*Torrent)(e).hold(err)
}

// Guilty implements fetch.Events: a peer that sent wrong data is out, and stays
// out if it has left before that was found.
func (e *events) Guilty(id fetch.PeerID, piece int) {
	if addr, known := e.Peers.Expel(id); known {
		e.res.Log.Warn("peer sent wrong data and is banned", "peer", greeting.Redacted(netip.AddrPortFrom(addr, 0)), "piece", piece)
		e.res.Bans.Ban(addr)
	}
	if e.Web.Expel(id) {
		e.res.Log.Warn("web seed sent wrong data and is not used any more", "piece", piece)
	}
	e.Fetch.Distrust(id)
}

// Suspect implements fetch.Events.
func (e *events) Suspect(piece int) { e.Peers.AskHashes(piece) }

var _ roster.Owner = (*events)(nil)

// Poke implements roster.Owner.
func (e *events) Poke() { (*Torrent)(e).Poke() }

// Unreadable implements roster.Owner.
func (e *events) Unreadable(err error) { (*Torrent)(e).fail(err) }

package roster

import (
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/roster/totals"
)

// Totals counts the peers.
func (r *Roster) Totals() totals.Totals {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := totals.Totals{
		DownRate: r.down.Recent(), UpRate: r.up.Recent(),
		Received: r.received, Sent: r.sent, SecretBytes: r.secret, Banned: r.banned,
	}
	for p := range r.members {
		t.Add(p.Peer)
	}
	return t
}

// SetMaxPeers changes how many peers may be connected; those that are stay.
func (r *Roster) SetMaxPeers(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns.SetMaxConns(n)
}

// Infos describes the connected peers.
func (r *Roster) Infos() []peer.Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]peer.Info, 0, len(r.members))
	for p := range r.members {
		list = append(list, p.Info())
	}
	return list
}

// Quiet reports whether no peer is connected and none is being dialled.
func (r *Roster) Quiet() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members) == 0 && r.conns.Stats().Dialing == 0
}

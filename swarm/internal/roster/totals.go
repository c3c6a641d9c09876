package roster

import (
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// Totals is what the peers of a torrent are and were, in sum.
type Totals struct {
	Peers, TLSPeers, MSEPeers, UTPPeers, Seeds int

	DownRate, UpRate int64 // bytes a second, over the last seconds
	Received, Sent   int64 // bytes of content
	SecretBytes      int64 // of both, what went over TLS
	Banned           int   // peers that were expelled
}

// Totals counts.
func (r *Roster) Totals() Totals {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := Totals{
		DownRate: r.down.Recent(), UpRate: r.up.Recent(),
		Received: r.received, Sent: r.sent, SecretBytes: r.secret, Banned: r.banned,
	}
	for p := range r.members {
		stats := p.Stats()
		t.Received += stats.Received
		t.Sent += stats.Sent
		t.Peers++
		if transport.Over(p.Stream) == "utp" {
			t.UTPPeers++
		}
		switch p.Kind {
		case transport.TLS:
			t.TLSPeers++
			t.SecretBytes += stats.Received + stats.Sent
		case transport.MSE:
			t.MSEPeers++
		}
		if p.Seed() {
			t.Seeds++
		}
	}
	return t
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

// Package totals adds up what the peers of a torrent are and do.
package totals

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

// Add adds a peer that is connected.
func (t *Totals) Add(p *peer.Peer) {
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

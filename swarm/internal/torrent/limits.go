package torrent

import "github.com/warren-p2p/warren/swarm/internal/peer"

// SetLimits sets the torrent's own limits in bytes a second, 0 for none.
func (t *Torrent) SetLimits(up, down int64) {
	now := t.res.Clock.Now()
	t.up.SetRate(up, now)
	t.down.SetRate(down, now)
	t.LimitsChanged()
}

// LimitsChanged makes connections look at limits that have changed.
func (t *Torrent) LimitsChanged() { t.Peers.Each((*peer.Peer).Nudge) }

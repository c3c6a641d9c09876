package torrent

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// SetLimits sets the torrent's own limits in bytes a second, 0 for none.
func (t *Torrent) SetLimits(up, down int64) {
	now := t.res.Clock.Now()
	t.up.own.SetRate(up, now)
	t.down.own.SetRate(down, now)
	t.LimitsChanged()
}

// LimitsChanged makes connections look at limits that have changed.
func (t *Torrent) LimitsChanged() { t.Peers.Each((*peer.Peer).Nudge) }

// chain limits a torrent together with its session.
type chain struct{ own, all *limiter.Bucket }

// Reserve implements link.Limiter; the bucket counts for its parent as well.
func (c chain) Reserve(n int, now time.Time) time.Duration { return c.own.Reserve(n, now) }

// Return implements link.Limiter.
func (c chain) Return(n int, now time.Time) { c.own.Return(n, now) }

// Changed implements link.Limiter: both limits are of one tree.
func (c chain) Changed() <-chan struct{} { return c.own.Changed() }

// Rate returns the lower of both limits, 0 if there is none.
func (c chain) Rate() int64 {
	own, all := c.own.Rate(), c.all.Rate()
	if own == 0 || all != 0 && all < own {
		return all
	}
	return own
}

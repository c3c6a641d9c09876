package swarm

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// tick does once a second what has time.
func (t *Torrent) tick() {
	now := t.s.cfg.Clock.Now()
	t.ticks++
	for _, p := range t.peerList() {
		t.tickPeer(p, now)
	}
	t.mu.Lock()
	down, up := t.received, t.sent
	for p := range t.peers {
		stats := p.link.Stats()
		p.down.Tick(stats.Received)
		p.up.Tick(stats.Sent)
		down += stats.Received
		up += stats.Sent
		if t.ticks%longPeriod == 0 {
			p.hashServed = 0
		}
	}
	t.down20.Tick(down)
	t.up20.Tick(up)
	due := now.Sub(t.synced) >= syncPeriod && t.state == StateDownloading
	if due {
		t.synced = now
	}
	t.mu.Unlock()
	if due {
		t.guard()
	}
}

// tickPeer keeps one connection alive, or ends it.
func (t *Torrent) tickPeer(p *peer, now time.Time) {
	read, write, stuck := p.link.Idle(now)
	switch {
	case stuck > stuckTime:
		p.link.Close(errStuck)
		return
	case read > silence:
		p.link.Close(errSilent)
		return
	case write > keepalive:
		p.link.Send(peerwire.AppendKeepalive)
	}
	p.link.Flush()
	p.dl.Tick(now)
	if t.ticks%longPeriod == 0 { // pieces that came have made it less
		p.updateInterest()
	}
}

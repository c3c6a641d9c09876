package swarm

import (
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// tick does once a second what has time.
func (t *Torrent) tick() {
	now := t.s.cfg.Clock.Now()
	var down, up int64
	for _, p := range t.peerList() {
		t.tickPeer(p, now)
		stats := p.link.Stats()
		down += stats.Received
		up += stats.Sent
	}
	t.mu.Lock()
	t.down20.tick(t.received + down)
	t.up20.tick(t.sent + up)
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
	stats := p.link.Stats()
	t.mu.Lock()
	p.down.tick(stats.Received)
	p.up.tick(stats.Sent)
	t.mu.Unlock()
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
}

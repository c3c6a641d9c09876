package door

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/roster"
)

// banTime is how long an address stays out after it sent wrong data.
const banTime = 24 * time.Hour

// Ban ends all connections with an address and refuses new ones for a day.
func (d *Door) Ban(a netip.Addr) {
	a = a.Unmap()
	d.mu.Lock()
	d.banned[a] = d.cfg.Clock.Now().Add(banTime)
	d.mu.Unlock()
	d.Part(func(b netip.Addr) bool { return a == b })
}

// Part ends all connections with addresses.
func (d *Door) Part(from func(netip.Addr) bool) {
	torrents := make(map[Torrent]struct{})
	d.mu.Lock()
	for _, t := range d.torrents {
		if t != nil {
			torrents[t] = struct{}{}
		}
	}
	d.mu.Unlock()
	for t := range torrents {
		t.Present(func(r *roster.Roster) { r.Part(from) })
	}
}

// Refuses reports whether an address is banned or blocked.
func (d *Door) Refuses(a netip.Addr) bool {
	a = a.Unmap()
	if d.cfg.Blocked != nil && d.cfg.Blocked(a) {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	until, ok := d.banned[a]
	if ok && d.cfg.Clock.Now().After(until) {
		delete(d.banned, a)
		return false
	}
	return ok
}

package answer

import (
	"net/netip"
	"time"
)

// How many queries are answered in a window, by network and in all. Nodes ask
// others a few times an hour; several of them may share an address.
const (
	window      = 5 * time.Second
	perNetwork  = 50
	perWindow   = 1000
	maxNetworks = 4096
)

// limit counts the queries of a window.
type limit struct {
	began time.Time
	all   int
	by    map[netip.Prefix]int
}

func (l *limit) allow(from netip.Addr, now time.Time) bool {
	if l.by == nil || now.Sub(l.began) >= window {
		l.began, l.all, l.by = now, 0, make(map[netip.Prefix]int)
	}
	// Programs of this machine are not told apart, and can do worse.
	if n := network(from); !from.IsLoopback() {
		if _, known := l.by[n]; l.by[n] >= perNetwork || !known && len(l.by) >= maxNetworks {
			return false
		}
		l.by[n]++
	}
	l.all++
	return l.all <= perWindow
}

// network returns what one host can have of addresses: one of IPv4, a /64 of
// IPv6.
func network(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // in range
	return p
}

package btls

import (
	"net/netip"
	"sync"
	"time"
)

const (
	// badProofs in badWindow is what one network may get wrong.
	badProofs = 20
	badWindow = time.Minute
	// maxNetworks bounds the memory spent on counting, at about 200 bytes each.
	// Networks beyond it share one count.
	maxNetworks = 8192
)

// Subnet returns the network by which strangers are counted: the /24 of an
// IPv4 address, the /48 of an IPv6 one. addr is "host:port" as net.Addr prints
// it; everything that is no IP address is one network, the zero Prefix.
func Subnet(addr string) netip.Prefix {
	ap, err := netip.ParseAddrPort(addr)
	if err != nil {
		return netip.Prefix{}
	}
	ip := ap.Addr().Unmap().WithZone("")
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// guard counts bad proofs per network, so that nobody can test a list of
// info-hashes against this server.
type guard struct {
	clock Clock

	mu  sync.Mutex
	bad map[netip.Prefix]*badTimes
}

// badTimes are the times of the last bad proofs, a ring that starts at next.
type badTimes struct {
	at   [badProofs]time.Time
	next int
}

func newGuard(c Clock) *guard { return &guard{clock: c, bad: map[netip.Prefix]*badTimes{}} }

// try runs prove unless the network used up what it may get wrong, and counts
// it if prove fails. The lock is held meanwhile: otherwise as many attempts as
// there are connections would be free.
func (g *guard) try(n netip.Prefix, prove func() bool) bool {
	now := g.clock.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	if b := g.bad[g.slot(n)]; b != nil && now.Sub(b.at[b.next]) < badWindow {
		return false
	}
	if prove() {
		return true
	}
	g.note(n, now)
	return false
}

func (g *guard) note(n netip.Prefix, now time.Time) {
	if len(g.bad) >= maxNetworks {
		g.forget(now)
	}
	n = g.slot(n)
	b := g.bad[n]
	if b == nil {
		b = new(badTimes)
		g.bad[n] = b
	}
	b.at[b.next] = now
	b.next = (b.next + 1) % badProofs
}

// slot returns the network to count n under.
func (g *guard) slot(n netip.Prefix) netip.Prefix {
	if g.bad[n] == nil && len(g.bad) >= maxNetworks {
		return netip.Prefix{}
	}
	return n
}

// forget drops networks whose last bad proof is too old to matter.
func (g *guard) forget(now time.Time) {
	for n, b := range g.bad {
		if now.Sub(b.at[(b.next+badProofs-1)%badProofs]) >= badWindow {
			delete(g.bad, n)
		}
	}
}

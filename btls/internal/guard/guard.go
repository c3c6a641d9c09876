// Package guard keeps strangers from testing a list of guesses: it counts what
// each network got wrong and stops listening to it.
package guard

import (
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

const (
	// Limit is how many proofs one network may get wrong within Window.
	Limit = 20
	// Window is how long a wrong proof counts.
	Window = time.Minute
	// maxNetworks bounds the memory spent on counting, at about 200 bytes each.
	// Networks beyond it share one count.
	maxNetworks = 8192
)

// Subnet returns the network addr ("host:port") belongs to: the /24 of an IPv4
// address, the /48 of an IPv6 one, the zero Prefix for anything else.
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

// Guard counts bad proofs per network. Safe for concurrent use.
type Guard struct {
	clock clock.Clock

	mu  sync.Mutex
	bad map[netip.Prefix]*badTimes
}

// badTimes are the times of the last bad proofs, a ring that starts at next.
type badTimes struct {
	at   [Limit]time.Time
	next int
}

// New returns a Guard that has seen nothing yet.
func New(c clock.Clock) *Guard { return &Guard{clock: c, bad: map[netip.Prefix]*badTimes{}} }

// Try runs prove unless the network used up what it may get wrong, and counts
// it if prove fails. The lock is held meanwhile: otherwise as many attempts as
// there are connections would be free.
func (g *Guard) Try(n netip.Prefix, prove func() bool) bool {
	now := g.clock.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	if b := g.bad[g.slot(n)]; b != nil && now.Sub(b.at[b.next]) < Window {
		return false
	}
	if prove() {
		return true
	}
	g.note(n, now)
	return false
}

func (g *Guard) note(n netip.Prefix, now time.Time) {
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
	b.next = (b.next + 1) % Limit
}

// slot returns the network to count n under.
func (g *Guard) slot(n netip.Prefix) netip.Prefix {
	if g.bad[n] == nil && len(g.bad) >= maxNetworks {
		return netip.Prefix{}
	}
	return n
}

// forget drops networks whose last bad proof is too old to matter.
func (g *Guard) forget(now time.Time) {
	for n, b := range g.bad {
		if now.Sub(b.at[(b.next+Limit-1)%Limit]) >= Window {
			delete(g.bad, n)
		}
	}
}

// Package storetest is what every peer store must do: one suite, which the tests of
// each implementation run.
package storetest

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// Begin is when the suite begins.
func Begin() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

// TTL is what stores of the suite have as their time to live.
const TTL = time.Hour

// Run runs the suite on stores that open returns empty, with TTL.
func Run(t *testing.T, open func(*testing.T) peerstore.Store) {
	for name, test := range map[string]func(*bench){
		"join and leave": joinAndLeave, "families": families, "roles": roles, "whom seeds are told of": seeds,
		"completed": completed, "numwant": numWant, "TLS": tlsFlags, "require TLS": requireTLS, "expiry": expiry,
		"chance": chance, "large": large, "at once": atOnce,
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{T: t, store: open(t), now: Begin()}
			test(b)
			if err := b.store.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// bench is a store under test.
type bench struct {
	*testing.T
	store peerstore.Store
	now   time.Time
}

// swarm is the info-hash of a swarm of the tests.
func swarm(n int) [20]byte { return [20]byte{0: byte(n), 1: byte(n >> 8), 19: byte(n)} }

// host is the n-th peer of the tests over IPv4.
func host(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
}

// host6 is the n-th peer of the tests over IPv6.
func host6(n int) netip.AddrPort {
	ip := netip.MustParseAddr("2001:db8::").As16()
	ip[14], ip[15] = byte(n>>8), byte(n)
	return netip.AddrPortFrom(netip.AddrFrom16(ip), 6881)
}

func leecher(n int) peerstore.Announce {
	return peerstore.Announce{InfoHash: swarm(1), Peer: host(n), NumWant: 50}
}

func seeder(n int) peerstore.Announce {
	a := leecher(n)
	a.Role = peerstore.Seeder
	return a
}

// say announces, and returns what is answered.
func (b *bench) say(a peerstore.Announce) peerstore.Answer {
	b.Helper()
	a.Now = b.now
	var to peerstore.Answer
	if err := b.store.Announce(b.Context(), &a, &to); err != nil {
		b.Fatalf("announce: %v", err)
	}
	size := peerstore.Size4
	if a.Peer.Addr().Is6() {
		size = peerstore.Size6
	}
	told := Peers(to.Peers, size)
	if len(told)*size != len(to.Peers) || len(to.Flags) != 0 && len(to.Flags) != len(told) {
		b.Fatalf("%d bytes of peers, %d of flags", len(to.Peers), len(to.Flags))
	}
	seen := map[netip.AddrPort]bool{}
	for _, p := range told {
		if seen[p] || p == a.Peer {
			b.Errorf("%v is told of %v, twice or itself", a.Peer, p)
		}
		seen[p] = true
	}
	if len(told) > a.NumWant {
		b.Errorf("%d peers, %d wanted", len(told), a.NumWant)
	}
	return to
}

// Peers reads compact peers of a size.
func Peers(b []byte, size int) (list []netip.AddrPort) {
	for ; len(b) >= size; b = b[size:] {
		ip, _ := netip.AddrFromSlice(b[:size-2])
		list = append(list, netip.AddrPortFrom(ip, uint16(b[size-2])<<8|uint16(b[size-1])))
	}
	return list
}

func (b *bench) told(a peerstore.Announce) map[netip.AddrPort]bool {
	b.Helper()
	size := peerstore.Size4
	if a.Peer.Addr().Is6() {
		size = peerstore.Size6
	}
	m := map[netip.AddrPort]bool{}
	for _, p := range Peers(b.say(a).Peers, size) {
		m[p] = true
	}
	return m
}

func (b *bench) wantTotals(n int, want peerstore.Totals) {
	b.Helper()
	got, err := b.store.Scrape(b.Context(), [][20]byte{swarm(999), swarm(n)}, nil, b.now)
	if err != nil || len(got) != 2 || got[0] != (peerstore.Totals{}) || got[1] != want {
		b.Errorf("scraped %+v, %v; want %+v", got, err, want)
	}
}

func (b *bench) wantTold(a peerstore.Announce, want ...netip.AddrPort) {
	b.Helper()
	m := map[netip.AddrPort]bool{}
	for _, p := range want {
		m[p] = true
	}
	if d := cmp.Diff(m, b.told(a), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); d != "" {
		b.Errorf("told %s", d)
	}
}

func joinAndLeave(b *bench) {
	b.wantTold(leecher(1))
	b.wantTold(leecher(2), host(1))
	b.wantTold(leecher(1), host(2))
	other := leecher(3)
	other.InfoHash = swarm(2)
	b.wantTold(other)
	b.wantTotals(1, peerstore.Totals{Leechers: 2})
	gone := leecher(2)
	gone.Stopped = true
	b.wantTold(gone)
	b.wantTold(gone) // nobody is there any more
	b.wantTold(leecher(1))
	b.wantTotals(1, peerstore.Totals{Leechers: 1})
	gone.Peer = host(1)
	b.say(gone)
	b.wantTotals(1, peerstore.Totals{})
	gone.InfoHash = swarm(77)
	b.wantTold(gone) // nor was there anybody
}

func families(b *bench) {
	six := func(n int) peerstore.Announce {
		a := leecher(n)
		a.Peer = host6(n)
		return a
	}
	b.wantTold(leecher(1))
	b.wantTold(six(1))
	b.wantTold(six(2), host6(1))
	b.wantTold(leecher(2), host(1))
	b.wantTotals(1, peerstore.Totals{Leechers: 4})
	gone := six(1)
	gone.Stopped = true
	b.say(gone)
	b.wantTold(six(2))
	b.wantTotals(1, peerstore.Totals{Leechers: 3})
}

func roles(b *bench) {
	b.say(leecher(1))
	b.say(leecher(2))
	b.say(seeder(3))
	partial := leecher(4)
	partial.Role = peerstore.Partial
	b.say(partial)
	b.wantTotals(1, peerstore.Totals{Seeders: 1, Leechers: 3, Partial: 1})
	partial.Role = peerstore.Leecher // wants more after all
	b.say(partial)
	b.wantTotals(1, peerstore.Totals{Seeders: 1, Leechers: 3})
	b.say(seeder(1))
	b.wantTotals(1, peerstore.Totals{Seeders: 2, Leechers: 2})
	b.say(leecher(3)) // fetches anew
	b.wantTotals(1, peerstore.Totals{Seeders: 1, Leechers: 3})
	gone := seeder(1)
	gone.Stopped = true
	if got := b.say(gone).Totals; got != (peerstore.Totals{Leechers: 3}) {
		b.Errorf("told %+v when it left", got)
	}
}

func seeds(b *bench) {
	b.say(seeder(1))
	b.wantTold(seeder(2))
	b.say(leecher(3))
	partial := leecher(4)
	partial.Role = peerstore.Partial
	b.wantTold(partial, host(3))
	b.wantTold(seeder(1), host(3))
	b.wantTold(leecher(3), host(1), host(2), host(4))
}

func completed(b *bench) {
	done := seeder(1)
	done.Completed = true
	b.say(leecher(1))
	b.say(done)
	b.say(done) // says it again
	b.wantTotals(1, peerstore.Totals{Seeders: 1, Completed: 1})
	b.say(seeder(2)) // was one before
	b.wantTotals(1, peerstore.Totals{Seeders: 2, Completed: 1})
	done.Peer = host(3)
	b.say(done) // is not known, but says so
	if got := b.say(leecher(4)).Totals; got != (peerstore.Totals{Seeders: 3, Leechers: 1, Completed: 2}) {
		b.Errorf("%+v", got)
	}
}

func numWant(b *bench) {
	for i := range 40 {
		b.say(leecher(i))
	}
	for want, got := range map[int]int{0: 0, 1: 1, 7: 7, 38: 38, 39: 39, 40: 39, 200: 39} {
		a := leecher(5)
		a.NumWant = want
		if n := len(b.told(a)); n != got {
			b.Errorf("%d peers of 39 where %d are wanted", n, want)
		}
	}
}

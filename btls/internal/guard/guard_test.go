package guard

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSubnet(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.77:6881":              "192.0.2.0/24",
		"[::ffff:192.0.2.77]:1":        "192.0.2.0/24",
		"[2001:db8:1:2::3]:443":        "2001:db8:1::/48",
		"[fe80::1%eth0]:443":           "fe80::/48",
		"@":                            "invalid Prefix",
		"":                             "invalid Prefix",
		"duskgytldkxiuqc6.onion:12345": "invalid Prefix",
	} {
		if got := Subnet(addr).String(); got != want {
			t.Errorf("Subnet(%q) = %s, want %s", addr, got, want)
		}
	}
}

// fakeClock stands still until it is told to move.
type fakeClock struct{ now time.Time }

func newFakeClock() *fakeClock               { return &fakeClock{time.Unix(1_800_000_000, 0)} }
func (c *fakeClock) Now() time.Time          { return c.now }
func (c *fakeClock) advance(d time.Duration) { c.now = c.now.Add(d) }

func fail() bool { return false }

func TestGuardWindow(t *testing.T) {
	clk := newFakeClock()
	g := New(clk)
	a, b := netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24")
	asked := func(n netip.Prefix) (asked bool) {
		g.Try(n, func() bool { asked = true; return true })
		return asked
	}
	for i := range Limit {
		if !asked(a) {
			t.Fatalf("blocked after %d bad proofs", i)
		}
		g.Try(a, fail)
		clk.advance(time.Second)
	}
	if asked(a) {
		t.Error("not blocked after 20 bad proofs in 20 s")
	}
	if !asked(b) {
		t.Error("another network is blocked too")
	}
	clk.advance(40 * time.Second) // the first one is a minute old
	if !asked(a) {
		t.Error("still blocked when only 19 are within a minute")
	}
	g.Try(a, fail)
	if asked(a) {
		t.Error("not blocked when 20 are within a minute again")
	}
	clk.advance(time.Hour)
	if !asked(a) {
		t.Error("still blocked an hour later")
	}
}

func TestGuardCountsGoodProofsAsNothing(t *testing.T) {
	g := New(newFakeClock())
	for i := range 10 * Limit {
		if !g.Try(netip.Prefix{}, func() bool { return true }) {
			t.Fatalf("blocked after %d good proofs", i)
		}
	}
}

func TestGuardIsExactUnderConcurrency(t *testing.T) {
	g := New(newFakeClock())
	var asked atomic.Int32
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() { g.Try(netip.Prefix{}, func() bool { asked.Add(1); return false }) })
	}
	wg.Wait()
	if n := asked.Load(); n != Limit {
		t.Errorf("%d attempts reached the table, want %d", n, Limit)
	}
}

func TestGuardMemoryIsBounded(t *testing.T) {
	clk := newFakeClock()
	g := New(clk)
	network := func(i int) netip.Prefix {
		return netip.MustParsePrefix(fmt.Sprintf("2001:db8:%x::/48", i))
	}
	for i := range maxNetworks + 100 {
		g.Try(network(i), fail)
	}
	if n := len(g.bad); n > maxNetworks+1 {
		t.Errorf("%d networks counted, want at most %d", n, maxNetworks+1)
	}
	if g.Try(network(60000), func() bool { return true }) {
		t.Error("networks that found no room do not share one count")
	}
	clk.advance(Window)
	g.Try(network(60001), fail)
	if n := len(g.bad); n > 2 {
		t.Errorf("%d networks remembered after the window", n)
	}
}

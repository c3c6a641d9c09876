package punch_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/punch"
)

func addr(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, byte(n >> 8), byte(n)}), 6881)
}

// allowed counts how many of n calls pass.
func allowed(n int, f func(i int) bool) (passed int) {
	for i := range n {
		if f(i) {
			passed++
		}
	}
	return passed
}

func TestLimits(t *testing.T) {
	var l punch.Limits
	now := time.Unix(1_800_000_000, 0)
	for range 2 {
		if n := allowed(100, func(int) bool { return l.Relay(addr(1), now) }); n != punch.RelayedEach {
			t.Errorf("one peer was introduced %d times", n)
		}
		if n := allowed(1000, func(i int) bool { return l.Relay(addr(i+2), now) }); n != punch.RelayedAll-punch.RelayedEach {
			t.Errorf("others were introduced %d times", n)
		}
		if n := allowed(100, func(i int) bool { return l.Heed(addr(1), addr(i), now) }); n != punch.HeededEach {
			t.Errorf("one relay was followed %d times", n)
		}
		if n := allowed(1000, func(i int) bool { return l.Heed(addr(i+2), addr(i), now) }); n != punch.HeededAll-punch.HeededEach {
			t.Errorf("others were followed %d times", n)
		}
		now = now.Add(time.Minute)
	}
}

func TestAsk(t *testing.T) {
	var l punch.Limits
	now := time.Unix(1_800_000_000, 0)
	if !l.Ask(addr(1), now) || l.Ask(addr(1), now.Add(punch.AskAgain-1)) || !l.Ask(addr(1), now.Add(punch.AskAgain)) {
		t.Error("the same peer is asked for at the wrong times")
	}
	if n := allowed(2000, func(i int) bool { return l.Ask(addr(i), now) }); n > 256 {
		t.Errorf("%d peers are remembered", n)
	}
	if !l.Ask(addr(9), now.Add(3*punch.AskAgain)) {
		t.Error("nobody is ever forgotten")
	}
}

// A relay names addresses as any peer does, and is believed by the same rule.
func TestHeedsSensibleAddresses(t *testing.T) {
	for _, c := range []struct {
		a, from string
		want    bool
	}{
		{"8.8.8.8:1", "1.1.1.1", true},
		{"8.8.8.8:0", "1.1.1.1", false},
		{"127.0.0.1:80", "1.1.1.1", false},
		{"127.0.0.1:80", "127.0.0.1", true},
		{"[::ffff:127.0.0.1]:80", "1.1.1.1", false},
		{"192.168.1.1:80", "1.1.1.1", false},
		{"192.168.1.1:80", "10.0.0.1", true},
		{"169.254.1.1:80", "10.0.0.1", false},
		{"224.0.0.1:80", "1.1.1.1", false},
	} {
		var l punch.Limits
		relay := netip.AddrPortFrom(netip.MustParseAddr(c.from), 6881)
		if got := l.Heed(relay, netip.MustParseAddrPort(c.a), time.Unix(0, 0)); got != c.want {
			t.Errorf("%s from %s: %v", c.a, c.from, got)
		}
	}
}

package targets

import (
	"net/netip"
	"testing"
	"time"
)

var epoch = time.Unix(1_700_000_000, 0)

func addr(n byte, host byte) netip.Addr { return netip.AddrFrom4([4]byte{9, 9, n, host}) }

// A host, and a network, get their bursts and then what time gives back, whoever
// asks.
func TestBounds(t *testing.T) {
	b := New()
	count := func(now time.Time, ask ...netip.Addr) (n int) {
		for _, a := range ask {
			if b.May(a, now) {
				n++
			}
		}
		return n
	}
	same := make([]netip.Addr, 100)
	var near []netip.Addr
	for i := range same {
		same[i] = addr(1, 1)
		near = append(near, addr(2, byte(i)))
	}
	for _, c := range []struct {
		name  string
		after time.Duration
		ask   []netip.Addr
		want  int
	}{
		{"a host at once", 0, same, 8},
		{"a network at once", 0, near, 32},
		{"a host after four minutes", 4 * time.Minute, same, 0},
		{"a host after five", 5 * time.Minute, same, 1},
		{"a network then", 5 * time.Minute, near, 5},
		{"a host after a day", 24 * time.Hour, same, 8},
		{"a network after a day", 24 * time.Hour, near, 32},
	} {
		if got := count(epoch.Add(c.after), c.ask...); got != c.want {
			t.Errorf("%s: %d dials, want %d", c.name, got, c.want)
		}
	}
}

// What led to a peer is free; this machine is, and without a book all is.
func TestFree(t *testing.T) {
	b := New()
	for i := range 100 {
		if !b.May(addr(1, 1), epoch) {
			t.Fatalf("dial %d of a host with peers is refused", i)
		}
		b.Return(addr(1, 1))
	}
	b.Return(addr(7, 7)) // which nobody asked for
	var none *Book
	for range 100 {
		if !none.May(addr(1, 1), epoch) || !b.May(netip.MustParseAddr("127.0.0.1"), epoch) {
			t.Fatal("refused")
		}
	}
	none.Return(addr(1, 1))
}

// Memory is bounded, and what is not remembered is not dialled.
func TestBounded(t *testing.T) {
	b := New()
	dialled := 0
	for i := range 3 * maxEntries {
		a := netip.AddrFrom4([4]byte{byte(20 + i>>16), byte(i >> 8), byte(i), 1})
		if b.May(a, epoch) {
			dialled++
		}
	}
	if dialled != maxEntries || len(b.hosts) != maxEntries || len(b.networks) != maxEntries {
		t.Errorf("%d dials, %d hosts, %d networks", dialled, len(b.hosts), len(b.networks))
	}
	if !b.May(addr(1, 1), epoch.Add(time.Hour)) {
		t.Error("it never recovers")
	}
}

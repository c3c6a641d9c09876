package throttle_test

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/tracker/server/throttle"
)

func begin() time.Time { return time.Unix(1_800_000_000, 0) }

func addr(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

func allowed(t *throttle.Throttle, from netip.Addr, now time.Time, tries int) (n int) {
	for range tries {
		if t.Allow(from, now) {
			n++
		}
	}
	return n
}

func TestRate(t *testing.T) {
	r, now := throttle.New(2, 10), begin()
	if n := allowed(r, addr(1), now, 20); n != 10 {
		t.Errorf("%d at once, not 10", n)
	}
	if n := allowed(r, addr(1), now.Add(3*time.Second), 20); n != 6 {
		t.Errorf("%d after 3 s, not 6", n)
	}
	if n := allowed(r, addr(1), now.Add(time.Hour), 20); n != 10 {
		t.Errorf("%d after an hour, not 10", n)
	}
	if n := allowed(r, addr(1), now, 20); n != 0 { // the clock was put back
		t.Errorf("%d when the clock goes back", n)
	}
	if r.Refused() != 10+14+10+20 {
		t.Errorf("%d refused", r.Refused())
	}
	if none := throttle.New(0, 10); allowed(none, addr(1), now, 1000) != 1000 || none.Refused() != 0 {
		t.Error("a rate of 0 refuses somebody")
	}
}

func TestNetworks(t *testing.T) {
	r, now := throttle.New(1, 1), begin()
	allowed(r, netip.MustParseAddr("2001:db8:0:1::1"), now, 1)
	if r.Allow(netip.MustParseAddr("2001:db8:0:1:ffff::2"), now) {
		t.Error("another address of a /64 counts anew")
	}
	if !r.Allow(netip.MustParseAddr("2001:db8:0:2::1"), now) {
		t.Error("another /64 is refused")
	}
}

// Ten thousand who ask too often hardly keep others out.
func TestNeighbours(t *testing.T) {
	r, now := throttle.New(1, 2), begin()
	for i := range uint32(10_000) {
		allowed(r, addr(1<<24+i), now, 5)
	}
	out := 0
	for i := range uint32(1000) {
		if !r.Allow(addr(2<<24+i), now) {
			out++
		}
	}
	if out > 100 { // (10,000 of 65,536)² is 2 %
		t.Errorf("%d of 1000 are kept out", out)
	}
}

func TestAtOnce(t *testing.T) {
	r, now := throttle.New(1, 100), begin()
	var wg sync.WaitGroup
	var mu sync.Mutex
	all := 0
	for range 8 {
		wg.Go(func() {
			n := allowed(r, addr(1), now, 100)
			mu.Lock()
			all += n
			mu.Unlock()
		})
	}
	wg.Wait()
	// Two rows are counted one after the other: who comes between gets one more.
	if all < 100 || all > 108 {
		t.Errorf("%d of 100", all)
	}
}

package portmap

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
)

func someRoute(last byte) gateway.Route {
	return gateway.Route{Local: netip.AddrFrom4([4]byte{192, 168, 1, last}), Router: netip.MustParseAddr("192.168.1.1")}
}

func TestSchedule(t *testing.T) {
	var s schedule
	now := time.Unix(1e9, 0)
	if !s.see(someRoute(5), now) || s.wait(now) != 0 {
		t.Error("a new router is not asked at once")
	}
	s.granted(time.Hour, now)
	if s.due != now.Add(30*time.Minute) || s.wait(now) != lookEvery || !s.holds(now.Add(59*time.Minute)) || s.holds(now.Add(time.Hour)) {
		t.Errorf("granted for an hour: %+v", s)
	}
	// As long as it holds it is asked for again, half of the rest later each time.
	for _, want := range []time.Duration{15 * time.Minute, 450 * time.Second, 225 * time.Second} {
		now = s.due
		if s.refused(now); s.due != now.Add(want) {
			t.Errorf("asked again after %v, want %v", s.due.Sub(now), want)
		}
	}
	now = s.ends
	for _, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour} {
		if s.refused(now); s.due != now.Add(want) {
			t.Errorf("without a mapping asked again after %v, want %v", s.due.Sub(now), want)
		}
		now = s.due
	}
	if s.see(someRoute(5), now) || !s.see(someRoute(6), now) || s.holds(now) || s.due != now {
		t.Errorf("another address: %+v", s)
	}
}

// Whatever a router grants: it is not asked more often than twice a minute, and a
// mapping that can be kept is renewed before it ends.
func TestScheduleProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s schedule
		now := time.Unix(1e9, 0)
		s.see(someRoute(5), now)
		for range rapid.IntRange(1, 50).Draw(t, "rounds") {
			if life := time.Duration(rapid.Int64Range(-1, 90_000).Draw(t, "life")) * time.Second; life >= 0 {
				s.granted(life, now)
				if life >= 2*renewMin && !s.holds(s.due) {
					t.Fatalf("%v end before they are renewed", life)
				}
			} else {
				s.refused(now)
			}
			if gap := s.due.Sub(now); gap < renewMin || gap > 24*time.Hour {
				t.Fatalf("asked again after %v", gap)
			}
			now = s.due
		}
	})
}

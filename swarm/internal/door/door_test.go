package door

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
)

type hands struct{ now time.Time }

func (h *hands) Now() time.Time { return h.now }

func newDoor(t *testing.T, blocked func(netip.Addr) bool) (*Door, *hands) {
	t.Helper()
	clock := &hands{time.Unix(0, 0)}
	d := New(context.Background(), Config{Clock: clock, Log: slog.New(slog.DiscardHandler), Blocked: blocked, Conduct: conduct.NewBook()})
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, clock
}

// A torrent that shares one name with another is not let in beside it, and takes
// no name then.
func TestReserve(t *testing.T) {
	d, _ := newDoor(t, nil)
	v1, v2 := [20]byte{1}, [32]byte{2}
	hybrid := transport.ID{V1: v1, V2: v2, HasV1: true, HasV2: true}
	half := transport.ID{V2: v2, HasV2: true}
	if err := d.Reserve(half); err != nil {
		t.Fatal(err)
	}
	if err := d.Reserve(hybrid); !errors.Is(err, ErrDuplicate) {
		t.Errorf("a name is given twice: %v", err)
	}
	if err := d.Reserve(transport.ID{V1: v1, HasV1: true}); err != nil {
		t.Errorf("a name was taken by who was refused: %v", err)
	}
	d.Shut(half)
	d.Shut(transport.ID{V1: v1, HasV1: true})
	if err := d.Reserve(hybrid); err != nil {
		t.Errorf("names that were given back: %v", err)
	}
}

// A ban lasts a day, however the address is written; a filter lasts.
func TestBans(t *testing.T) {
	filtered, banned := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	d, clock := newDoor(t, func(a netip.Addr) bool { return a == filtered })
	d.Ban(netip.AddrFrom16(banned.As16()))
	for _, c := range []struct {
		after time.Duration
		want  bool
	}{{0, true}, {banTime, true}, {banTime + 1, false}} {
		clock.now = time.Unix(0, 0).Add(c.after)
		if d.Refuses(banned) != c.want || d.Refuses(netip.AddrFrom16(banned.As16())) != c.want {
			t.Errorf("after %v it is kept out: %t", c.after, !c.want)
		}
		if !d.Refuses(netip.AddrFrom16(filtered.As16())) || d.Refuses(netip.MustParseAddr("10.0.0.3")) {
			t.Errorf("after %v the filter does not hold", c.after)
		}
	}
}

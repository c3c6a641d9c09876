package punch_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/punch"
)

// Who asks is told why there is no introduction, in the words of BEP 55.
func TestIntroduce(t *testing.T) {
	asker := punch.Peer{From: addr(1), Endpoint: addr(101), Punches: true}
	hidden := punch.Peer{From: addr(2), Punches: true}
	peers := []punch.Peer{
		asker, hidden,
		{From: addr(3), Endpoint: addr(103), Punches: true},
		{From: addr(4), Endpoint: addr(104)},
	}
	for _, c := range []struct {
		name   string
		asker  punch.Peer
		target netip.AddrPort
		other  int
		code   extension.HolepunchCode
	}{
		{"by where it listens", asker, addr(103), 2, 0},
		{"by where it is connected from", asker, addr(3), 2, 0},
		{"itself", asker, addr(101), -1, extension.HolepunchNoSelf},
		{"one that does not know how", asker, addr(104), -1, extension.HolepunchNoSupport},
		{"one that is not here", asker, addr(9), -1, extension.HolepunchNotConnected},
		{"no port", asker, netip.AddrPortFrom(addr(3).Addr(), 0), -1, extension.HolepunchNoSuchPeer},
		{"one that nobody can reach asks", hidden, addr(103), -1, extension.HolepunchNoSuchPeer},
	} {
		if other, code := punch.Introduce(c.asker, c.target, peers); other != c.other || code != c.code {
			t.Errorf("%s: peer %d, code %d, want %d, %d", c.name, other, code, c.other, c.code)
		}
	}
}

// A connection carries only so many messages.
func TestInboxFlood(t *testing.T) {
	msg := extension.Holepunch{Type: extension.HolepunchRendezvous, Addr: addr(1)}.Append(nil)
	var in punch.Inbox
	for i := range 10_000 {
		if h, err := in.Read(msg); err != nil || h.Addr != addr(1) {
			t.Fatalf("message %d: %+v, %v", i, h, err)
		}
	}
	if _, err := in.Read(msg); !errors.Is(err, punch.ErrFlood) {
		t.Errorf("one more: %v", err)
	}
	var other punch.Inbox
	if _, err := other.Read([]byte{1}); err == nil {
		t.Error("no message is taken for one")
	}
}

package hint

import (
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// A hint counts until it has proved wrong, and its pin longer than that.
func TestSaid(t *testing.T) {
	one, two := verdict.Pin{1}, verdict.Pin{2}
	var s Said
	s.Refute() // of what nobody has said
	for _, c := range []struct {
		hint   Hint
		refute bool
		tls    bool
		pin    verdict.Pin
	}{
		{Hint{}, false, false, verdict.Pin{}},
		{Hint{TLS: true, Pin: one}, false, true, one},
		{Hint{}, false, true, one},
		{Hint{Pin: two}, false, true, two},
		{Hint{}, true, false, two},
		{Hint{TLS: true}, false, false, two},
	} {
		s.Take(c.hint)
		if c.refute {
			s.Refute()
		}
		if s.TLS() != c.tls || s.Pin() != c.pin {
			t.Errorf("after %+v: TLS %t, pin %x", c.hint, s.TLS(), s.Pin())
		}
	}
}

func TestPlain(t *testing.T) {
	a := netip.MustParseAddrPort("1.2.3.4:5")
	if got := Plain([]netip.AddrPort{a}); len(got) != 1 || got[0] != (Hint{Addr: a}) {
		t.Errorf("%+v", got)
	}
}

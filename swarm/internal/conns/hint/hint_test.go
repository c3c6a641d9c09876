package hint

import (
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// A hint counts until it has proved wrong, and what the peer shows longer than that.
func TestSaid(t *testing.T) {
	one, two := verdict.Face{Pin: verdict.Pin{1}}, verdict.Face{Name: "a.example"}
	var s Said
	s.Refute() // of what nobody has said
	for _, c := range []struct {
		hint   Hint
		refute bool
		tls    bool
		face   verdict.Face
	}{
		{Hint{}, false, false, verdict.Face{}},
		{Hint{TLS: true, Face: one}, false, true, one},
		{Hint{}, false, true, one},
		{Hint{Face: two}, false, true, two},
		{Hint{}, true, false, two},
		{Hint{TLS: true}, false, false, two},
	} {
		s.Take(c.hint)
		if c.refute {
			s.Refute()
		}
		if s.TLS() != c.tls || s.Face() != c.face {
			t.Errorf("after %+v: TLS %t, %+v", c.hint, s.TLS(), s.Face())
		}
	}
}

func TestPlain(t *testing.T) {
	a := netip.MustParseAddrPort("1.2.3.4:5")
	if got := Plain([]netip.AddrPort{a}); len(got) != 1 || got[0] != (Hint{Addr: a}) {
		t.Errorf("%+v", got)
	}
}

package greeting

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
)

func TestRead(t *testing.T) {
	want := peerwire.Handshake{InfoHash: [20]byte{1}, PeerID: [20]byte{2}}
	b := want.Append(nil)
	if got, err := Read(bytes.NewReader(b)); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Read(bytes.NewReader(b[:67])); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut short: %v", err)
	}
	b[3] ^= 1
	if _, err := Read(bytes.NewReader(b)); err == nil {
		t.Error("another protocol is taken")
	}
}

// Who comes to a hybrid by its v1 info-hash and knows version 2 is answered under
// the other one (BEP 52).
func TestAnswer(t *testing.T) {
	one, two := [20]byte{1}, [32]byte{2}
	short, both := [20]byte(two[:20]), transport.ID{V1: one, HasV1: true, V2: two, HasV2: true}
	able := peerwire.Reserved{}.With(peerwire.CapV2)
	for name, c := range map[string]struct {
		id       transport.ID
		able     peerwire.Reserved
		by, want [20]byte
	}{
		"upgrade":           {both, able, one, short},
		"as it is":          {both, able, short, short},
		"knows v1 alone":    {both, peerwire.Reserved{}, one, one},
		"we know v1 alone":  {transport.ID{V1: one, HasV1: true}, able, one, one},
		"there is v2 alone": {transport.ID{V2: two, HasV2: true}, able, short, short},
	} {
		if got := Answer(c.id, peerwire.Handshake{Reserved: c.able, InfoHash: c.by}); got != c.want {
			t.Errorf("%s: answered under %x", name, got)
		}
	}
}

// Whichever of two connections each node learns of first, both keep the same
// one.
func TestReplacesAgrees(t *testing.T) {
	a, b := [20]byte{1}, [20]byte{2}
	ip := map[[20]byte]netip.Addr{a: netip.MustParseAddr("10.0.0.1"), b: netip.MustParseAddr("10.0.0.2")}
	kinds := []transport.Kind{transport.Plain, transport.MSE, transport.TLS}
	for _, fromA := range kinds { // of the connection that a dials
		for _, fromB := range kinds {
			// keeps returns who dialled the connection that a node keeps.
			keeps := func(me, other [20]byte, first [20]byte) [20]byte {
				conn := func(dialler [20]byte) Conn {
					kind := fromA
					if dialler == b {
						kind = fromB
					}
					return Conn{Kind: kind, Incoming: dialler != me, Addr: ip[other]}
				}
				second := a
				if first == a {
					second = b
				}
				if Replaces(conn(second), conn(first), me, other) {
					return second
				}
				return first
			}
			want := keeps(a, b, a)
			for _, got := range [][20]byte{keeps(a, b, b), keeps(b, a, a), keeps(b, a, b)} {
				if got != want {
					t.Errorf("kinds %v and %v: one keeps that of %d, another that of %d", fromA, fromB, want[0], got[0])
				}
			}
		}
	}
}

// Showing somebody's peer id replaces nobody.
func TestReplacesNoStranger(t *testing.T) {
	ours, theirs := [20]byte{1}, [20]byte{2}
	old := Conn{Kind: transport.TLS, Addr: netip.MustParseAddr("10.0.0.2")}
	for name, c := range map[string]Conn{
		"from elsewhere":  {Kind: transport.TLS, Incoming: true, Addr: netip.MustParseAddr("10.0.0.3")},
		"in clear":        {Kind: transport.Plain, Incoming: true, Addr: old.Addr},
		"a second dial":   {Kind: transport.TLS, Addr: old.Addr},
		"only obfuscated": {Kind: transport.MSE, Incoming: true, Addr: old.Addr},
	} {
		if Replaces(c, old, ours, theirs) {
			t.Errorf("%s: replaces", name)
		}
	}
}

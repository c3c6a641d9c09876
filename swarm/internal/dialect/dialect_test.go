package dialect

import (
	"bytes"
	"maps"
	"net/netip"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

const headerLen = 5

// What we say of ourselves is read back, and what is off is not offered.
func TestOurs(t *testing.T) {
	o := Ours{Client: "test 1", Port: 6881, Queue: 512, Done: true, InfoLen: 1234, YourIP: netip.MustParseAddr("1.2.3.4"), TLS: extension.TLS{V: 1, H: [32]byte{9}}}
	for _, c := range []struct {
		exchange, punch bool
		names           []string
	}{
		{false, false, []string{"lt_donthave", "upload_only", "ut_metadata"}},
		{true, false, []string{"lt_donthave", "upload_only", "ut_metadata", "ut_pex"}},
		{false, true, []string{"lt_donthave", "upload_only", "ut_holepunch", "ut_metadata"}},
	} {
		o.Exchange, o.Punch = c.exchange, c.punch
		id, payload, err := peerwire.ParseExtended(o.Message()[headerLen:])
		if err != nil || id != Handshake {
			t.Fatalf("message %d: %v", id, err)
		}
		h, err := extension.ParseHandshake(payload)
		if err != nil || h.V != "test 1" || h.P != 6881 || h.Reqq != 512 || !h.UploadOnly || h.MetadataSize != 1234 || h.YourIP != o.YourIP || h.TLS != o.TLS {
			t.Errorf("%+v, %v", h, err)
		}
		if names := slices.Sorted(maps.Keys(h.M)); !slices.Equal(names, c.names) {
			t.Errorf("offers %v, want %v", names, c.names)
		}
	}
}

// Messages go under the peer's own numbers, the last ones it gave, and not at all
// to who does not understand them.
func TestNumbers(t *testing.T) {
	var peer Theirs
	at := netip.MustParseAddrPort("1.2.3.4:0")
	says := func(number byte, want []byte) {
		t.Helper()
		if got := peer.Append([]byte{1}, number, []byte("a"), []byte("bc")); !bytes.Equal(got, append([]byte{1}, want...)) {
			t.Errorf("said %x, want %x", got, want)
		}
		if peer.Understands(number) != (want != nil) {
			t.Errorf("understands %d: %t", number, want == nil)
		}
	}
	framed := func(id byte) []byte {
		return peerwire.AppendExtended(peerwire.AppendExtended(nil, id, []byte("a")), id, []byte("bc"))
	}
	says(Pex, nil)
	peer.Learn(extension.Handshake{V: "one", M: map[string]byte{"ut_pex": 9, "lt_donthave": 1, "xyz": 3}}, at)
	says(Pex, framed(9))
	says(DontHave, framed(1))
	says(Metadata, nil)
	says(Holepunch, nil)
	peer.Learn(extension.Handshake{V: "two", M: map[string]byte{"ut_pex": 0, "ut_metadata": 200}}, at)
	says(Pex, nil)
	says(DontHave, nil)
	says(Metadata, framed(200))
	if peer.Client() != "two" {
		t.Errorf("it is called %q", peer.Client())
	}
}

// The first port that can be one is where the peer is dialled; who speaks of TLS is
// dialled at the port of that.
func TestListen(t *testing.T) {
	called, dialled := netip.MustParseAddrPort("1.2.3.4:0"), netip.MustParseAddrPort("1.2.3.4:5000")
	tls := func(p int) extension.TLS { return extension.TLS{V: 1, P: p, N: "a.example", H: [32]byte{7}} }
	for _, c := range []struct {
		name string
		at   netip.AddrPort
		said []extension.Handshake
		want string
		tls  bool
	}{
		{"no port", called, []extension.Handshake{{}, {P: -1}, {P: 1 << 16}}, "", false},
		{"port after port", called, []extension.Handshake{{}, {P: 7000}, {P: 7001, TLS: tls(7002)}, {}}, "1.2.3.4:7000", false},
		{"dialled, no port", dialled, []extension.Handshake{{}}, "", false},
		{"TLS at the port", called, []extension.Handshake{{P: 7000, TLS: tls(0)}}, "1.2.3.4:7000", true},
		{"TLS of another version", called, []extension.Handshake{{P: 7000, TLS: extension.TLS{V: 2, P: 443, H: [32]byte{7}}}}, "1.2.3.4:7000", false},
		{"TLS at another", called, []extension.Handshake{{P: 7000, TLS: tls(443)}}, "1.2.3.4:443", true},
		{"TLS nowhere", called, []extension.Handshake{{TLS: tls(0)}}, "", false},
		{"TLS where it was dialled", dialled, []extension.Handshake{{TLS: tls(0)}}, "1.2.3.4:5000", true},
	} {
		var peer Theirs
		var want hint.Hint
		if c.want != "" {
			want.Addr = netip.MustParseAddrPort(c.want)
		}
		if c.tls {
			want.TLS, want.Face = true, verdict.Face{Name: "a.example", Pin: verdict.Pin{7}}
		}
		told := 0
		for _, h := range c.said {
			got, isNew := peer.Learn(h, c.at)
			if isNew {
				told++
			}
			if isNew && got != want {
				t.Errorf("%s: told %+v", c.name, got)
			}
		}
		if peer.Listen() != want || told > 1 || told == 1 != want.Addr.IsValid() {
			t.Errorf("%s: it listens at %+v, told %d times", c.name, peer.Listen(), told)
		}
	}
}

// Whether we want nothing is told when it changes, to who understands it; what the
// peer says last counts.
func TestDone(t *testing.T) {
	var d Theirs
	d.Introduce(Ours{Done: true})
	if m := d.Tell(false); m != nil {
		t.Errorf("told %x to one that has not said that it understands", m)
	}
	d.Learn(extension.Handshake{M: map[string]byte{"upload_only": 5}, UploadOnly: true}, netip.AddrPort{})
	for _, c := range []struct {
		done bool
		want []byte
	}{{true, nil}, {false, []byte{0, 0, 0, 3, 20, 5, 0}}, {false, nil}, {true, []byte{0, 0, 0, 3, 20, 5, 1}}} {
		if m := d.Tell(c.done); !bytes.Equal(m, c.want) {
			t.Errorf("%v: told %x, want %x", c.done, m, c.want)
		}
	}
	if !d.Done() {
		t.Error("its handshake is not heard")
	}
	for _, c := range []struct {
		said []byte
		want bool
	}{{[]byte{0}, false}, {nil, false}, {[]byte{2, 0}, true}, {nil, true}} {
		if d.Hear(c.said); d.Done() != c.want {
			t.Errorf("after %x: %v", c.said, d.Done())
		}
	}
}

package draft

import (
	"bytes"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/tracker/message"
)

// discovery checks a vector of the draft on discovery.
func discovery(t *testing.T, v *Vector) {
	switch {
	case v.Has("time"):
		if got := btls.Epoch(time.Unix(int64(v.Number("time")), 0)); got != v.Number("epoch") {
			t.Errorf("epoch %d", got)
		}
	case v.Has("D"):
		if d := derived(t, v).DiscoveryID(v.Number("epoch")); !bytes.Equal(d[:], v.Bytes("D")) {
			t.Errorf("D = %x", d)
		}
	case v.Has("flags"):
		checkPex(t, v)
	case v.Has("payload"):
		checkHandshake(t, v)
	case v.Has("query"):
		checkRequest(t, v)
	default:
		checkAnswer(t, v)
	}
}

func checkHandshake(t *testing.T, v *Vector) {
	payload := v.Bytes("payload")
	h, err := extension.ParseHandshake(payload)
	want := extension.TLS{V: 1, P: int(v.Number("p")), N: v.Text("n"), H: v.Bytes32("h")}
	if err != nil || h.TLS != want {
		t.Errorf("read as %+v, %v", h.TLS, err)
	}
	written := extension.Handshake{M: map[string]byte{"ut_pex": 1}, TLS: want}.Append(nil)
	if !bytes.Equal(written, payload) {
		t.Errorf("written as %q", written)
	}
}

func checkPex(t *testing.T, v *Vector) {
	p, err := extension.ParsePex(v.Bytes("payload"))
	want := []extension.PexPeer{{Addr: netip.MustParseAddrPort(v.Text("address")), Flags: extension.PexFlags(v.Number("flags"))}}
	if err != nil || !cmp.Equal(p.Added, want, cmpopts.EquateComparable(netip.AddrPort{})) {
		t.Errorf("read as %+v, %v", p.Added, err)
	}
	if f := extension.PexTLS | extension.PexReachable; want[0].Flags != f {
		t.Errorf("flags are %x", f)
	}
}

func checkRequest(t *testing.T, v *Vector) {
	base := &url.URL{Scheme: "https", Host: "tracker.example", Path: "/announce"}
	u := message.AnnounceURL(base, &message.Request{TLS: message.TLS{Support: true, Require: true, Pin: v.Bytes32("tlspin")}})
	if !strings.HasSuffix(u.String(), v.Text("query")) {
		t.Errorf("asked with %s", u)
	}
}

func checkAnswer(t *testing.T, v *Vector) {
	want := message.Response{Interval: 30 * time.Minute, Seeders: -1, Leechers: -1, TLS: map[netip.AddrPort]message.Pin{}}
	for _, n := range []string{"1", "2", "3"} {
		a := netip.MustParseAddrPort(v.Text("peer-" + n))
		want.Peers = append(want.Peers, a)
		if v.Has("pin-" + n) {
			want.TLS[a] = v.Bytes32("pin-" + n)
		}
	}
	b := v.Bytes("answer")
	got, err := message.ParseAnnounce(b)
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.AddrPort{}, netip.Addr{})); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if written := message.AppendAnswer(nil, &want); !bytes.Equal(written, b) {
		t.Errorf("written as %q", written)
	}
}

package metainfo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/metainfo"
)

const (
	hex40 = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
	hex64 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e"
	// hex40 in base32.
	base32 = "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK"
)

func TestMagnet(t *testing.T) {
	v1 := mustMagnet(t, "magnet:?xt=urn:btih:"+hex40).Hashes
	v2 := mustMagnet(t, "magnet:?xt=urn:btmh:1220"+hex64).Hashes
	both := metainfo.InfoHashes{V1: v1.V1, V2: v2.V2, HasV1: true, HasV2: true}
	if v1.String() != hex40 || v2.String() != hex64 || both.String() != hex40+"/"+hex64 {
		t.Errorf("%v %v %v", v1, v2, both)
	}
	for _, c := range []struct {
		in    string
		want  metainfo.Magnet
		plain string // "" if it is written as it was
	}{
		{"magnet:?xt=urn:btih:" + hex40, metainfo.Magnet{Hashes: v1}, ""},
		{"magnet:?xt=urn:btmh:1220" + hex64, metainfo.Magnet{Hashes: v2}, ""},
		{"magnet:?xt=urn:btih:" + hex40 + "&xt=urn:btmh:1220" + hex64, metainfo.Magnet{Hashes: both}, ""},
		{"MAGNET:?xt.1=URN:BTIH:" + strings.ToUpper(hex40), metainfo.Magnet{Hashes: v1}, "magnet:?xt=urn:btih:" + hex40},
		{"magnet:?xt=urn:btih:" + strings.ToLower(base32), metainfo.Magnet{Hashes: v1}, "magnet:?xt=urn:btih:" + hex40},
		{"magnet:?&xt=urn:btih:" + hex40 + "&&#frag", metainfo.Magnet{Hashes: v1}, "magnet:?xt=urn:btih:" + hex40},
		{
			"magnet:?xt=urn:btih:" + hex40 + "&dn=a%20b%26c%2Bd&xl=5&tr=http%3A%2F%2Ft%2Fa%3Fk%3D1&tr=udp%3A%2F%2Fu%3A1" +
				"&ws=http%3A%2F%2Fw%2F&x.pe=1.2.3.4%3A5&x.pe=%5B%3A%3A1%5D%3A6&so=0,2,4-6&x.k=v&xt=urn%3Asha1%3Aq",
			metainfo.Magnet{
				Hashes: v1, Name: "a b&c+d", Length: 5,
				Trackers: []string{"http://t/a?k=1", "udp://u:1"}, WebSeeds: []string{"http://w/"},
				Peers:      []string{"1.2.3.4:5", "[::1]:6"},
				SelectOnly: []metainfo.IndexRange{{First: 0, Last: 0}, {First: 2, Last: 2}, {First: 4, Last: 6}},
				Extra:      []metainfo.Param{{Key: "x.k", Value: "v"}, {Key: "xt", Value: "urn:sha1:q"}},
			}, "",
		},
		{"magnet:?xt=urn:btih:" + hex40 + "&tr.1=a&tr.2=b", metainfo.Magnet{Hashes: v1, Trackers: []string{"a", "b"}},
			"magnet:?xt=urn:btih:" + hex40 + "&tr=a&tr=b"},
	} {
		m := mustMagnet(t, c.in)
		if diff := cmp.Diff(&c.want, m); diff != "" {
			t.Errorf("%s: %s", c.in, diff)
		}
		if c.plain == "" {
			c.plain = c.in
		}
		if got := m.String(); got != c.plain {
			t.Errorf("got  %s\nwant %s", got, c.plain)
		}
	}
}

func mustMagnet(t *testing.T, s string) *metainfo.Magnet {
	t.Helper()
	m, err := metainfo.ParseMagnet(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBadMagnet(t *testing.T) {
	good := "magnet:?xt=urn:btih:" + hex40
	other := strings.Repeat("0", 40)
	for _, c := range []struct {
		in, field string
		err       error
	}{
		{"", "magnet", metainfo.ErrType},
		{"http://x/", "magnet", metainfo.ErrType},
		{"magnet:?dn=x", "magnet.xt", metainfo.ErrMissing},
		{"magnet:?xt=urn:sha1:x", "magnet.xt", metainfo.ErrMissing},
		{"magnet:?xt=urn:btih:" + hex40[1:], "magnet.xt", metainfo.ErrRange},
		{"magnet:?xt=urn:btih:" + strings.Repeat("x", 40), "magnet.xt", metainfo.ErrType},
		{"magnet:?xt=urn:btih:" + strings.Repeat("1", 32), "magnet.xt", metainfo.ErrType},
		{"magnet:?xt=urn:btmh:1114" + hex64, "magnet.xt", metainfo.ErrVersion},
		{"magnet:?xt=urn:btmh:1220" + hex64[1:], "magnet.xt", metainfo.ErrRange},
		{good + "&xt=urn:btih:" + other, "magnet.xt", metainfo.ErrDuplicate},
		{good + "&dn=%zz", "magnet", metainfo.ErrEncoding},
		{good + "&x.pe=host", "magnet.x.pe", metainfo.ErrRange},
		{good + "&x.pe=host:0", "magnet.x.pe", metainfo.ErrRange},
		{good + "&x.pe=host:65536", "magnet.x.pe", metainfo.ErrRange},
		{good + "&x.pe=:1", "magnet.x.pe", metainfo.ErrRange},
		{good + "&so=1-", "magnet.so", metainfo.ErrRange},
		{good + "&so=2-1", "magnet.so", metainfo.ErrRange},
		{good + "&so=-1", "magnet.so", metainfo.ErrRange},
		{good + "&so=9999999999", "magnet.so", metainfo.ErrRange},
		{good + "&xl=-1", "magnet.xl", metainfo.ErrRange},
		{good + "&dn=" + strings.Repeat("x", 70000), "magnet", metainfo.ErrTooLong},
	} {
		_, err := metainfo.ParseMagnet(c.in)
		wantField(t, err, c.field, c.err)
	}
}

func TestSelected(t *testing.T) {
	all := metainfo.Magnet{}
	some := metainfo.Magnet{SelectOnly: []metainfo.IndexRange{{First: 1, Last: 1}, {First: 3, Last: 5}}}
	for i, want := range []bool{false, true, false, true, true, true, false} {
		if some.Selected(i) != want || !all.Selected(i) {
			t.Errorf("file %d: %v, want %v", i, some.Selected(i), want)
		}
	}
}

func TestTorrentMagnet(t *testing.T) {
	tor := mustParse(t, readGolden(t, "tree-hybrid"))
	m := mustMagnet(t, tor.Magnet().String())
	if m.Hashes != tor.Hashes() || m.Name != "tree" {
		t.Errorf("%+v", m)
	}
	if diff := cmp.Diff([]string{"http://tracker.example/announce"}, m.Trackers); diff != "" {
		t.Error(diff)
	}
}

func TestInfoHashes(t *testing.T) {
	a := metainfo.HashInfo([]byte("a"), true, false)
	b := metainfo.HashInfo([]byte("a"), false, true)
	both := metainfo.HashInfo([]byte("a"), true, true)
	other := metainfo.HashInfo([]byte("b"), true, true)
	mixed := metainfo.InfoHashes{V1: both.V1, V2: other.V2, HasV1: true, HasV2: true}
	for _, c := range []struct {
		x, y metainfo.InfoHashes
		want bool
	}{{a, both, true}, {b, both, true}, {both, both, true}, {a, b, false}, {both, other, false}, {both, mixed, false}} {
		if c.x.Match(c.y) != c.want || c.y.Match(c.x) != c.want {
			t.Errorf("%v and %v: match is not %v", c.x, c.y, c.want)
		}
	}
	if a.Wire() != [20]byte(a.V1) || both.Wire() != [20]byte(a.V1) || b.Wire() != b.Truncated() || [20]byte(b.V2[:20]) != b.Wire() {
		t.Error("Wire does not prefer version 1")
	}
}

package magnet_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

const (
	hex40 = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
	hex64 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e"
	// hex40 in base32.
	base32 = "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK"
)

// secret43 is a secret of 32 zeros in base64url.
var secret43 = strings.Repeat("A", 43)

func base64url(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestLinks(t *testing.T) {
	v1 := mustParse(t, "magnet:?xt=urn:btih:"+hex40).Hashes
	v2 := mustParse(t, "magnet:?xt=urn:btmh:1220"+hex64).Hashes
	both := metainfo.InfoHashes{V1: v1.V1, V2: v2.V2, HasV1: true, HasV2: true}
	if v1.String() != hex40 || v2.String() != hex64 || both.String() != hex40+"/"+hex64 {
		t.Errorf("%v %v %v", v1, v2, both)
	}
	for _, c := range []struct {
		in    string
		want  magnet.Link
		plain string // "" if it is written as it was
	}{
		{"magnet:?xt=urn:btih:" + hex40, magnet.Link{Hashes: v1}, ""},
		{"magnet:?xt=urn:btmh:1220" + hex64, magnet.Link{Hashes: v2}, ""},
		{"magnet:?xt=urn:btih:" + hex40 + "&xt=urn:btmh:1220" + hex64, magnet.Link{Hashes: both}, ""},
		{"MAGNET:?xt.1=URN:BTIH:" + strings.ToUpper(hex40), magnet.Link{Hashes: v1}, "magnet:?xt=urn:btih:" + hex40},
		{"magnet:?xt=urn:btih:" + strings.ToLower(base32), magnet.Link{Hashes: v1}, "magnet:?xt=urn:btih:" + hex40},
		{"magnet:?&xt=urn:btih:" + hex40 + "&&#frag", magnet.Link{Hashes: v1}, "magnet:?xt=urn:btih:" + hex40},
		{
			"magnet:?xt=urn:btih:" + hex40 + "&dn=a%20b%26c%2Bd&xl=5&tr=http%3A%2F%2Ft%2Fa%3Fk%3D1&tr=udp%3A%2F%2Fu%3A1" +
				"&ws=http%3A%2F%2Fw%2F&x.pe=1.2.3.4%3A5&x.pe=%5B%3A%3A1%5D%3A6&so=0,2,4-6&x.k=v&xt=urn%3Asha1%3Aq",
			magnet.Link{
				Hashes: v1, Name: "a b&c+d", Length: 5,
				Trackers: []string{"http://t/a?k=1", "udp://u:1"}, WebSeeds: []string{"http://w/"},
				Peers:      []string{"1.2.3.4:5", "[::1]:6"},
				SelectOnly: []magnet.IndexRange{{First: 0, Last: 0}, {First: 2, Last: 2}, {First: 4, Last: 6}},
				Extra:      []magnet.Param{{Key: "x.k", Value: "v"}, {Key: "xt", Value: "urn:sha1:q"}},
			}, "",
		},
		{"magnet:?xt=urn:btih:" + hex40 + "&x.btls=" + secret43, magnet.Link{
			Hashes: v1, TLS: &metainfo.TLS{Level: metainfo.TLSStrict, Secret: make([]byte, 32)},
		}, ""},
		{"magnet:?xt=urn:btih:" + hex40 + "&x.btls=" + base64url("d5:leveli1e6:secret32:"+string(make([]byte, 32))+"e"), magnet.Link{
			Hashes: v1, TLS: &metainfo.TLS{Level: metainfo.TLSStrict, Secret: make([]byte, 32)},
		}, "magnet:?xt=urn:btih:" + hex40 + "&x.btls=" + secret43},
		{"magnet:?xt=urn:btih:" + hex40 + "&x.btls=" + base64url("d1:hl32:"+string(make([]byte, 32))+"e5:leveli0ee"), magnet.Link{
			Hashes: v1, TLS: &metainfo.TLS{Pins: [][32]byte{{}}},
		}, ""},
		{"magnet:?xt=urn:btih:" + hex40 + "&tr.1=a&tr.2=b", magnet.Link{Hashes: v1, Trackers: []string{"a", "b"}},
			"magnet:?xt=urn:btih:" + hex40 + "&tr=a&tr=b"},
	} {
		m := mustParse(t, c.in)
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

func mustParse(t *testing.T, s string) *magnet.Link {
	t.Helper()
	m, err := magnet.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBadLinks(t *testing.T) {
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
		{good + "&x.btls=" + secret43 + "&x.btls=B" + secret43[1:], "magnet.x.btls", magnet.ErrConflict},
		{good + "&x.btls=" + secret43 + "%3D", "magnet.x.btls", metainfo.ErrType},
		{good + "&x.btls=", "magnet.x.btls", bencode.ErrTruncated},
		{good + "&x.btls=" + base64url("d5:leveli3ee"), "magnet.x.btls", metainfo.ErrVersion},
		{good + "&xt=urn:btih:" + other, "magnet.xt", magnet.ErrConflict},
		{good + "&dn=%zz", "magnet", magnet.ErrEscape},
		{good + "&x.pe=host", "magnet.x.pe", metainfo.ErrRange},
		{good + "&x.pe=host:0", "magnet.x.pe", metainfo.ErrRange},
		{good + "&x.pe=host:65536", "magnet.x.pe", metainfo.ErrRange},
		{good + "&x.pe=:1", "magnet.x.pe", metainfo.ErrRange},
		{good + "&so=1-", "magnet.so", metainfo.ErrRange},
		{good + "&so=2-1", "magnet.so", metainfo.ErrRange},
		{good + "&so=-1", "magnet.so", metainfo.ErrRange},
		{good + "&so=9999999999", "magnet.so", metainfo.ErrRange},
		{good + "&xl=-1", "magnet.xl", metainfo.ErrRange},
		{good + "&dn=" + strings.Repeat("x", 70000), "magnet", magnet.ErrTooLong},
	} {
		_, err := magnet.Parse(c.in)
		var bad *metainfo.FieldError
		if !errors.As(err, &bad) || bad.Field != c.field || !errors.Is(err, c.err) {
			t.Errorf("%.80s: %v, want %s: %v", c.in, err, c.field, c.err)
		}
	}
}

func TestSelected(t *testing.T) {
	all := magnet.Link{}
	some := magnet.Link{SelectOnly: []magnet.IndexRange{{First: 1, Last: 1}, {First: 3, Last: 5}}}
	for i, want := range []bool{false, true, false, true, true, true, false} {
		if some.Selected(i) != want || !all.Selected(i) {
			t.Errorf("file %d: %v, want %v", i, some.Selected(i), want)
		}
	}
}

func TestOf(t *testing.T) {
	tor, err := metainfo.Parse(golden.Torrent("tree-hybrid"))
	if err != nil {
		t.Fatal(err)
	}
	tor.URLList = []string{"http://seed.example/"}
	m := mustParse(t, magnet.Of(tor).String())
	if m.Hashes != tor.Hashes() || m.Name != "tree" {
		t.Errorf("%+v", m)
	}
	if diff := cmp.Diff([]string{"http://tracker.example/announce"}, m.Trackers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(tor.URLList, m.WebSeeds); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("magnet:?xt=urn:btih:" + hex40 + "&xt=urn:btmh:1220" + hex64 + "&dn=a+b&tr=t&ws=w&x.pe=h:1&so=0,2-4&xl=1&k=v")
	f.Add("magnet:?xt.1=urn:btih:" + base32)
	f.Fuzz(func(t *testing.T, s string) {
		m, err := magnet.Parse(s)
		if err != nil {
			return
		}
		again, err := magnet.Parse(m.String())
		if err != nil {
			if len(m.String()) > 64<<10 {
				return // escaping made it too long
			}
			t.Fatalf("%s: %v", m, err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Errorf("%s: %s", m, diff)
		}
	})
}

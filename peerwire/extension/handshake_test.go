package extension

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

func full() Handshake {
	return Handshake{
		M:            map[string]byte{NameMetadata: 2, NamePex: 1, NameDontHave: 7, NameHolepunch: 4},
		V:            "warren 0.1",
		P:            6881,
		Reqq:         512,
		MetadataSize: 31235,
		YourIP:       netip.MustParseAddr("1.2.3.4"),
		IPv4:         netip.MustParseAddr("5.6.7.8"),
		IPv6:         netip.MustParseAddr("4142:4344:4546:4748:494a:4b4c:4d4e:4f50"),
		UploadOnly:   true,
		Encryption:   true,
		TLS:          TLS{V: 1, P: 443, N: "peer.example", H: [32]byte([]byte(pinText))},
	}
}

const pinText = "0123456789abcdef0123456789ABCDEF"

const goldenFull = "d1:ei1e4:ipv44:\x05\x06\x07\x084:ipv616:ABCDEFGHIJKLMNOP" +
	"1:md11:lt_donthavei7e12:ut_holepunchi4e11:ut_metadatai2e6:ut_pexi1ee" +
	"13:metadata_sizei31235e1:pi6881e4:reqqi512e3:tlsd1:h32:" + pinText + "1:n12:peer.example1:pi443e1:vi1ee" +
	"11:upload_onlyi1e1:v10:warren 0.1" +
	"6:yourip4:\x01\x02\x03\x04e"

func TestHandshakeGolden(t *testing.T) {
	for _, tt := range []struct {
		h    Handshake
		want string
	}{
		{full(), goldenFull},
		{Handshake{}, "d1:mdee"},
		{Handshake{M: map[string]byte{NamePex: 0}}, "d1:md6:ut_pexi0eee"},
		{Handshake{TLS: TLS{V: TLSVersion}}, "d1:mde3:tlsd1:vi1eee"},
		{Handshake{TLS: TLS{P: 5}}, "d1:mdee"},
	} {
		if got := tt.h.Append([]byte("x")); string(got) != "x"+tt.want {
			t.Errorf("got %q, want %q", got[1:], tt.want)
		}
		got, err := ParseHandshake([]byte(tt.want))
		if err != nil {
			t.Fatal(err)
		}
		if tt.h.TLS.V == 0 {
			tt.h.TLS = TLS{}
		}
		compare(t, tt.h, got)
	}
}

func TestHandshakeSloppy(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		want Handshake
	}{
		{"BEP 10 example", "d1:md11:LT_metadatai1e6:ut_pexi2ee1:pi6881e1:v13:\u00b5Torrent 1.2e",
			Handshake{M: map[string]byte{"LT_metadata": 1, "ut_pex": 2}, P: 6881, V: "\u00b5Torrent 1.2"}},
		{"BEP 9 and 21 examples, unsorted", "d11:upload_onlyi1e13:metadata_sizei31235e1:md11:ut_metadatai3eee",
			Handshake{M: map[string]byte{"ut_metadata": 3}, MetadataSize: 31235, UploadOnly: true}},
		{"empty", "de", Handshake{}},
		{"bytes behind it", "d1:pi80eexxxx", Handshake{P: 80}},
		{"unknown keys", "d12:complete_agoi-1e1:pi80e3:zzzld1:ai1eeee", Handshake{P: 80}},
		{"wrong types", "d1:e1:14:ipv4i1e4:ipv6le1:mle13:metadata_size3:1231:p4:68814:reqqle" +
			"11:upload_only1:11:vi1e6:youripdee", Handshake{}},
		{"wrong types in m", "d1:md1:ai1e1:b1:21:ci256e1:di-1e1:ei255eee",
			Handshake{M: map[string]byte{"a": 1, "e": 255}}},
		{"numbers out of bounds", "d13:metadata_sizei-1e1:pi65536e4:reqqi-5ee", Handshake{}},
		{"metadata too large", "d13:metadata_sizei67108865ee", Handshake{}},
		{"metadata largest", "d13:metadata_sizei67108864ee", Handshake{MetadataSize: MaxMetadataLen}},
		{"reqq beyond the limit", "d4:reqqi9223372036854775807ee", Handshake{Reqq: MaxReqq}},
		{"addresses of wrong length", "d4:ipv43:abc4:ipv64:abcd6:yourip5:abcdee", Handshake{}},
		{"families mixed up", "d4:ipv416:ABCDEFGHIJKLMNOP4:ipv616:\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x01\x02\x03\x04e",
			Handshake{}},
		{"IPv4 written as IPv6", "d6:yourip16:\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x01\x02\x03\x04e",
			Handshake{YourIP: netip.MustParseAddr("1.2.3.4")}},
		{"name that is not printable", "d1:v8:a\x1b[31m\n\xffe", Handshake{V: "a\ufffd[31m\ufffd\ufffd"}},
		{"name too long", "d1:v257:" + strings.Repeat("a", 257) + "e", Handshake{}},
		{"TLS as some would write it", "d3:tlsd1:pi0e1:vi2e1:xdee1:pi80ee", Handshake{P: 80, TLS: TLS{V: 2}}},
		{"TLS without version", "d3:tlsd1:pi443eee", Handshake{}},
		{"TLS that is no dictionary", "d3:tlsi1ee", Handshake{}},
		{"TLS of versions there cannot be", "d3:tlsd1:vi0eee", Handshake{}},
		{"TLS with wrong types", "d3:tlsd1:hi1e1:ni1e1:p3:4431:vi1eee", Handshake{TLS: TLS{V: 1}}},
		{"TLS with values out of bounds", "d3:tlsd1:h31:" + pinText[:31] + "1:n3:a\n.1:pi65536e1:vi1eee", Handshake{TLS: TLS{V: 1}}},
		{"TLS with a name too long", "d3:tlsd1:n254:" + strings.Repeat("a", 254) + "1:vi1eee", Handshake{TLS: TLS{V: 1}}},
		{"flags off", "d1:ei0e11:upload_onlyi0ee", Handshake{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseHandshake([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, tt.want, got)
		})
	}
}

func TestHandshakeRefused(t *testing.T) {
	parse := func(b []byte) error { _, err := ParseHandshake(b); return err }
	checkDictionary(t, handshakeName, parse)
	names := func(n int) []byte {
		var m strings.Builder
		for i := range n {
			fmt.Fprintf(&m, "4:x%03di1e", i)
		}
		return []byte("d1:md" + m.String() + "ee")
	}
	if err := parse(names(MaxNames)); err != nil {
		t.Error(err)
	}
	checkError(t, parse(names(MaxNames+1)), handshakeName, peerwire.ErrLength)
}

func FuzzHandshake(f *testing.F) {
	f.Add([]byte(goldenFull))
	f.Add([]byte("d1:md6:ut_pexi1e1:x1:ye1:v2:\xff\xffe"))
	f.Add([]byte("d3:tlsd1:hi1e1:n1:.1:pi443e1:vi255eee"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		h, err := ParseHandshake(payload)
		if err != nil {
			return
		}
		if len(h.M) > MaxNames || h.P > 65535 || h.Reqq > MaxReqq || h.MetadataSize > MaxMetadataLen ||
			h.TLS.V > 255 || h.TLS.P > 65535 || len(h.TLS.N) > maxNameLen || h.TLS.V == 0 && h.TLS != (TLS{}) {
			t.Fatalf("%q passed as %+v", payload, h)
		}
		// Replacement may lengthen V beyond what is accepted.
		if len(h.V) > MaxVersionLen {
			h.V = ""
		}
		again, err := ParseHandshake(h.Append(nil))
		if err != nil {
			t.Fatalf("%+v does not parse: %v", h, err)
		}
		compare(t, h, again)
	})
}

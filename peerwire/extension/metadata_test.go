package extension

import (
	"bytes"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

func TestMetadataGolden(t *testing.T) {
	block := bytes.Repeat([]byte("x"), MetadataPieceLen)
	for _, tt := range []struct {
		name string
		m    Metadata
		want string
	}{
		{"request, as in BEP 9", Metadata{Type: MetadataRequest}, "d8:msg_typei0e5:piecei0ee"},
		{"data, as in BEP 9", Metadata{MetadataData, 0, 3425, block[:3425]},
			"d8:msg_typei1e5:piecei0e10:total_sizei3425ee" + strings.Repeat("x", 3425)},
		{"reject, as in BEP 9", Metadata{Type: MetadataReject}, "d8:msg_typei2e5:piecei0ee"},
		{"first of two", Metadata{MetadataData, 0, 16385, block},
			"d8:msg_typei1e5:piecei0e10:total_sizei16385ee" + string(block)},
		{"last of two", Metadata{MetadataData, 1, 16385, block[:1]},
			"d8:msg_typei1e5:piecei1e10:total_sizei16385eex"},
		{"last there can be", Metadata{Type: MetadataRequest, Piece: 4095}, "d8:msg_typei0e5:piecei4095ee"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.m.Append([]byte("x")); string(got) != "x"+tt.want {
				t.Errorf("got %q, want %q", got[1:], tt.want)
			}
			got, err := ParseMetadata([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, tt.m, got)
		})
	}
}

func TestMetadataSloppy(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Metadata
	}{
		{"d5:piecei2e8:msg_typei0ee", Metadata{Type: MetadataRequest, Piece: 2}},
		{"d8:msg_typei1e5:piecei0e10:total_sizei2e5:usersi9eeab", Metadata{MetadataData, 0, 2, []byte("ab")}},
		{"d8:msg_typei0e5:piecei0e10:total_sizei5eexyz", Metadata{Type: MetadataRequest}},
		{"d8:msg_typei3ee", Metadata{Type: MetadataUnknown}},
		{"d8:msg_typei-1ee", Metadata{Type: MetadataUnknown}},
		{"d8:msg_typei256e5:piecei0ee", Metadata{Type: MetadataUnknown}},
	} {
		got, err := ParseMetadata([]byte(tt.in))
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
		}
		compare(t, tt.want, got)
	}
}

func TestMetadataRefused(t *testing.T) {
	checkDictionary(t, NameMetadata, func(b []byte) error { _, err := ParseMetadata(b); return err })
	for _, tt := range []struct {
		in     string
		reason error
	}{
		{"de", peerwire.ErrValue},
		{"d8:msg_type1:05:piecei0ee", peerwire.ErrValue},
		{"d8:msg_typei0ee", peerwire.ErrValue},
		{"d8:msg_typei0e5:piecei-1ee", peerwire.ErrValue},
		{"d8:msg_typei2e5:piecei4096ee", peerwire.ErrValue},
		{"d8:msg_typei0e5:piecei9223372036854775807ee", peerwire.ErrValue},
		{"d8:msg_typei1e5:piecei0eex", peerwire.ErrValue},
		{"d8:msg_typei1e5:piecei0e10:total_sizei0ee", peerwire.ErrValue},
		{"d8:msg_typei1e5:piecei1e10:total_sizei16384ee", peerwire.ErrValue},
		{"d8:msg_typei1e5:piecei0e10:total_sizei67108865eex", peerwire.ErrValue},
		{"d8:msg_typei1e5:piecei0e10:total_sizei2eea", peerwire.ErrLength},
		{"d8:msg_typei1e5:piecei0e10:total_sizei2eeabc", peerwire.ErrLength},
		{"d8:msg_typei1e5:piecei0e10:total_sizei20000ee" + strings.Repeat("x", 16385), peerwire.ErrLength},
	} {
		_, err := ParseMetadata([]byte(tt.in))
		checkError(t, err, NameMetadata, tt.reason)
	}
}

func FuzzMetadata(f *testing.F) {
	f.Add([]byte("d8:msg_typei0e5:piecei0ee"))
	f.Add([]byte("d8:msg_typei1e5:piecei1e10:total_sizei16389eehello"))
	f.Add([]byte("d5:piecei1e8:msg_typei2ee"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := ParseMetadata(payload)
		if err != nil || m.Type == MetadataUnknown {
			return
		}
		if len(m.Data) > MetadataPieceLen || m.Piece*MetadataPieceLen+len(m.Data) > MaxMetadataLen {
			t.Fatalf("%q passed as %+v", payload, m)
		}
		again, err := ParseMetadata(m.Append(nil))
		if err != nil {
			t.Fatalf("%+v does not parse: %v", m, err)
		}
		compare(t, m, again)
	})
}

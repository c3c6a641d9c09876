package packet_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		h         packet.Header
		payload   string
	}{
		{"syn", "41 00 1234 00000001 00000000 00040000 0001 0000",
			packet.Header{Type: packet.Syn, ConnID: 0x1234, Time: 1, Window: 1 << 18, Seq: 1}, ""},
		{"data", "01 00 1235 00000002 0000c350 00040000 0002 fffe 6869",
			packet.Header{Type: packet.Data, ConnID: 0x1235, Time: 2, TimeDiff: 50000, Window: 1 << 18, Seq: 2, Ack: 0xfffe}, "hi"},
		{"fin", "11 00 1235 ffffffff 80000000 00000000 ffff 0001",
			packet.Header{Type: packet.Fin, ConnID: 0x1235, Time: 1<<32 - 1, TimeDiff: 1 << 31, Seq: 0xffff, Ack: 1}, ""},
		{"reset", "31 00 1235 00000000 00000000 00000000 0000 0007",
			packet.Header{Type: packet.Reset, ConnID: 0x1235, Ack: 7}, ""},
		{"state with holes", "21 01 1234 00000003 00000004 00000005 0006 0007 00 04 05000080",
			packet.Header{Type: packet.State, ConnID: 0x1234, Time: 3, TimeDiff: 4, Window: 5, Seq: 6, Ack: 7, SACK: []byte{5, 0, 0, 0x80}}, ""},
		{"state of libtorrent", "21 01 1234 00000003 00000004 00000005 0006 0007 00 01 05",
			packet.Header{Type: packet.State, ConnID: 0x1234, Time: 3, TimeDiff: 4, Window: 5, Seq: 6, Ack: 7, SACK: []byte{5}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := unhex(t, c.hex)
			if got := append(c.h.Append(nil), c.payload...); !bytes.Equal(got, want) || c.h.Len()+len(c.payload) != len(want) {
				t.Errorf("appended %x, want %x", got, want)
			}
			h, payload, err := packet.Parse(want)
			if err != nil || !reflect.DeepEqual(h, c.h) || string(payload) != c.payload {
				t.Errorf("parsed %+v, %q, %v", h, payload, err)
			}
		})
	}
}

// What other clients add is skipped: libtorrent tells why it closes, uTorrent
// sends bits of extensions.
func TestUnknownExtensions(t *testing.T) {
	h, payload, err := packet.Parse(unhex(t, "01 02 1234 00000000 00000000 00000000 0001 0002 01 08 0000000000000000 03 04 ffffffff 00 04 00000001 6869"))
	if err != nil || !bytes.Equal(h.SACK, []byte{0xff, 0xff, 0xff, 0xff}) || string(payload) != "hi" {
		t.Errorf("%+v, %q, %v", h, payload, err)
	}
}

func TestRefused(t *testing.T) {
	head := " 00 1234 00000000 00000000 00000000 0001 0002"
	ext := strings.Replace(head, "00", "01", 1)
	for _, c := range []struct {
		hex  string
		want error
	}{
		{"", packet.ErrLength},
		{("01" + head)[:len("01"+head)-2], packet.ErrLength},
		{"02" + head, packet.ErrVersion},
		{"00" + head, packet.ErrVersion},
		{"51" + head, packet.ErrType},
		{"64313a61" + strings.Repeat("00", 20), packet.ErrVersion}, // d1:a of a DHT node
		{"21" + ext, packet.ErrExtension},
		{"21" + ext + "00", packet.ErrExtension},
		{"21" + ext + "0000", packet.ErrExtension},
		{"21" + ext + "0004 000000", packet.ErrExtension},
		{"21" + ext + "0104 00000000 0004 00000000", packet.ErrExtension},
		{"21" + strings.Replace(ext, "01", "02", 1) + strings.Repeat("0200", 20), packet.ErrExtension},
	} {
		if _, _, err := packet.Parse(unhex(t, c.hex)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.hex, err, c.want)
		}
	}
}

func TestLess(t *testing.T) {
	for _, c := range []struct {
		a, b uint16
		want bool
	}{{1, 2, true}, {2, 1, false}, {1, 1, false}, {0xffff, 0, true}, {0, 0xffff, false}, {0, 0x7fff, true}, {0, 0x8001, false}} {
		if got := packet.Less(c.a, c.b); got != c.want {
			t.Errorf("Less(%d, %d) = %v", c.a, c.b, got)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	buf := make([]byte, 0, 100)
	h := packet.Header{Type: packet.Data, SACK: make([]byte, 4)}
	if n := testing.AllocsPerRun(100, func() {
		buf = h.Append(buf[:0])
		if _, _, err := packet.Parse(buf); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\x21\x01\x12\x34\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05\x00\x06\x00\x07\x00\x04\x05\x00\x00\x80rest"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, payload, err := packet.Parse(b)
		if err != nil {
			return
		}
		again, rest, err := packet.Parse(append(h.Append(nil), payload...))
		if err != nil || !reflect.DeepEqual(again, h) || !bytes.Equal(rest, payload) {
			t.Fatalf("%x is %+v, then %+v, %v", b, h, again, err)
		}
	})
}

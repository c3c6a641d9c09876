package peerwire

import (
	"encoding/binary"
	"testing"
)

func TestPiece(t *testing.T) {
	for _, tt := range []struct {
		index, begin uint32
		n            int
		hex          string
	}{
		{0, 0, BlockLen, "00004009 07 00000000 00000000"},
		{5, 0x8000, BlockLen, "00004009 07 00000005 00008000"},
		{1<<32 - 1, 1<<32 - 1, 1, "0000000a 07 ffffffff ffffffff"},
	} {
		dst := make([]byte, PieceHeaderLen+1)
		dst[PieceHeaderLen] = 0xee
		PutPieceHeader(dst, tt.index, tt.begin, tt.n)
		if string(dst) != string(unhex(t, tt.hex))+"\xee" {
			t.Errorf("got %x, want %s", dst, tt.hex)
		}
		msg := append(dst[:PieceHeaderLen], make([]byte, tt.n)...)
		index, begin, err := ParsePiece(payloadOf(t, msg, IDPiece)[:8])
		if err != nil || index != tt.index || begin != tt.begin {
			t.Errorf("%s: parsed %d, %d, %v", tt.hex, index, begin, err)
		}
	}
	for n := range 8 {
		_, _, err := ParsePiece(make([]byte, n))
		checkError(t, err, "piece", ErrLength)
	}
}

func TestPieceAllocatesNothing(t *testing.T) {
	buf := make([]byte, PieceHeaderLen)
	if n := testing.AllocsPerRun(1000, func() {
		PutPieceHeader(buf, 7, BlockLen, BlockLen)
		if err := CheckLength(ID(buf[4]), 9+BlockLen, 100); err != nil {
			t.Fatal(err)
		}
		if index, begin, err := ParsePiece(buf[headerLen:]); err != nil || index != 7 || begin != BlockLen {
			t.Fatal(index, begin, err)
		}
	}); n != 0 {
		t.Errorf("a piece allocates %v times", n)
	}
}

func FuzzPiece(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x00\x40\x00data"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		index, begin, err := ParsePiece(payload)
		if (err == nil) != (len(payload) >= 8) {
			t.Fatalf("%x: %v", payload, err)
		}
		if err != nil || len(payload) > 8+BlockLen {
			return
		}
		var head [PieceHeaderLen]byte
		PutPieceHeader(head[:], index, begin, len(payload)-8)
		n := binary.BigEndian.Uint32(head[:])
		if int(n) != 1+len(payload) || CheckLength(ID(head[4]), n, 1) != nil || string(head[headerLen:]) != string(payload[:8]) {
			t.Fatalf("%x became %x", payload, head)
		}
	})
}

func BenchmarkPiece(b *testing.B) {
	buf := make([]byte, PieceHeaderLen)
	b.ReportAllocs()
	for b.Loop() {
		PutPieceHeader(buf, 7, BlockLen, BlockLen)
		if CheckLength(IDPiece, 9+BlockLen, 1000) != nil {
			b.Fatal("length refused")
		}
		if _, _, err := ParsePiece(buf[headerLen:]); err != nil {
			b.Fatal(err)
		}
	}
}

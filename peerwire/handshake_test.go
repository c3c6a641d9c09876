package peerwire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const goldenHandshake = "13 426974546f7272656e742070726f746f636f6c 0000000000100005" +
	"000102030405060708090a0b0c0d0e0f10111213 2d5752303130302d414243444546474849303132"

func TestHandshake(t *testing.T) {
	h := Handshake{
		Reserved: Reserved{}.With(CapExtended, CapFast, CapDHT),
		PeerID:   [20]byte([]byte("-WR0100-ABCDEFGHI012")),
	}
	for i := range h.InfoHash {
		h.InfoHash[i] = byte(i)
	}
	want := unhex(t, goldenHandshake)
	got := h.Append([]byte{0xee})
	if diff := cmp.Diff(append([]byte{0xee}, want...), got); diff != "" {
		t.Error(diff)
	}
	parsed, err := ParseHandshake(want)
	if err != nil || parsed != h || len(want) != HandshakeLen {
		t.Errorf("parsed %+v, %v", parsed, err)
	}
}

func TestReserved(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    Capability
		want Reserved
	}{
		{"BEP 10", CapExtended, Reserved{5: 0x10}},
		{"BEP 52", CapV2, Reserved{7: 0x10}},
		{"BEP 6", CapFast, Reserved{7: 0x04}},
		{"BEP 5", CapDHT, Reserved{7: 0x01}},
	} {
		if got := (Reserved{}).With(tt.c); got != tt.want {
			t.Errorf("%s: %x, want %x", tt.name, got, tt.want)
		}
		if !tt.want.Has(tt.c) || (Reserved{}).Has(tt.c) {
			t.Errorf("%s: Has does not see its bit alone", tt.name)
		}
	}
	if got := (Reserved{0: 0x80}).With(CapV2, CapFast); got != (Reserved{0: 0x80, 7: 0x14}) {
		t.Errorf("With lost a bit: %x", got)
	}
}

func TestHandshakeRefused(t *testing.T) {
	good := unhex(t, goldenHandshake)
	for n := range HandshakeLen {
		_, err := ParseHandshake(good[:n])
		checkError(t, err, "handshake", ErrLength)
	}
	_, err := ParseHandshake(append(good, 0))
	checkError(t, err, "handshake", ErrLength)
	for i := range 20 {
		bad := append([]byte(nil), good...)
		bad[i] ^= 1
		_, err := ParseHandshake(bad)
		checkError(t, err, "handshake", ErrProtocol)
	}
}

func FuzzHandshake(f *testing.F) {
	f.Add(unhex(f, goldenHandshake))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := ParseHandshake(b)
		if err == nil && string(h.Append(nil)) != string(b) {
			t.Fatalf("%x became %x", b, h.Append(nil))
		}
	})
}

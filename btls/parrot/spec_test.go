package parrot

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// TestAnchors: the list is well formed; nobody would accept another one.
func TestAnchors(t *testing.T) {
	b, err := hex.DecodeString(anchors)
	if err != nil {
		t.Fatal(err)
	}
	if n := binary.BigEndian.Uint16(b); int(n) != len(b)-2 {
		t.Fatalf("%d bytes are announced, %d there", n, len(b)-2)
	}
	for rest := b[2:]; len(rest) > 0; rest = rest[1+rest[0]:] {
		if n := int(rest[0]); n == 0 || n >= len(rest) {
			t.Fatalf("an identifier of %d bytes with %d left", n, len(rest)-1)
		}
	}
}

func TestGrease(t *testing.T) {
	seen := map[uint16]bool{}
	for range 1000 {
		v := uint16(grease())
		if v&0x0f0f != 0x0a0a || v>>8 != v&0xff {
			t.Fatalf("%04x", v)
		}
		seen[v] = true
	}
	if len(seen) != 16 {
		t.Errorf("%d values of 16", len(seen))
	}
}

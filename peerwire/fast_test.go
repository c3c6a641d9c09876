package peerwire

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"
)

// The two examples printed in BEP 6.
func TestAllowedFast(t *testing.T) {
	infoHash := [20]byte(bytes.Repeat([]byte{0xaa}, 20))
	want := []uint32{1059, 431, 808, 1217, 287, 376, 1188, 353, 508}
	for _, k := range []int{7, 9} {
		for _, ip := range []string{"80.4.4.200", "80.4.4.1", "::ffff:80.4.4.200"} {
			if got := AllowedFast(k, 1313, netip.MustParseAddr(ip), infoHash); !slices.Equal(got, want[:k]) {
				t.Errorf("%d for %s: %d, want %d", k, ip, got, want[:k])
			}
		}
	}
	if got := AllowedFast(9, 1313, netip.MustParseAddr("80.4.5.200"), infoHash); slices.Equal(got, want) {
		t.Error("another /24 has the same set")
	}
}

func TestAllowedFastBounds(t *testing.T) {
	v4 := netip.MustParseAddr("80.4.4.200")
	got := AllowedFast(10, 3, v4, [20]byte{})
	slices.Sort(got)
	if !slices.Equal(got, []uint32{0, 1, 2}) {
		t.Errorf("a torrent of three pieces allows %d", got)
	}
	for _, tt := range []struct {
		k, numPieces int
		ip           netip.Addr
	}{
		{0, 100, v4}, {-1, 100, v4}, {10, 0, v4},
		{10, 100, netip.MustParseAddr("2001:db8::1")}, {10, 100, netip.Addr{}},
	} {
		if got := AllowedFast(tt.k, tt.numPieces, tt.ip, [20]byte{}); len(got) != 0 {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}

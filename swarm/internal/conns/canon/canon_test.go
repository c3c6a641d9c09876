package canon

import (
	"hash/crc32"
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// TestPriorityVectors has the two vectors of BEP 40, and by hand which bytes are
// hashed in the cases it describes without one.
func TestPriorityVectors(t *testing.T) {
	sum := func(s string) uint32 { return crc32.Checksum([]byte(s), crc32.MakeTable(crc32.Castagnoli)) }
	for _, tt := range []struct {
		name, a, b string
		want       uint32
	}{
		{"BEP 40, first", "123.213.32.10:1", "98.76.54.32:2", 0xec2d7224},
		{"BEP 40, second", "123.213.32.10:1", "123.213.32.234:2", 0x99568189},
		{"mapped", "[::ffff:123.213.32.10]:1", "98.76.54.32:2", 0xec2d7224},
		{"same address", "10.0.0.1:1234", "10.0.0.1:300", sum("\x01\x2c\x04\xd2")},
		{"same /24", "10.1.2.255:1", "10.1.2.3:1", sum("\x0a\x01\x02\x03\x0a\x01\x02\xff")},
		{"same /16", "10.1.255.255:1", "10.1.2.3:1", sum("\x0a\x01\x02\x01\x0a\x01\xff\x55")},
		{"other /16", "10.2.255.255:1", "10.1.255.3:1", sum("\x0a\x01\x55\x01\x0a\x02\x55\x55")},
		{
			"other /48", "[2001:db8:2:ffff::ff]:1", "[2001:db8:1:ffff::1]:1",
			sum("\x20\x01\x0d\xb8\x00\x01\x55\x55\x00\x00\x00\x00\x00\x00\x00\x01" +
				"\x20\x01\x0d\xb8\x00\x02\x55\x55\x00\x00\x00\x00\x00\x00\x00\x55"),
		},
		{
			"same /48", "[2001:db8:1:ffff::ff]:1", "[2001:db8:1:ff::ff]:1",
			sum("\x20\x01\x0d\xb8\x00\x01\x00\x55\x00\x00\x00\x00\x00\x00\x00\x55" +
				"\x20\x01\x0d\xb8\x00\x01\xff\x55\x00\x00\x00\x00\x00\x00\x00\x55"),
		},
		{
			"same /56", "[2001:db8:1:ffff::ff]:1", "[2001:db8:1:ff00::ff]:1",
			sum("\x20\x01\x0d\xb8\x00\x01\xff\x00\x00\x00\x00\x00\x00\x00\x00\x55" +
				"\x20\x01\x0d\xb8\x00\x01\xff\xff\x00\x00\x00\x00\x00\x00\x00\x55"),
		},
		{"two families", "10.0.0.1:1", "[2001:db8::1]:1", 0},
	} {
		if got := Priority(addr(tt.a), addr(tt.b)); got != tt.want {
			t.Errorf("%s: %08x, want %08x", tt.name, got, tt.want)
		}
		if got := Priority(addr(tt.b), addr(tt.a)); got != tt.want {
			t.Errorf("%s, from the other end: %08x, want %08x", tt.name, got, tt.want)
		}
	}
}

// TestPriorityIsSymmetric checks that both ends agree, for any addresses.
func TestPriorityIsSymmetric(t *testing.T) {
	draw := func(t *rapid.T, name string) netip.AddrPort {
		size := rapid.SampledFrom([]int{4, 16}).Draw(t, "family")
		// Few values, so that prefixes are shared.
		raw := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 0xaa, 0xff}), size, size).Draw(t, name)
		ip, _ := netip.AddrFromSlice(raw)
		return netip.AddrPortFrom(ip, rapid.Uint16().Draw(t, "port"))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		if Priority(a, b) != Priority(b, a) {
			t.Fatalf("%v and %v disagree", a, b)
		}
	})
}

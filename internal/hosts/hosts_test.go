package hosts

import (
	"net/netip"
	"testing"
)

func TestPrefixes(t *testing.T) {
	for _, c := range []struct{ addr, host, network string }{
		{"192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"},
		{"::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"fe80::1%eth0", "fe80::/64", "fe80::/48"},
	} {
		a := netip.MustParseAddr(c.addr)
		if h, n := Host(a).String(), Network(a).String(); h != c.host || n != c.network {
			t.Errorf("%s: host %s, network %s", c.addr, h, n)
		}
	}
	if Host(netip.Addr{}) != Network(netip.Addr{}) {
		t.Error("no address is not the same everywhere")
	}
}

func TestOurs(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1": true, "::ffff:127.0.0.1": true, "::1": true,
		"127.0.0.2": false, "10.0.0.1": false, "2001:db8::1": false,
	} {
		if Ours(netip.MustParseAddr(addr)) != want {
			t.Errorf("%s: %t", addr, !want)
		}
	}
}

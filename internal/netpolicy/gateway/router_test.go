package gateway

import (
	"net/netip"
	"testing"
)

// The router is the one on the link that packets leave by.
func TestRouter(t *testing.T) {
	hops := []hop{{router: netip.MustParseAddr("192.168.1.1")}, {router: netip.MustParseAddr("10.8.0.1")}, {router: netip.MustParseAddr("fe80::1%eth0")}}
	links := []link{
		{"eth0", netip.MustParsePrefix("192.168.1.5/24")}, {"tun0", netip.MustParsePrefix("10.8.0.2/24")},
		{"wg0", netip.MustParsePrefix("10.9.0.2/32")}, {"eth0", netip.MustParsePrefix("2a00:1450::5/64")}, {"wg0", netip.MustParsePrefix("2a00:1450:1::5/128")},
	}
	for local, want := range map[string]string{
		"192.168.1.5": "192.168.1.1", "10.8.0.2": "10.8.0.1", "2a00:1450::5": "fe80::1%eth0",
		"10.9.0.2": "", "2a00:1450:1::5": "", "172.16.0.1": "", // a VPN, and an address that has gone
	} {
		got := router(netip.MustParseAddr(local), hops, links)
		if got.IsValid() != (want != "") || want != "" && got != netip.MustParseAddr(want) {
			t.Errorf("from %s by %v, want %q", local, got, want)
		}
	}
}

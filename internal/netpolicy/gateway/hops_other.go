//go:build !linux

package gateway

import (
	"net/netip"

	"github.com/jackpal/gateway"
)

// hops returns the default route of IPv4.
func hops() ([]hop, error) {
	ip, err := gateway.DiscoverGateway()
	if err != nil {
		return nil, err
	}
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return nil, nil
	}
	return []hop{{router: a.Unmap()}}, nil
}

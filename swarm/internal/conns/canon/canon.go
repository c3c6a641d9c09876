// Package canon is the canonical peer priority (BEP 40): an order of connections in
// which both of their ends agree.
package canon

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/netip"
	"slices"
)

// Priority returns the canonical priority of a connection between two addresses
// (BEP 40). It is the same from both ends, and higher is better. Addresses of
// different families have none and get 0.
func Priority(a, b netip.AddrPort) uint32 {
	a = netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
	b = netip.AddrPortFrom(b.Addr().Unmap(), b.Port())
	if a.Addr() == b.Addr() {
		return crcSorted(binary.BigEndian.AppendUint16(nil, a.Port()), binary.BigEndian.AppendUint16(nil, b.Port()))
	}
	x, y := a.Addr().AsSlice(), b.Addr().AsSlice()
	if len(x) != len(y) || len(x) == 0 {
		return 0
	}
	// The mask keeps an IPv4 /16 or IPv6 /48 whole; of addresses that share it,
	// one byte more than they have in common.
	whole := len(x) / 2
	if len(x) == 16 {
		whole = 6
	}
	common := 0
	for x[common] == y[common] {
		common++
	}
	if common >= whole {
		whole = common + 1
	}
	for i := whole; i < len(x); i++ {
		x[i] &= 0x55
		y[i] &= 0x55
	}
	return crcSorted(x, y)
}

func crcSorted(x, y []byte) uint32 {
	if bytes.Compare(x, y) > 0 {
		x, y = y, x
	}
	return crc32.Checksum(slices.Concat(x, y), crc32.MakeTable(crc32.Castagnoli))
}

// Of returns the priority of a connection to a of who has addresses of its own, one
// of each family at most.
func Of(ours []netip.AddrPort, a netip.AddrPort) uint32 {
	for _, self := range ours {
		if self.Addr().Is4() == a.Addr().Is4() {
			return Priority(self, a)
		}
	}
	// Not knowing our own address, a fixed one still gives an order.
	self := netip.IPv6Unspecified()
	if a.Addr().Is4() {
		self = netip.IPv4Unspecified()
	}
	return Priority(netip.AddrPortFrom(self, 0), a)
}

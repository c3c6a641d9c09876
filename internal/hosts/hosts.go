// Package hosts says which addresses count as one, where something is bounded by
// where it comes from.
package hosts

import "net/netip"

// Host is what one customer of a provider has at least: an IPv4 address, or the
// /64 that an IPv6 address is in (RFC 6177). Many may share it behind a NAT.
func Host(a netip.Addr) netip.Prefix { return prefix(a, 32, 64) }

// Network is the neighbourhood of an address, a /24 or a /48: many addresses of
// it are easily had by one.
func Network(a netip.Addr) netip.Prefix { return prefix(a, 24, 48) }

// prefix returns the part of an address of so many bits; it is invalid, and the
// same for all, if the address is.
func prefix(a netip.Addr, v4, v6 int) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := v6
	if a.Is4() {
		bits = v4
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// Ours reports whether an address is 127.0.0.1 or ::1. From there come those
// whom a program on this machine lets in, Tor for instance: everybody may, and
// what one of them does says nothing about the next.
func Ours(a netip.Addr) bool {
	a = a.Unmap()
	return a == netip.IPv6Loopback() || a == netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

package pex

import "net/netip"

// reach is from where an address can be dialled.
type reach uint8

const (
	nowhere reach = iota
	host          // loopback
	site          // the local network: RFC 1918, 4193 and 6598
	world
)

// Sensible reports whether it makes sense that addr is passed on between us and
// a peer at other: it can be dialled, and from wherever that peer can be. Else a
// stranger could have us call at services of our own network, or learn who is in
// it.
func Sensible(addr netip.AddrPort, other netip.Addr) bool {
	r, from := reachOf(addr.Addr()), reachOf(other)
	return addr.Port() != 0 && (r == world || from != nowhere && r >= from)
}

func reachOf(a netip.Addr) reach {
	a = a.Unmap()
	switch {
	// Link-local addresses need a zone to be dialled, and it is there that clouds
	// keep their secrets.
	case !a.IsValid(), a.IsUnspecified(), a.IsMulticast(), a.IsLinkLocalUnicast():
		return nowhere
	case a.IsLoopback():
		return host
	case a.IsPrivate(), shared().Contains(a):
		return site
	case a.Is4() && (a.As4()[0] == 0 || a.As4()[0] >= 240):
		return nowhere
	}
	return world
}

// shared is what providers give to the customers behind one address (RFC 6598).
func shared() netip.Prefix { return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) }

// network returns the part of an address that one owner is likely to have.
func network(a netip.Addr) netip.Prefix {
	bits := 24
	if a = a.Unmap(); a.Is6() {
		bits = 48
	}
	p, _ := a.Prefix(bits) // only an invalid address has none
	return p
}

package gate

import (
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// class is how far an address reaches.
type class uint8

const (
	nowhere class = iota // no single host
	loopback
	linkLocal
	private // a network of its own: RFC 1918, 4193, 6598
	public
)

func classOf(a netip.Addr) class {
	switch {
	case netpolicy.IsPublic(a):
		return public
	case a.IsLoopback():
		return loopback
	case a.IsLinkLocalUnicast() && a.Zone() == "":
		return linkLocal
	case a.IsPrivate(), carrier(a):
		return private
	}
	return nowhere
}

// carrier reports whether an address is shared behind a carrier's NAT (RFC 6598).
func carrier(a netip.Addr) bool {
	if !a.Is4() {
		return false
	}
	b := a.As4()
	return b[0] == 100 && b[1]&0xc0 == 64
}

// Believable reports whether an address may be taken from a node, or told to
// it: one on the Internet always, another one only if the node itself is of that
// kind of network. Otherwise any node could have us send packets and connect to
// the machine we run on, or to what is in its network.
func Believable(a, node netip.Addr) bool {
	c := classOf(a.Unmap())
	return c == public || c != nowhere && c == classOf(node.Unmap())
}

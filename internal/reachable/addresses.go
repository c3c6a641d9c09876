package reachable

import (
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Addresses returns where peers can connect to a port: for one that is open on all
// addresses, those of the machine.
func Addresses(port net.Addr) []string {
	if port == nil {
		return nil // nobody can connect
	}
	tcp, ok := port.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return []string{port.String()}
	}
	at := tcp.AddrPort().Port()
	var list []string
	all, _ := net.InterfaceAddrs() // without them the port alone is told
	for _, a := range all {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && !p.Addr().IsLinkLocalUnicast() && !p.Addr().IsLoopback() {
			list = append(list, netip.AddrPortFrom(p.Addr(), at).String())
		}
	}
	return append(list, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at).String())
}

// Best returns the address that others are told to connect to, of those that
// [Addresses] returned: one on the Internet, else any; "" of none.
func Best(all []string) string {
	for _, a := range all {
		if at, err := netip.ParseAddrPort(a); err == nil && netpolicy.IsPublic(at.Addr()) {
			return a
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// Package netpolicy is the only place that opens sockets and looks up names.
//
// Every listener, dial and look-up of the node goes through a [Policy], so that
// "which interface, which proxy, may this leave the machine" has one answer in
// one place.
package netpolicy

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy/sndbuf"
)

// Policy opens sockets and looks up names. Direct is the one without restrictions.
type Policy interface {
	// Listen opens a TCP listener on addr ("host:port").
	Listen(ctx context.Context, addr string) (net.Listener, error)
	// Dial opens a TCP connection to addr ("host:port").
	Dial(ctx context.Context, addr string) (net.Conn, error)
	// ListenPacket opens a UDP socket on addr ("host:port"). Network is udp4 or
	// udp6 for one family, or udp: then an unspecified address is that of both,
	// and addresses that are read may be IPv4 mapped into IPv6.
	ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error)
	// Resolve returns the addresses of host, a name or an address; at least one.
	// For a name that nobody knows the error is a [*net.DNSError].
	Resolve(ctx context.Context, host string) ([]netip.Addr, error)
}

// Direct uses the machine's network as it is.
type Direct struct{}

// Listen opens a TCP listener on addr.
func (Direct) Listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return widened{l}, nil
}

// widened accepts connections whose send buffer grows as they need it.
type widened struct{ net.Listener }

func (l widened) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return sndbuf.Widen(c), nil
}

// Dial opens a TCP connection to addr.
func (Direct) Dial(ctx context.Context, addr string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return sndbuf.Widen(c), nil
}

// ListenPacket opens a UDP socket on addr.
func (Direct) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	var lc net.ListenConfig
	return lc.ListenPacket(ctx, network, addr)
}

// Resolve looks host up as the machine is set up to. IPv4 addresses are four
// bytes long.
func (Direct) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	var r net.Resolver
	list, err := r.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", host, err)
	}
	for i := range list {
		list[i] = list[i].Unmap()
	}
	return list, nil
}

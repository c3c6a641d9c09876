// Package netpolicy is the only place that opens sockets.
//
// Every listener and every dial of the node goes through a [Policy], so that
// "which interface, which proxy, may this leave the machine" has one answer in
// one place.
package netpolicy

import (
	"context"
	"net"
)

// Policy opens sockets. Direct is the one without restrictions.
type Policy interface {
	// Listen opens a TCP listener on addr ("host:port").
	Listen(ctx context.Context, addr string) (net.Listener, error)
	// Dial opens a TCP connection to addr ("host:port").
	Dial(ctx context.Context, addr string) (net.Conn, error)
}

// Direct uses the machine's network as it is.
type Direct struct{}

// Listen opens a TCP listener on addr.
func (Direct) Listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", addr)
}

// Dial opens a TCP connection to addr.
func (Direct) Dial(ctx context.Context, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr)
}

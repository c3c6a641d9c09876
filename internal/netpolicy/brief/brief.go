// Package brief accepts TCP connections that are over after one small request: a
// client of a tracker connects, asks, is answered and goes.
//
// Such a connection costs twice as much in package net as the kernel needs for it:
// probes for a peer that might vanish are set up, and the connection is entered into
// the poller, which is told of nothing but what was there already. Here, on Linux, a
// connection is accepted when its first bytes are there (TCP_DEFER_ACCEPT), is read,
// written and closed by plain system calls, and becomes one of package net as soon
// as it would have to wait. Other systems get what package net has.
package brief

import (
	"context"
	"net"
)

// Listen opens a TCP listener on addr ("host:port"). Deadlines of its connections
// hold for what waits.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	return listen(ctx, addr)
}

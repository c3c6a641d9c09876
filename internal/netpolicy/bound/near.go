package bound

import (
	"context"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
)

var (
	_ gateway.Host          = (*Interface)(nil)
	_ multicast.Multicaster = (*Interface)(nil)
)

// Routes implements gateway.Host: a router counts only if it is the way out of the
// interface.
func (b *Interface) Routes(ctx context.Context) ([]gateway.Route, error) {
	return gateway.By(ctx, func(ctx context.Context, network, addr string) (net.Conn, error) {
		at, err := netip.ParseAddrPort(addr)
		if err != nil {
			return nil, err
		}
		return b.try(ctx, network, addr, at.Addr(), true)
	})
}

// Near implements gateway.Host.
func (b *Interface) Near() ([]netip.Prefix, error) { return gateway.Near(netpolicy.Direct{}) }

// Neighbours reports whether others can be near, on this interface: not on a line to
// one other end.
func (b *Interface) Neighbours() bool { return b.look().Link.Shared }

// Groups implements multicast.Multicaster: the group is joined on the interface and
// on no other.
func (b *Interface) Groups(ctx context.Context, group netip.AddrPort) ([]multicast.Group, error) {
	s := b.look()
	if !s.Link.Shared || s.Why != "" {
		return nil, nil
	}
	ifi, err := net.InterfaceByName(s.Link.Name)
	if err != nil {
		return nil, err
	}
	g, err := multicast.On(ctx, b, ifi, group)
	if g == nil || err != nil {
		return nil, err
	}
	return []multicast.Group{g}, nil
}

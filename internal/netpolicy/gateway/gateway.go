// Package gateway tells by which router this machine reaches the Internet, and
// what is near it.
package gateway

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Route is the way out of this machine in one family of addresses.
type Route struct {
	Local  netip.Addr // ours, from which packets leave
	Router netip.Addr // the next hop; with a zone if it is link-local
}

// Host is a policy that knows its routes by itself, such as that of a test.
type Host interface {
	Routes(ctx context.Context) ([]Route, error)
	Near() ([]netip.Prefix, error)
}

// Routes returns the default routes, one of each family at most. A policy that
// hides where the node is has none.
func Routes(ctx context.Context, p netpolicy.Policy) ([]Route, error) {
	switch p := p.(type) {
	case Host:
		return p.Routes(ctx)
	case netpolicy.Direct:
		return direct(ctx, p)
	}
	return nil, nil
}

// Near returns the networks of the interfaces of this machine: whoever is in one
// of them does not come from the Internet. A policy that hides where the node is
// has none.
func Near(p netpolicy.Policy) ([]netip.Prefix, error) {
	switch p := p.(type) {
	case Host:
		return p.Near()
	case netpolicy.Direct:
	default:
		return nil, nil
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list addresses of interfaces: %w", err)
	}
	var list []netip.Prefix
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			list = append(list, p.Masked())
		}
	}
	return list, nil
}

func direct(ctx context.Context, p netpolicy.Direct) ([]Route, error) {
	hops, err := hops()
	if err != nil {
		return nil, fmt.Errorf("find the router: %w", err)
	}
	var list []Route
	for _, h := range hops {
		local, err := source(ctx, p, h.router.Is6())
		known := slices.ContainsFunc(list, func(r Route) bool { return r.Router.Is6() == h.router.Is6() })
		if err == nil && !known {
			list = append(list, Route{Local: local, Router: h.router})
		}
	}
	return list, nil
}

// hop is the next hop of a default route.
type hop struct {
	router netip.Addr
	metric uint32 // the lowest goes first
}

// source returns the address from which packets for the Internet leave. That a
// UDP socket is connected sends none.
func source(ctx context.Context, _ netpolicy.Direct, v6 bool) (netip.Addr, error) {
	network, to := "udp4", "192.0.2.1:9" // for documentation: nobody is there
	if v6 {
		network, to = "udp6", "[2001:db8::1]:9"
	}
	c, err := (&net.Dialer{}).DialContext(ctx, network, to)
	if err != nil {
		return netip.Addr{}, err
	}
	defer c.Close()
	at, err := netip.ParseAddrPort(c.LocalAddr().String())
	return at.Addr().Unmap(), err
}

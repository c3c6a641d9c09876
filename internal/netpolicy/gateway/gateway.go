// Package gateway tells by which router this machine reaches the Internet, and
// what is near it.
package gateway

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Route is the way out of this machine in one family of addresses.
type Route struct {
	Local netip.Addr // ours, from which packets leave
	// Router is the next hop, with a zone if it is link-local; invalid if there is
	// none, as on a line to one other end.
	Router netip.Addr
}

// Host is a policy that knows its routes by itself, such as that of a test.
type Host interface {
	Routes(ctx context.Context) ([]Route, error)
	Near() ([]netip.Prefix, error)
}

// Routes returns the ways out, one of each family at most. A policy that
// hides where the node is has none.
func Routes(ctx context.Context, p netpolicy.Policy) ([]Route, error) {
	switch p := p.(type) {
	case Host:
		return p.Routes(ctx)
	case netpolicy.Direct:
		return direct(ctx)
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

func direct(ctx context.Context) ([]Route, error) {
	var dialer net.Dialer
	return By(ctx, dialer.DialContext)
}

// By returns the ways out of sockets that dial opens, on the network udp.
func By(ctx context.Context, dial func(ctx context.Context, network, addr string) (net.Conn, error)) ([]Route, error) {
	hops, err := hops()
	if err != nil {
		return nil, fmt.Errorf("find the router: %w", err)
	}
	links, err := links()
	if err != nil {
		return nil, fmt.Errorf("find the router: %w", err)
	}
	var list []Route
	for _, v6 := range []bool{false, true} {
		if local, err := source(ctx, dial, v6); err == nil {
			list = append(list, Route{local, router(local, hops, links)})
		}
	}
	return list, nil
}

// link is an address of an interface.
type link struct {
	name string
	at   netip.Prefix
}

func links() (list []link, err error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for i := range ifs {
		addrs, err := ifs[i].Addrs()
		if err != nil {
			return nil, err
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				list = append(list, link{ifs[i].Name, p})
			}
		}
	}
	return list, nil
}

// router returns the next hop that is on the link by which packets leave, invalid
// if there is none: with a VPN the router at home is not the way out, and must not
// open a way in beside it.
func router(local netip.Addr, hops []hop, links []link) netip.Addr {
	for _, h := range hops {
		for _, l := range links {
			on := l.at.Contains(h.router) || h.router.Zone() != "" && h.router.Zone() == l.name
			if l.at.Addr() == local && on {
				return h.router
			}
		}
	}
	return netip.Addr{}
}

// hop is the next hop of a default route.
type hop struct {
	router netip.Addr
	metric uint32 // the lowest goes first
}

// source returns the address from which packets for the Internet leave. That a
// UDP socket is connected sends none.
func source(ctx context.Context, dial func(context.Context, string, string) (net.Conn, error), v6 bool) (netip.Addr, error) {
	to := "192.0.2.1:9" // for documentation: nobody is there
	if v6 {
		to = "[2001:db8::1]:9"
	}
	c, err := dial(ctx, "udp", to)
	if err != nil {
		return netip.Addr{}, err
	}
	defer c.Close()
	at, err := netip.ParseAddrPort(c.LocalAddr().String())
	return at.Addr().Unmap(), err
}

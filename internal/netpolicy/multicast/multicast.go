// Package multicast opens sockets of multicast groups, for who speaks to the
// neighbours of this machine.
package multicast

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Multicaster is a policy with groups of its own, such as those of a test.
type Multicaster interface {
	Groups(ctx context.Context, group netip.AddrPort) ([]Group, error)
}

// Group is a multicast group on one interface.
type Group interface {
	// Read reads a datagram that somebody sent to the group.
	Read(b []byte) (n int, from netip.AddrPort, err error)
	// Send sends a datagram to the group.
	Send(b []byte) error
	// Near reports whether an address belongs to the network of the interface.
	Near(a netip.Addr) bool
	// Close leaves the group; Read returns then.
	Close() error
}

// Allowed reports whether a policy speaks to neighbours at all. One that hides
// where the node is does not.
func Allowed(p netpolicy.Policy) bool {
	switch p.(type) {
	case Multicaster, netpolicy.Direct:
		return true
	}
	return false
}

// Join joins a multicast group on every interface that can, those of the group's
// family; on none if that is not [Allowed].
func Join(ctx context.Context, p netpolicy.Policy, group netip.AddrPort) ([]Group, error) {
	if m, ok := p.(Multicaster); ok {
		return m.Groups(ctx, group)
	}
	d, ok := p.(netpolicy.Direct)
	if !ok {
		return nil, nil
	}
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list interfaces: %w", err)
	}
	var list []Group
	var errs []error
	for i := range ifs {
		const need = net.FlagUp | net.FlagMulticast
		if ifs[i].Flags&need != need {
			continue
		}
		g, err := On(ctx, d, &ifs[i], group)
		if err != nil {
			errs = append(errs, fmt.Errorf("join %v on %s: %w", group, ifs[i].Name, err))
		} else if g != nil {
			list = append(list, g)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, errors.Join(errs...)
}

// On joins a group on one interface of the machine; what is sent leaves by a socket
// of the policy's. It returns nil if the interface has no address of the group's
// family.
func On(ctx context.Context, d netpolicy.Policy, ifi *net.Interface, group netip.AddrPort) (Group, error) {
	g := &membership{}
	from, err := g.addresses(ifi, group.Addr().Is4())
	if err != nil || !from.IsValid() {
		return nil, err
	}
	network := "udp6"
	if group.Addr().Is4() {
		network = "udp4"
	} else {
		group = netip.AddrPortFrom(group.Addr().WithZone(ifi.Name), group.Port())
	}
	g.to = net.UDPAddrFromAddrPort(group)
	// Sent from an address of the interface, datagrams leave by it. From a socket
	// of their own others on this machine see them too.
	if g.out, err = d.ListenPacket(ctx, network, netip.AddrPortFrom(from, 0).String()); err != nil {
		return nil, err
	}
	if g.in, err = net.ListenMulticastUDP(network, ifi, g.to); err != nil {
		return nil, errors.Join(err, g.out.Close())
	}
	return g, nil
}

// membership is a group on one interface of the machine.
type membership struct {
	in   *net.UDPConn
	out  net.PacketConn
	to   *net.UDPAddr
	near []netip.Prefix
}

// addresses notes the networks of the interface, and returns the address of a
// family to send from: one that is not link-local, if there is one.
func (g *membership) addresses(ifi *net.Interface, v4 bool) (from netip.Addr, err error) {
	addrs, err := ifi.Addrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		g.near = append(g.near, p.Masked())
		ip := p.Addr()
		if ip.Is4() != v4 || from.IsValid() && !from.IsLinkLocalUnicast() {
			continue
		}
		if from = ip; ip.Is6() && ip.IsLinkLocalUnicast() {
			from = ip.WithZone(ifi.Name)
		}
	}
	return from, nil
}

func (g *membership) Read(b []byte) (int, netip.AddrPort, error) {
	n, from, err := g.in.ReadFromUDPAddrPort(b)
	return n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), err
}

func (g *membership) Send(b []byte) error {
	_, err := g.out.WriteTo(b, g.to)
	return err
}

func (g *membership) Near(a netip.Addr) bool {
	for _, p := range g.near {
		if p.Contains(a.WithZone("")) {
			return true
		}
	}
	return false
}

func (g *membership) Close() error { return errors.Join(g.in.Close(), g.out.Close()) }

package traffic

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// named is a network whose names are looked up elsewhere.
type named struct {
	netpolicy.Policy
	names interface {
		Resolve(ctx context.Context, host string) ([]netip.Addr, error)
	}
}

func dialDirect(ctx context.Context, network string, server netip.AddrPort) (net.Conn, error) {
	return nic.System{}.Dial(ctx, network, server.String(), nic.Binding{})
}

// Resolve looks host up.
func (n named) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	return n.names.Resolve(ctx, host)
}

// Dial opens a TCP connection to the first address of addr that takes it.
func (n named) Dial(ctx context.Context, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	list, err := n.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, ip := range list {
		c, err := n.Policy.Dial(ctx, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

package traffic

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/bound"
	"github.com/warren-p2p/warren/internal/netpolicy/lookup"
	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// Network carries a plan out. Its methods are safe for concurrent use.
type Network struct {
	plan    Plan
	base    netpolicy.Policy
	near    netpolicy.Policy
	bound   *bound.Interface // nil without an interface
	closers []io.Closer
}

// Open carries a plan out until Close. Changed, if not nil, is told of the interface
// whenever it comes or goes; it must not call the Network. Log may be nil.
func Open(plan Plan, changed func(bound.Status), log *slog.Logger) (*Network, error) {
	n := &Network{plan: plan, base: netpolicy.Direct{}, near: netpolicy.Direct{}}
	if len(plan.NameServers) > 0 {
		n.base = named{names: &lookup.Resolver{Servers: plan.NameServers, Dial: dialDirect}}
	}
	if plan.Interface != "" {
		b, err := bound.Open(bound.Config{Interface: plan.Interface, NameServers: plan.NameServers, Changed: changed, Log: log})
		if err != nil {
			return nil, err
		}
		n.bound, n.base, n.near, n.closers = b, b, b, append(n.closers, b)
	}
	return n, nil
}

// Policy returns the sockets for a kind of traffic.
func (n *Network) Policy(Kind) netpolicy.Policy { return n.base }

// Beside returns the sockets for what the user runs beside the node: this machine is
// reached by its own network.
func (n *Network) Beside() netpolicy.Policy { return netpolicy.Local{Policy: n.Policy(Web)} }

// Policies returns those of a session of the engine.
func (n *Network) Policies() Policies {
	return Policies{Peers: n.Policy(Peers), Trackers: n.Policy(Trackers), WebSeeds: n.Policy(WebSeeds), Near: n.near}
}

// Close closes what stands behind the policies, which let nothing out then.
func (n *Network) Close() error {
	var errs []error
	for _, c := range n.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Status is how it stands.
type Status struct {
	// Interface is that which everything leaves by, nil if none was named.
	Interface *bound.Status
	// Off is what does not go at all, for as long as the plan stays.
	Off []Off
}

// Off is something that is not done.
type Off struct {
	What string // such as "local network"
	Why  string // in plain words
}

// Status returns how it stands now.
func (n *Network) Status() (s Status) {
	if n.bound == nil {
		return s
	}
	b := n.bound.Status()
	s.Interface = &b
	if b.Up && !n.bound.Neighbours() {
		s.Off = append(s.Off, Off{"local network", n.plan.Interface + " is a line to one other end: no neighbour is on it"})
	}
	return s
}

// named is the machine's network, with other name servers.
type named struct {
	netpolicy.Direct
	names *lookup.Resolver
}

func dialDirect(ctx context.Context, network string, server netip.AddrPort) (net.Conn, error) {
	return nic.System{}.Dial(ctx, network, server.String(), nic.Binding{})
}

// Resolve asks the name servers that were named.
func (n named) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
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
		c, err := n.Direct.Dial(ctx, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

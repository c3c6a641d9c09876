package traffic

import (
	"errors"
	"io"
	"log/slog"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/bound"
	"github.com/warren-p2p/warren/internal/netpolicy/lookup"
	"github.com/warren-p2p/warren/internal/netpolicy/proxy"
)

// Network carries a plan out. Its methods are safe for concurrent use.
type Network struct {
	plan    Plan
	near    netpolicy.Policy // the machine's network, or one interface of it
	direct  netpolicy.Policy // the same, with names looked up as planned
	bound   *bound.Interface // nil without an interface
	proxies map[proxy.Server]*proxy.Proxy
	closers []io.Closer
}

// Open carries a plan out until Close. Changed, if not nil, is told of the interface
// whenever it comes or goes; it must not call the Network. Log may be nil.
func Open(plan Plan, changed func(bound.Status), log *slog.Logger) (*Network, error) {
	n := &Network{plan: plan, near: netpolicy.Direct{}, proxies: map[proxy.Server]*proxy.Proxy{}}
	if plan.Interface != "" {
		b, err := bound.Open(bound.Config{Interface: plan.Interface, NameServers: plan.NameServers, Changed: changed, Log: log})
		if err != nil {
			return nil, err
		}
		n.bound, n.near, n.closers = b, b, append(n.closers, b)
	}
	for _, k := range Kinds() {
		if s := plan.way(k).Proxy; s != nil && n.proxies[*s] == nil {
			n.proxies[*s] = proxy.New(*s, n.near, plan.NameServers, log)
		}
	}
	n.direct = n.withNames()
	return n, nil
}

// withNames returns the network with names looked up as planned.
func (n *Network) withNames() netpolicy.Policy {
	switch w := n.plan.way(Names); {
	case w.Off:
		return named{n.near, netpolicy.Off{}}
	case w.Proxy != nil:
		return named{n.near, n.proxies[*w.Proxy]}
	case n.bound == nil && len(n.plan.NameServers) > 0:
		return named{n.near, &lookup.Resolver{Servers: n.plan.NameServers, Dial: dialDirect}}
	}
	return n.near
}

// Policy returns the sockets for a kind of traffic.
func (n *Network) Policy(k Kind) netpolicy.Policy {
	w := n.plan.way(k)
	switch {
	case w.Off:
		return netpolicy.Off{}
	case w.Proxy != nil:
		return n.proxies[*w.Proxy]
	}
	return n.direct
}

// Beside returns the sockets for what the user runs beside the node: this machine is
// reached by its own network.
func (n *Network) Beside() netpolicy.Policy { return netpolicy.Local{Policy: n.Policy(Web)} }

// Policies returns those of a session of the engine.
func (n *Network) Policies() Policies {
	s := Policies{Peers: n.Policy(Peers), Trackers: n.Policy(Trackers), WebSeeds: n.Policy(WebSeeds), Near: n.near}
	if n.plan.way(Peers).Proxy != nil { // it would tell neighbours and the router of what the proxy hides
		s.Near = netpolicy.Off{}
	}
	if n.plan.way(DHT) != n.plan.way(Peers) {
		s.DHT = n.Policy(DHT)
	}
	return s
}

// Close closes what stands behind the policies, which let nothing out then.
func (n *Network) Close() error {
	var errs []error
	for _, c := range n.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

package run

import (
	"context"
	"errors"
	"net"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/health"
	"github.com/warren-p2p/warren/internal/management"
	"github.com/warren-p2p/warren/internal/metrics"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/node"
)

// serve puts the surface before a node. If nobody has said where, and the usual port is
// taken, any port of this machine will do.
func serve(ctx context.Context, n *node.Node) (*management.Server, error) {
	c := n.Settings()
	cfg := management.Config{
		Listen: c.Management.Listen, Hosts: c.Management.Hosts, Metrics: c.Management.Metrics,
		Home: n.Home.State(), Policy: netpolicy.Direct{}, Clock: n.Clock, Log: n.Log, Tokens: n.Tokens, Audit: n.Audit,
		Handlers: handlers(n),
	}
	s, err := management.Open(ctx, cfg)
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "listen" && c.Origin("management.listen") == config.Default {
		cfg.Listen = "127.0.0.1:0"
		s, err = management.Open(ctx, cfg)
	}
	return s, err
}

// handlers are what is served.
func handlers(n *node.Node) management.Handlers {
	return management.Handlers{
		Prometheus: metrics.New(metrics.Config{
			Version: n.Version, Library: n.Library, DHT: n.Session.DHT, Reachability: n.Reachability, Log: n.Log,
		}),
		Health: health.New(n.Checks()...),
	}
}

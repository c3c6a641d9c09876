package run

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api"
	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/api/links"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/api/tracking"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent"
	"github.com/warren-p2p/warren/internal/compat/transmission"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/health"
	"github.com/warren-p2p/warren/internal/looks"
	"github.com/warren-p2p/warren/internal/management"
	"github.com/warren-p2p/warren/internal/metrics"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/share/visit/seen"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/webui"
	"github.com/warren-p2p/warren/web"
)

// surface is what stands before a node: the server, and what it serves.
type surface struct {
	*management.Server
	api   *api.API
	parts []func() error // are closed after it
}

// Close ends it, before the node is closed.
func (s *surface) Close() error {
	if s == nil {
		return nil
	}
	err := s.api.Close() // streams end by it
	if s.Server != nil {
		err = errors.Join(err, s.Server.Close())
	}
	for _, part := range s.parts {
		err = errors.Join(err, part())
	}
	return err
}

// serve puts the surface before a node. If nobody has said where, and the usual port is
// taken, any port of this machine will do.
// End ends the program.
func serve(ctx context.Context, n *node.Node, end func()) (s *surface, err error) {
	c := n.Settings()
	key, err := access.OpenKey(n.Home.State())
	if err != nil {
		return nil, err
	}
	shares := linked(n)
	s = &surface{parts: []func() error{shares.Drafts.Close}, api: api.New(api.Config{
		Version: n.Version, Started: n.Started, Clock: n.Clock, Log: n.Log, Library: n.Library, Session: n.Session,
		Courier: n.Courier, Logs: n.Logs, Tokens: n.Tokens, Audit: n.Audit, Node: n, Tracker: n.Tracker,
		Home: n.Home.Path(), Key: key, Identities: n.Identities, Streams: n.Streams, Traffic: n.Network.Status,
		Syndication: syndicated(n), Automation: automated(n), Sharing: shares,
		Links: visiting(n),
	})}
	cfg := management.Config{
		Listen: c.Management.Listen, Hosts: c.Management.Hosts, Metrics: c.Management.Metrics,
		Key: key, Policy: netpolicy.Direct{}, Clock: n.Clock, Log: n.Log, Tokens: n.Tokens, Audit: n.Audit,
		Handlers: handlers(n),
	}
	cfg.Handlers.API, cfg.Handlers.Pages = s.api, pages(n, s.api, key, shares)
	if c.RPC.Transmission {
		rpc, err := transmission.ForNode(ctx, n, end)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		cfg.Handlers.Transmission = rpc
		s.parts = append(s.parts, func() error { return rpc.Close(context.WithoutCancel(ctx)) })
	}
	if c.RPC.QBittorrent {
		q := qbittorrent.ForNode(ctx, n)
		cfg.Handlers.QBittorrent = q
		s.parts = append(s.parts, q.Close)
	}
	s.Server, err = management.Open(ctx, cfg)
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "listen" && c.Origin("management.listen") == config.Default {
		cfg.Listen = "127.0.0.1:0"
		s.Server, err = management.Open(ctx, cfg)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// visiting is what opens links of what others share.
func visiting(n *node.Node) links.Service {
	look := looks.Wishes{Hello: n.Settings().Looks.Hello}
	return links.Service{
		Visits:  visit.New(visit.Config{Net: n.Network.Policy(traffic.Web), Hello: look.Client(), Clock: n.Clock, Seen: &seen.Book{Store: n.Store, Clock: n.Clock}}),
		Library: n.Library, Open: func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
	}
}

// handlers are what is served beside the API.
func handlers(n *node.Node) management.Handlers {
	return management.Handlers{
		Prometheus: metrics.New(metrics.Config{
			Version: n.Version, Library: n.Library, DHT: n.Session.DHT, Reachability: n.Reachability, Tracker: n.Tracker.Source(), Log: n.Log,
		}),
		Health: health.New(health.Of(n.Store, n.Home.State(), n.Session, n.Library)...),
		Stream: n.Streams,
	}
}

// pages are what the owner's browser sees.
func pages(n *node.Node, a *api.API, key *access.Key, links sharing.Service) func(csrf func(*http.Request) string) (http.Handler, error) {
	return func(csrf func(*http.Request) string) (http.Handler, error) {
		return webui.New(webui.Config{
			Dist: web.Dist(), Library: n.Library, Courier: n.Courier, Logs: n.Logs, Running: a.Running(), Identities: n.Identities, Key: key, Streams: n.Streams,
			Syndication: syndicated(n), Automation: automated(n), Tracker: tracking.Service{Tracker: n.Tracker, Library: n.Library},
			Sharing: links,
		}, csrf)
	}
}

// syndicated and automated are what the node does by itself, for its API and its pages.
func syndicated(n *node.Node) syndication.Service {
	return syndication.Service{Feeds: n.Feeds, On: func() bool { return n.Settings().Feeds.On }}
}

func automated(n *node.Node) automation.Service {
	return automation.Service{Node: n, Watch: n.Watch, Hooks: n.Hooks, Blocks: n.Blocks, Timetable: n.Timetable}
}

package get

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// enter makes the node a member of a torrent of level full-strict, which others do
// not need. Of an SSL torrent that says where one enrols, papers are got.
func (g *Command) enter(ctx context.Context, c *console.Console, e *engine.Engine, opts *swarm.Options) (*membership.Papers, error) {
	demand := opts.Demand()
	if demand == nil || demand.Level != metainfo.TLSFullStrict {
		return nil, nil
	}
	if g.Policy() == swarm.TLSOff { // before it costs an invitation
		return nil, fmt.Errorf("get %q: --tls off: %w", words.Plain(opts.Name()), swarm.ErrTLSNeeded)
	}
	if g.Invite != "" {
		token, err := base64.RawURLEncoding.DecodeString(g.Invite)
		if err != nil {
			return nil, console.Usage("--invite %s: want a token as credential invite prints it", words.Plain(g.Invite))
		}
		other := *demand
		other.Invite, demand = token, &other
	}
	n := &membership.Node{Tell: c, Clock: c.Clock, Home: e.Home, Log: e.Log, Hello: e.Hello, Net: e.Network.Policy(traffic.Web)}
	if papers.Needed(opts.Metainfo) {
		return g.enterSSL(ctx, n, e, opts, demand.Invite)
	}
	t, typed := membership.Torrent{Name: opts.Name(), TLS: demand}, opts.Magnet != nil
	if typed {
		t.Hashes = opts.Magnet.Hashes
	} else {
		t.Hashes = opts.Metainfo.Hashes()
	}
	m, err := n.Join(ctx, t, typed, g.Peer)
	if err != nil {
		return nil, fmt.Errorf("get %q: %w", words.Plain(t.Name), err)
	}
	e.Own(m)
	opts.Members = m
	return nil, nil
}

func (g *Command) enterSSL(ctx context.Context, n *membership.Node, e *engine.Engine, opts *swarm.Options, token []byte) (*membership.Papers, error) {
	if g.Papers.Certificate != "" {
		return nil, nil // the user has what is needed
	}
	p, err := n.JoinSSL(ctx, opts.Metainfo, token, g.Peer)
	if err != nil {
		return nil, fmt.Errorf("get %q: %w", words.Plain(opts.Name()), err)
	}
	e.Own(p)
	opts.Certificate = &p.Own
	return p, nil
}

// take adds the torrent, with what lets us in.
func (g *Command) take(ctx context.Context, c *console.Console, e *engine.Engine, opts swarm.Options) (*swarm.Torrent, error) {
	p, err := g.enter(ctx, c, e, &opts)
	if err != nil {
		return nil, err
	}
	t, err := e.Take(opts)
	if err == nil && p != nil {
		p.Keep(t.SetCertificate)
	}
	return t, err
}

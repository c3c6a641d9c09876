package get

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/linked"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// throughNode fetches through the node that runs in the home, if it can.
func (g *Command) throughNode(ctx context.Context, c *console.Console, opts *swarm.Options) (done bool, err error) {
	n, err := g.node(c, opts)
	if n == nil || err != nil {
		return err != nil, err
	}
	return true, g.through(ctx, c, n, opts)
}

// node returns the node that runs in the home, to fetch through it; nil if none does, or
// if something is wanted that only an engine of our own can do.
func (g *Command) node(c *console.Console, opts *swarm.Options) (*remote.Node, error) {
	switch {
	case g.Torrent != "", g.Invite != "", len(g.WebSeed) > 0, g.Stream.Given(), g.Flags.Own():
		return nil, nil
	case g.link != nil:
	case g.Passphrase != "", papers.Needed(opts.Metainfo), opts.Demand() != nil && opts.Demand().Level == metainfo.TLSFullStrict:
		return nil, nil
	}
	n, err := remote.Find(c)
	if _, none := errors.AsType[*remote.NoNodeError](err); none {
		return nil, nil
	}
	return n, err
}

// through has the node fetch, and shows how it gets on.
func (g *Command) through(ctx context.Context, c *console.Console, n *remote.Node, opts *swarm.Options) error {
	defer n.Close()
	body, err := g.body(ctx, opts)
	if err != nil {
		return err
	}
	t, err := linked.Add(ctx, c, n, body)
	name := words.Plain(t.Name)
	if g.link == nil {
		name = words.Plain(opts.Name())
	}
	if p, ok := errors.AsType[*remote.Problem](err); ok && p.Of("duplicate") && t.Key != "" {
		c.Say("The node in %s has %q already, as number %d.", words.Plain(n.Home), name, t.ID)
	} else if err != nil && g.link != nil {
		return fmt.Errorf("open the link: %w", err)
	} else if err != nil {
		return fmt.Errorf("get %q: %w", name, err)
	} else {
		c.Say("The node in %s fetches %q, as number %d.", words.Plain(n.Home), name, t.ID)
	}
	f := n.Follow(t)
	err = f.Until(ctx, c, func(t remote.Torrent) (bool, error) {
		if t.State == "failed" {
			return false, fmt.Errorf("get %q: %s", words.Plain(t.Name), words.Plain(t.Reason))
		}
		return t.State == "seeding", nil
	})
	if ctx.Err() != nil {
		t := f.Last()
		c.Say("%s of %s of %q are here, and the node goes on: `warren list` shows it, `warren remove %d` ends it.",
			words.Bytes(t.Wanted-t.Left), words.Bytes(t.Wanted), words.Plain(t.Name), t.ID)
		return console.ErrInterrupted
	}
	if err != nil {
		return err
	}
	return g.complete(ctx, c, f)
}

// complete tells that all is there and, without --exit, how the node seeds on.
func (g *Command) complete(ctx context.Context, c *console.Console, f *remote.Following) error {
	t := f.Last()
	ev := f.Event(console.Done)
	ev.Path = filepath.Join(t.Dir, filepath.FromSlash(t.Name))
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("%q is complete, and the node seeds it on.", words.Plain(t.Name))
	c.Say("  It lies in %s", words.Plain(ev.Path))
	if g.Exit {
		return nil
	}
	c.Say("You may press Ctrl-C: the node does not stop by that.")
	_ = f.Until(ctx, c, func(remote.Torrent) (bool, error) { return false, nil })
	return console.ErrInterrupted
}

// body returns what the node is told of the torrent.
func (g *Command) body(ctx context.Context, opts *swarm.Options) (map[string]any, error) {
	dir, err := filepath.Abs(g.Dir)
	if err != nil {
		return nil, err
	}
	body := map[string]any{"dir": dir}
	if g.link != nil {
		body["link"], body["redeem"] = g.Source, true
		if g.Passphrase != "" {
			body["passphrase"] = g.Passphrase
		}
	} else if opts.Metainfo != nil {
		body["file"] = opts.Metainfo.Bytes()
	} else {
		body["magnet"] = g.Source
	}
	if g.TLS != "prefer" {
		body["tls"] = g.TLS
	}
	if g.Sequential {
		body["sequential"] = true
	}
	for key, n := range map[string]words.Speed{"up_limit": g.LimitUp, "down_limit": g.LimitDown} {
		if n > 0 {
			body[key] = int64(n)
		}
	}
	if len(g.Company.Tracker) > 0 {
		body["trackers"] = g.Company.Tracker
	}
	peers, err := g.peers(ctx, figures{})
	if err != nil {
		return nil, err
	}
	if len(peers) > 0 {
		list := make([]string, len(peers))
		for i, p := range peers {
			list[i] = p.String()
		}
		body["peers"] = list
	}
	return body, nil
}

// figures looks no name up: the node may be bound to an interface, or behind a proxy, and
// a look-up from here would go beside it.
type figures struct{ netpolicy.Off }

// Resolve takes addresses, and localhost.
func (figures) Resolve(_ context.Context, host string) ([]netip.Addr, error) {
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return nil, fmt.Errorf("%w from beside the running node", netpolicy.ErrNoNames)
	}
	return []netip.Addr{ip.Unmap()}, nil
}

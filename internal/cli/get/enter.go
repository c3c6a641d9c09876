package get

import (
	"context"
	"fmt"
	"slices"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/membership"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// enter makes the node a member of a torrent of level full-strict; others have none.
func (g *Command) enter(ctx context.Context, c *console.Console, e *engine.Engine, opts swarm.Options) (transport.Members, error) {
	demand := opts.Demand()
	if demand == nil || demand.Level != metainfo.TLSFullStrict || papers.Needed(opts.Metainfo) {
		return nil, nil
	}
	t, typed, peers := membership.Torrent{Name: opts.Name(), TLS: demand}, opts.Magnet != nil, slices.Clone(g.Peer)
	if typed {
		t.Hashes = opts.Magnet.Hashes
	} else {
		t.Hashes = opts.Metainfo.Hashes()
	}
	n := &membership.Node{Console: c, Home: e.Home, Log: e.Log, Hello: e.Hello}
	m, err := n.Join(ctx, t, typed, peers)
	if err != nil {
		return nil, fmt.Errorf("get %q: %w", words.Plain(t.Name), err)
	}
	e.Own(m)
	return m, nil
}

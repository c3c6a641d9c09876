package node

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
)

// openAccess reads who may do what, and begins to keep who has done it.
func (n *Node) openAccess(ctx context.Context, _ Options) (err error) {
	if n.Tokens, err = access.OpenTokens(ctx, n.Store, n.Clock); err != nil {
		return err
	}
	n.Audit = audit.Open(n.Store, n.Clock, n.Log)
	n.own("the audit", n.Audit.Close)
	return nil
}

// openHooks tells the programs and servers of the user what happens. They come before
// the library, whose first events they hear.
func (n *Node) openHooks(_ context.Context, o Options) (err error) {
	c := n.Settings().Hooks
	n.Courier = courier.New(courier.Config{Net: n.Network.Policy(traffic.Feeds), Clock: n.Clock, Client: "warren/" + n.Version})
	n.Hooks, err = hook.New(hook.Config{
		Hooks: hook.Simple(c.Complete, c.Added, c.Failed, c.URL), Courier: n.Courier, Environ: o.Environ, Clock: n.Clock, Log: n.Log,
	})
	if err != nil {
		return fmt.Errorf("hooks: %w", err)
	}
	n.own("hooks", func() error { n.Hooks.Close(); return nil })
	return nil
}

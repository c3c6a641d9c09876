package node

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/config"
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
	n.Courier = courier.New(courier.Config{Net: n.Network.Policy(traffic.Feeds), Clock: n.Clock, Client: "warren/" + n.Version})
	n.Hooks, err = hook.New(hook.Config{
		Hooks: hooks(n.Settings().Hooks), Courier: n.Courier, Environ: o.Environ, Clock: n.Clock, Log: n.Log,
	})
	if err != nil {
		return fmt.Errorf("hooks: %w", err)
	}
	n.own("hooks", func() error { n.Hooks.Close(); return nil })
	return nil
}

func hooks(c config.Hooks) (list []hook.Hook) {
	for _, h := range []struct {
		name string
		args []string
		on   hook.Kind
	}{{"complete", c.Complete, hook.Completed}, {"added", c.Added, hook.Added}, {"failed", c.Failed, hook.Failed}} {
		if len(h.args) > 0 {
			list = append(list, hook.Hook{Name: h.name, On: []hook.Kind{h.on}, Program: h.args[0], Args: h.args[1:]})
		}
	}
	if c.URL != "" {
		list = append(list, hook.Hook{Name: "url", On: []hook.Kind{hook.Added, hook.Completed, hook.Failed, hook.Removed}, URL: c.URL})
	}
	return list
}

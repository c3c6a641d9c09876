package node

import (
	"context"
	"fmt"
	"strings"

	"github.com/warren-p2p/warren/internal/blocklist"
	"github.com/warren-p2p/warren/internal/config"
)

// openBlocks reads whom the node does not speak to, before it speaks to anybody.
func (n *Node) openBlocks(context.Context, Options) error {
	keep, err := n.Home.Folder("blocklists")
	if err != nil {
		return err
	}
	n.own("copies of block lists", keep.Close)
	n.Blocks, err = blocklist.New(blocklist.Config{
		Sources: n.lists(n.Settings()), Keep: keep, Courier: n.Courier, Clock: n.Clock, Log: n.Log,
		Changed: n.blocked,
	})
	if err != nil {
		return fmt.Errorf("peers.block: %w", err)
	}
	n.own("block lists", func() error { n.Blocks.Close(); return nil })
	return nil
}

// blocked ends connections with those who are blocked now. Lists may change before
// there is an engine.
func (n *Node) blocked() {
	if s := n.engine.Load(); s != nil {
		s.Part(n.Blocks.Blocked)
	}
}

// lists are where block lists are.
func (n *Node) lists(c config.Config) []string {
	all := make([]string, len(c.Peers.Block))
	for i, at := range c.Peers.Block {
		if all[i] = at; !strings.Contains(at, "://") {
			all[i] = n.Path(at)
		}
	}
	return all
}

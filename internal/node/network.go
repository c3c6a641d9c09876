package node

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
)

// openNetwork decides by which way each kind of traffic leaves.
func (n *Node) openNetwork(context.Context, Options) error {
	c := n.Settings().Network
	plan, err := traffic.Parse(c.Interface, c.NameServers, c.Proxies)
	if err != nil {
		return fmt.Errorf("network: %w", err)
	}
	if n.Network, err = traffic.Open(plan, nil, n.Log); err != nil {
		return fmt.Errorf("network: %w", err)
	}
	n.own("the network", n.Network.Close)
	return nil
}

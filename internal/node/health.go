package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/health"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/words"
)

// leastFree is what has to be free where the home is, so that the next change can be
// written down.
const leastFree = 1 << 20

// Checks are what tells whether the node works.
func (n *Node) Checks() []health.Check {
	return []health.Check{
		{Name: "store", Look: n.lookStore},
		{Name: "home", Look: n.lookHome},
		{Name: "engine", Look: n.lookEngine},
		{Name: "library", Look: n.lookLibrary},
	}
}

func (n *Node) lookStore(ctx context.Context) error {
	return n.Store.Read(ctx, func(q store.Querier) error {
		var one int
		return q.QueryRowContext(ctx, "SELECT count(*) FROM setting").Scan(&one)
	})
}

func (n *Node) lookHome(context.Context) error {
	free, err := n.Home.State().Free()
	if err == nil && free < leastFree {
		return fmt.Errorf("only %s are free where the home is: nothing new can be kept", words.Bytes(free))
	}
	return err
}

func (n *Node) lookEngine(context.Context) error {
	if n.Session.Addr() == nil {
		return errors.New("the port for peers is not open")
	}
	return nil
}

func (n *Node) lookLibrary(context.Context) error {
	n.Library.Refresh() // returns, or is stuck
	return nil
}

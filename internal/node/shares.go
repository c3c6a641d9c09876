package node

import (
	"context"

	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/seeds"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/vfs"
)

// openShares opens the door to what is shared by links.
func (n *Node) openShares(ctx context.Context, _ Options) (err error) {
	n.Shares, err = book.Open(ctx, book.Config{
		Store: n.Store, Clock: n.Clock, Log: n.Log, Identities: n.Identities, Place: n.place, Pin: n.Session.Pin,
		Swarm: seeds.New(seeds.Config{
			Library: n.Library, Place: n.place, Pin: n.Session.Pin, Tell: n.Tracker.Tell,
			Open: func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
		}),
	})
	if err != nil {
		return err
	}
	n.door.Open(n.Shares)
	n.own("shares", n.Shares.Close) // what is served after that is not counted
	return nil
}

// place is where links say that the node is: where its tracker is, else at an address on
// the Internet, else at any. Behind a proxy what was found out of its addresses is told
// nobody.
func (n *Node) place() string {
	w := n.listing()
	if at := own.Place(w, n.Session); at != "" || w.Hidden {
		return at
	}
	return reachable.Best(n.Addresses())
}

package node

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/membership/circle"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/reachable"
)

// openMembers has the node admitted to torrents, and admit others.
func (n *Node) openMembers(context.Context, Options) error {
	n.members = circle.New(circle.Config{
		Node: membership.Node{Tell: n.tell, Clock: n.Clock, Home: n.Home, Log: n.Log, Hello: n.hello, Net: n.Network.Policy(traffic.Web)},
		Desk: n.desk, Show: n.show,
	})
	n.own("memberships", n.members.Close)
	return nil
}

// show gives a torrent a further certificate.
func (n *Node) show(key string, own tls.Certificate) error {
	t, err := n.Library.Find(key)
	if errors.Is(err, library.ErrNotFound) || err == nil && t.Engine() == nil {
		return nil // it is given it when it is back
	}
	if err != nil {
		return err
	}
	return t.Engine().SetCertificate(own)
}

// desk is where the node admits others: by the name of its port, else at an address on
// the Internet, else at any.
func (n *Node) desk() (membership.Site, error) {
	pin, err := n.Session.Pin()
	if err != nil {
		return membership.Site{}, err
	}
	all := n.Addresses()
	if len(all) == 0 {
		return membership.Site{}, errors.New("the port for peers is not open")
	}
	best := reachable.Best(all)
	if name := n.Settings().Looks.Name; name != "" {
		if _, port, err := net.SplitHostPort(all[0]); err == nil {
			best = net.JoinHostPort(name, port)
		}
	}
	return membership.Site{Handler: n.Enrol, Address: best, Pin: pin}, nil
}

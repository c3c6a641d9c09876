package membership

import (
	"errors"
	"fmt"
	"slices"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/membership/keyring"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

var errNowhere = errors.New("it is of level full-strict and does not say who admits peers, and where: it cannot be joined")

// desk is where one enrols.
type desk struct {
	*enrol.Client
	host string // HOST:PORT
}

// desk returns where one enrols for a torrent.
func (n *Node) desk(t Torrent) (*desk, error) {
	if enrol.CheckURL(t.TLS.Enrol) != nil {
		return nil, errNowhere
	}
	c := &enrol.Client{URL: t.TLS.Enrol, Pins: t.TLS.Pins, Hello: n.Hello}
	host, err := c.Host()
	return &desk{c, host}, err
}

// reach decides where the desk may be. The user has typed a link, or named the
// address as that of a peer: then it may be in his network, and it stays so for
// renewals after a restart.
func (d *desk) reach(m *keyring.Member, typed bool, peers []string) {
	if typed || slices.Contains(peers, d.host) {
		m.Near = d.host
	}
	d.Dialer = netpolicy.Public{Policy: netpolicy.Direct{}}
	if m.Near == d.host {
		d.Dialer = netpolicy.Direct{}
	}
}

// refusal says why we are not enrolled.
func (d *desk) refusal(err error) error {
	host := words.Plain(d.host)
	switch {
	case errors.Is(err, enrol.ErrRefused):
		return fmt.Errorf("enrol at %s: %w: the invitation may be spent, over or withdrawn: "+
			"ask who shares this for another one (they make it with: warren credential invite)", host, enrol.ErrRefused)
	case errors.Is(err, enrol.ErrPin):
		return fmt.Errorf("enrol at %s: %w: it is not the node that the link is about, or somebody is between", host, enrol.ErrPin)
	case errors.Is(err, netpolicy.ErrNotPublic):
		return fmt.Errorf("enrol at %s: %w, and only the torrent file says so: if you trust that, fetch it with --peer %s", host, netpolicy.ErrNotPublic, host)
	}
	return fmt.Errorf("enrol at %s: %w", host, console.Cause(err))
}

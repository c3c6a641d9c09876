package share

import (
	"context"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
)

// sslLife is how long the authority of an SSL torrent lasts.
const sslLife = 10 * 365 * 24 * time.Hour

// authority makes that of an SSL torrent, if one is to be made.
func (s *Command) authority(c *console.Console, name string) (a *ssltorrent.Authority, text string, err error) {
	if !s.Compatible {
		return nil, "", nil
	}
	now := c.Clock.Now()
	if a, err = ssltorrent.NewAuthority(name, now.Add(-24*time.Hour), now.Add(sslLife)); err != nil {
		return nil, "", err
	}
	return a, a.SSLCert(), nil
}

// enter makes the node who admits others to a torrent of level full-strict, or, if
// that is somebody else, one of those who were admitted.
func (s *Command) enter(ctx context.Context, c *console.Console, e *engine.Engine, one *shared) error {
	if papers.Needed(one.meta) && s.Papers.Certificate != "" {
		return nil // the user has what is needed
	}
	n := &membership.Node{Tell: c, Clock: c.Clock, Home: e.Home, Log: e.Log, Hello: e.Hello, Net: e.Network.Policy(traffic.Web)}
	ours := len(one.meta.TLS.Authority) == 0
	if !ours {
		var err error
		if ours, err = n.Founded(ctx, membership.Of(one.meta)); err != nil {
			return err
		}
	}
	if !ours {
		return s.join(ctx, n, e, one)
	}
	pin, err := e.Pin()
	if err != nil {
		return err
	}
	if _, port, err := net.SplitHostPort(s.Listen); err == nil && port == "0" && len(s.Address) == 0 {
		c.Warn("the link is good for as long as this runs: choose a port with --listen, and the next time it is the same")
	}
	if one.at = s.address(e); one.at == "" {
		return console.Usage("nobody can connect to this node: say with --address where others enrol")
	}
	site := membership.Site{Handler: e.Site, Address: one.at, Pin: pin}
	if papers.Needed(one.meta) {
		one.papers, err = n.FoundSSL(ctx, one.meta, site, &s.Admit, one.ssl)
		return own(e, one.papers, err)
	}
	m, err := n.Found(ctx, one.meta, site, &s.Admit)
	one.members = m
	return own(e, m, err)
}

// join makes the node one of those whom somebody else has admitted.
func (s *Command) join(ctx context.Context, n *membership.Node, e *engine.Engine, one *shared) (err error) {
	if papers.Needed(one.meta) {
		one.papers, err = n.JoinSSL(ctx, one.meta, one.meta.TLS.Invite, nil)
		return own(e, one.papers, err)
	}
	m, err := n.Join(ctx, membership.Of(one.meta), false, nil)
	one.members = m
	return own(e, m, err)
}

// own closes something with the engine, if it is there.
func own(e *engine.Engine, c io.Closer, err error) error {
	if err == nil {
		e.Own(c)
	}
	return err
}

// address returns where others are told to enrol: as the user says, else by the
// name of the port, else at an address on the Internet, else at any.
func (s *Command) address(e *engine.Engine) string {
	if len(s.Address) > 0 {
		return s.Address[0]
	}
	all := e.Addresses()
	for _, a := range all {
		if at, err := netip.ParseAddrPort(a); err != nil || netpolicy.IsPublic(at.Addr()) {
			return a
		}
	}
	if len(all) == 0 {
		return "" // nobody can connect: --address is needed
	}
	return all[0]
}

package share

import (
	"context"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/cli/membership"
	"github.com/warren-p2p/warren/internal/cli/reachable"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// enter makes the node who admits others to a torrent of level full-strict, or, if
// that is somebody else, one of those who were admitted.
func (s *Command) enter(ctx context.Context, c *console.Console, e *engine.Engine, one *shared) error {
	n := &membership.Node{Console: c, Home: e.Home, Log: e.Log, Hello: e.Hello}
	ours := len(one.meta.TLS.Authority) == 0
	if !ours {
		var err error
		if ours, err = n.Founded(ctx, membership.Of(one.meta)); err != nil {
			return err
		}
	}
	if !ours {
		m, err := n.Join(ctx, membership.Of(one.meta), false, nil)
		if err != nil {
			return err
		}
		e.Own(m)
		one.members = m
		return nil
	}
	pin, err := e.Pin()
	if err != nil {
		return err
	}
	if _, port, err := net.SplitHostPort(s.Listen); err == nil && port == "0" && len(s.Address) == 0 {
		c.Warn("the link is good for as long as this runs: choose a port with --listen, and the next time it is the same")
	}
	one.at = s.address(e)
	m, err := n.Found(ctx, one.meta, membership.Site{Handler: e.Site, Address: one.at, Pin: pin}, &s.Admit)
	if err != nil {
		return err
	}
	e.Own(m)
	one.members = m
	return nil
}

// address returns where others are told to enrol: as the user says, else at an
// address on the Internet, else any.
func (s *Command) address(e *engine.Engine) string {
	if len(s.Address) > 0 {
		return s.Address[0]
	}
	all := reachable.Addresses(e.Addr())
	for _, a := range all {
		if at, err := netip.ParseAddrPort(a); err == nil && netpolicy.IsPublic(at.Addr()) {
			return a
		}
	}
	return all[0]
}

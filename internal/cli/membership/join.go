package membership

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// enrolTimeout bounds enrolling.
const enrolTimeout = 30 * time.Second

// Join makes the node a member of somebody else's torrent: by the credential that
// is kept, or by enrolling with the invitation in the torrent or link.
//
// The user has typed a link, and what it names may be anywhere. A torrent file may
// come from a stranger: what it names must be on the Internet, or be among the
// peers that the user has named.
func (n *Node) Join(ctx context.Context, t Torrent, typed bool, peers []string) (*Membership, error) {
	k, err := t.key()
	if err != nil {
		return nil, err
	}
	f, err := open(ctx, n.Home, k.CredentialID())
	if err != nil {
		return nil, err
	}
	m, err := n.join(ctx, f, t, k.CredentialID(), typed, peers)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return m, nil
}

func (n *Node) join(ctx context.Context, f *folder, t Torrent, id [32]byte, typed bool, peers []string) (*Membership, error) {
	if len(t.TLS.Authority) != 32 || enrol.CheckURL(t.TLS.Enrol) != nil {
		return nil, errors.New("it is of level full-strict and does not say who admits peers, and where: it cannot be joined")
	}
	v := credential.Verifier{Authority: [32]byte(t.TLS.Authority), For: id, Clock: n.Console.Clock}
	client := &enrol.Client{URL: t.TLS.Enrol, Pins: t.TLS.Pins, Dialer: netpolicy.Direct{}, Hello: n.Hello}
	host, err := client.Host()
	if err != nil {
		return nil, err
	}
	var mine member
	remote := keeper.Remote{Client: client}
	err = f.locked(memberLock, func() error { // two commands on one torrent enrol once
		if mine, err = f.member(); err != nil {
			return err
		}
		remote.Key = mine.key
		if typed || slices.Contains(peers, host) {
			mine.near = host // also for renewals after a restart
		}
		if mine.near != host {
			client.Dialer = netpolicy.Public{Policy: netpolicy.Direct{}}
		}
		if mine.joined() && v.Check(mine.Credential) == nil {
			return nil
		}
		if err := n.enrol(ctx, &mine, remote, v, t.TLS.Invite); err != nil {
			return refusal(host, err)
		}
		n.Console.Say("Enrolled at %s.", words.Plain(host))
		return f.saveMember(mine)
	})
	if err != nil {
		return nil, err
	}
	return n.keep(ctx, f, t, mine.near, keeper.Config{
		Authority: v.Authority, ID: id, Key: mine.key, State: mine.State, Source: remote, Interval: interval(mine.Credential.Lifetime()),
	})
}

// enrol asks for a credential.
func (n *Node) enrol(ctx context.Context, m *member, r keeper.Remote, v credential.Verifier, invite []byte) error {
	ctx, cancel := context.WithTimeoutCause(ctx, enrolTimeout, errors.New("no answer in time"))
	defer cancel()
	c, err := r.Join(ctx, invite)
	if err != nil {
		return err
	}
	if err := v.Check(c); err != nil {
		return err
	}
	if _, err := credential.NewMember(m.key, c); err != nil {
		return err
	}
	m.Credential = c
	return nil
}

// refusal says why we are no member.
func refusal(host string, err error) error {
	host = words.Plain(host)
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

// interval returns how often a service is asked about credentials that last so long.
func interval(lifetime time.Duration) time.Duration {
	return min(keeper.DefaultInterval, max(lifetime/6, time.Second))
}

package membership

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/internal/words"
)

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
	f, err := keyring.Open(ctx, n.Home, k.CredentialID())
	if err != nil {
		return nil, err
	}
	m, err := n.join(ctx, f, t, k.CredentialID(), typed, peers)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return m, nil
}

func (n *Node) join(ctx context.Context, f *keyring.Folder, t Torrent, id [32]byte, typed bool, peers []string) (*Membership, error) {
	if len(t.TLS.Authority) != 32 {
		return nil, errNowhere
	}
	v := credential.Verifier{Authority: [32]byte(t.TLS.Authority), For: id, Clock: n.Clock}
	desk, err := n.desk(t)
	if err != nil {
		return nil, err
	}
	var mine keyring.Member
	remote := keeper.Remote{Client: desk.Client}
	err = f.Locked(keyring.MemberLock, func() error { // two commands on one torrent enrol once
		if mine, err = f.Member(); err != nil {
			return err
		}
		remote.Key = mine.Key
		desk.reach(&mine, typed, peers)
		if mine.Joined() && v.Check(mine.Credential) == nil {
			return nil
		}
		err := n.persist(ctx, desk, func(ctx context.Context) error { return n.enrol(ctx, &mine, remote, v, t.TLS.Invite) })
		if err != nil {
			return desk.refusal(err)
		}
		n.Tell.Say("Enrolled at %s.", words.Plain(desk.host))
		return f.SaveMember(mine)
	})
	if err != nil {
		return nil, err
	}
	return n.keep(ctx, f, t, mine.Near, keeper.Config{
		Authority: v.Authority, ID: id, Key: mine.Key, State: mine.State, Source: remote, Interval: interval(mine.Credential.Lifetime()),
	})
}

// enrol asks for a credential.
func (n *Node) enrol(ctx context.Context, m *keyring.Member, r keeper.Remote, v credential.Verifier, invite []byte) error {
	c, err := r.Join(ctx, invite)
	if err != nil {
		return err
	}
	if err := v.Check(c); err != nil {
		return err
	}
	if _, err := credential.NewMember(m.Key, c); err != nil {
		return err
	}
	m.Credential = c
	return nil
}

// interval returns how often a service is asked about credentials that last so long.
func interval(lifetime time.Duration) time.Duration {
	return min(keeper.DefaultInterval, max(lifetime/6, time.Second))
}

package membership

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

const (
	// sharer and everybody are what the first members are called.
	sharer    = "sharer"
	everybody = "link"
	// linkLife is how long the invitation in a link is open.
	linkLife = 30 * 24 * time.Hour
	// clocksDiffer is how much earlier than now a certificate begins: other clients
	// allow for no difference between clocks.
	clocksDiffer = time.Hour
	// ownInterval is how often the node looks into its own roll, which a command
	// may have changed.
	ownInterval = 2 * time.Second
)

// Terms say how others are admitted to what is shared. The tags are those of flags.
type Terms struct {
	Invites  int           `default:"100" placeholder:"N" help:"With --level full-strict: how many peers the link lets in, within 30 days."`
	Lifetime time.Duration `default:"720h" placeholder:"TIME" help:"With --level full-strict: how long a credential is good before it has to be renewed, which peers do by themselves."`
}

// Check refuses what cannot be meant.
func (f *Terms) Check() error {
	if f.Invites < 1 {
		return fmt.Errorf("--invites %d: the link must let somebody in", f.Invites)
	}
	if f.Lifetime < time.Second || f.Lifetime > 10*365*24*time.Hour {
		return fmt.Errorf("--lifetime %v: want something from a second to ten years, such as 720h", f.Lifetime)
	}
	return nil
}

// Site is where a node admits others.
type Site struct {
	Handler *enrol.Handler
	Address string   // HOST:PORT by which others reach it
	Pin     [32]byte // of its public key
}

// Founded reports whether a torrent is shared from this home.
func (n *Node) Founded(ctx context.Context, t Torrent) (yes bool, err error) {
	k, err := t.key()
	if err != nil {
		return false, err
	}
	f, err := keyring.Open(ctx, n.Home, k.CredentialID())
	if err != nil {
		return false, err
	}
	_, yes, err = f.Authority()
	return yes, errors.Join(err, f.Close())
}

// Found makes the node the authority of a torrent, or lets it go on as that, and
// writes into the torrent who admits peers and where. The link of the first time
// stays good as long as the address does.
func (n *Node) Found(ctx context.Context, m *metainfo.Torrent, site Site, flags *Terms) (*Membership, error) {
	f, s, err := n.found(ctx, m, site, flags, nil)
	if err != nil {
		return nil, err
	}
	out, err := n.lead(ctx, f, Of(m), s)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("become a member: %w", err), f.Close())
	}
	site.Handler.Add(s)
	out.leave = func() { site.Handler.Remove(s) }
	return out, nil
}

// found makes the service of a torrent, and writes down what it needs. ssl is the
// authority of an SSL torrent that was just made.
func (n *Node) found(ctx context.Context, m *metainfo.Torrent, site Site, flags *Terms, ssl *ssltorrent.Authority) (*keyring.Folder, *enrol.Service, error) {
	k, err := Of(m).key()
	if err != nil {
		return nil, nil, err
	}
	f, err := keyring.Open(ctx, n.Home, k.CredentialID())
	if err != nil {
		return nil, nil, err
	}
	s := &enrol.Service{Key: k.EnrolPath(), ID: k.CredentialID(), Lifetime: flags.Lifetime, Store: f, Clock: n.Clock}
	if err := n.establish(f, s, m, site, flags, ssl); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("become who admits peers: %w", err), f.Close())
	}
	return f, s, nil
}

// establish completes a service and its torrent with what was drawn the first time.
func (n *Node) establish(f *keyring.Folder, s *enrol.Service, m *metainfo.Torrent, site Site, flags *Terms, ssl *ssltorrent.Authority) error {
	a, known, err := f.Authority()
	if err != nil {
		return err
	}
	if !known {
		a.SSL = ssl
		_, _ = rand.Read(a.Seed[:]) // never fails: crypto/rand
	}
	s.Authority = credential.NewAuthority(a.Seed)
	if a.SSL != nil {
		s.Leaf = func(request []byte, from, to time.Time) ([]byte, error) {
			return a.SSL.Issue(request, m.Info.Name, from.Add(-clocksDiffer), to)
		}
	}
	if known {
		err = n.remind(s)
	} else {
		m.TLS.Invite = enrol.NewToken()
		err = s.Invite(m.TLS.Invite, everybody, flags.Invites, n.Clock.Now().Add(linkLife))
	}
	if err != nil {
		return err
	}
	demand(m.TLS, s, site)
	a.Link = Link(m, site.Address)
	return f.SaveAuthority(a)
}

// remind says if the link of the first time lets nobody in any more.
func (n *Node) remind(s *enrol.Service) error {
	open, err := s.Invites()
	if err == nil && !slices.ContainsFunc(open, func(i enrol.Invite) bool { return i.Label == everybody }) {
		n.Tell.Warn("the invitation in the link is spent or over: who has enrolled goes on, for others make one with: warren credential invite")
	}
	return err
}

// demand writes into a torrent who admits peers and where.
func demand(t *metainfo.TLS, s *enrol.Service, site Site) {
	public := s.Authority.Public()
	t.Authority = public[:]
	t.Enrol = "https://" + site.Address + "/" + s.Key + "/enrol"
	t.Pins = [][32]byte{site.Pin}
}

// Link returns the link of a torrent that is shared at an address.
func Link(m *metainfo.Torrent, address string) *magnet.Link {
	link := magnet.Of(m)
	link.Peers = append(link.Peers, address)
	return link
}

// lead makes the node itself a member of what it shares.
func (n *Node) lead(ctx context.Context, f *keyring.Folder, t Torrent, s *enrol.Service) (*Membership, error) {
	mine, err := f.Member()
	if err != nil {
		return nil, err
	}
	v := credential.Verifier{Authority: s.Authority.Public(), For: s.ID, Clock: n.Clock}
	if !mine.Joined() || v.Check(mine.Credential) != nil || !n.Clock.Now().Before(mine.Credential.Due()) {
		if mine.Credential, err = s.Admit(mine.Key.Public().(ed25519.PublicKey), sharer); err != nil {
			return nil, err
		}
		if err := f.SaveMember(mine); err != nil {
			return nil, err
		}
	}
	return n.keep(ctx, f, t, mine.Near, keeper.Config{
		Authority: v.Authority, ID: s.ID, Key: mine.Key, State: mine.State,
		Source: keeper.Local{Service: s, Key: mine.Key, Label: sharer}, Interval: ownInterval,
	})
}

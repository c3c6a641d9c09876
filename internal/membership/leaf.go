package membership

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
)

const (
	// renewRetry is how long to wait after a certificate was not renewed.
	renewRetry = time.Minute
	// glance is how often the clock is looked at: timers stand still while the machine
	// sleeps, and clocks are set.
	glance = time.Hour
)

// Papers are our certificate for an SSL torrent, until Close.
type Papers struct {
	Own tls.Certificate

	n       *Node
	name    string
	folder  *keyring.Folder
	issue   issue
	ctx     context.Context
	stop    func()
	looking sync.WaitGroup
	leave   func()
}

// Close ends renewing, and enrolling others.
func (p *Papers) Close() error {
	if p.leave != nil {
		p.leave()
	}
	p.stop()
	p.looking.Wait()
	return p.folder.Close()
}

// JoinSSL makes the node one of those who have a certificate of an SSL torrent that
// says where one enrols, with an invite token. Otherwise it does what Join does.
func (n *Node) JoinSSL(ctx context.Context, m *metainfo.Torrent, token []byte, peers []string) (*Papers, error) {
	t := Of(m)
	k, err := t.key()
	if err != nil {
		return nil, err
	}
	d, err := n.desk(t)
	if err != nil {
		return nil, err
	}
	f, err := keyring.Open(ctx, n.Home, k.CredentialID())
	if err != nil {
		return nil, err
	}
	return n.papers(ctx, m, f, func(mine *keyring.Member) issue {
		d.reach(mine, false, peers)
		return n.ask(d, token)
	})
}

// issue gets a further certificate.
type issue func(context.Context, *keyring.Papers) error

// ask returns how a certificate is got at a desk: the first one with a token, for as
// long as the user waits, the next ones without.
func (n *Node) ask(d *desk, token []byte) issue {
	return func(ctx context.Context, p *keyring.Papers) (err error) {
		first, der := p.Leaf == nil, []byte(nil)
		once := func(ctx context.Context) (err error) {
			der, err = d.Enrol(ctx, p.Key, token)
			return err
		}
		if first {
			err = n.persist(ctx, d, once)
		} else {
			short, cancel := context.WithTimeoutCause(ctx, enrolTimeout, errSlow)
			defer cancel()
			err = once(short)
		}
		if err != nil {
			return d.refusal(err)
		}
		if first {
			n.Tell.Say("Enrolled at %s.", words.Plain(d.host))
		}
		p.Leaf, token = der, nil
		return nil
	}
}

// FoundSSL does for an SSL torrent what Found does. ssl is its authority if it was
// just made.
func (n *Node) FoundSSL(ctx context.Context, m *metainfo.Torrent, site Site, flags *Terms, ssl *ssltorrent.Authority) (*Papers, error) {
	f, s, err := n.found(ctx, m, site, flags, ssl)
	if err != nil {
		return nil, err
	}
	p, err := n.papers(ctx, m, f, func(*keyring.Member) issue { return n.sign(s) })
	if err != nil {
		return nil, err
	}
	site.Handler.Add(s)
	p.leave = func() { site.Handler.Remove(s) }
	return p, nil
}

// sign returns how the sharer gets a certificate: by itself.
func (n *Node) sign(s *enrol.Service) issue {
	return func(_ context.Context, p *keyring.Papers) error {
		if s.Leaf == nil {
			return errors.New("the key of the torrent's authority is not in this home")
		}
		request, err := ssltorrent.Request(p.Key)
		if err != nil {
			return err
		}
		now := n.Clock.Now()
		p.Leaf, err = s.Leaf(request, now, now.Add(s.Lifetime))
		return err
	}
}

// papers returns the certificate that is kept, or a further one if it is time. It
// owns f.
func (n *Node) papers(ctx context.Context, m *metainfo.Torrent, f *keyring.Folder, from func(*keyring.Member) issue) (*Papers, error) {
	p := &Papers{n: n, name: m.Info.Name, folder: f}
	err := f.Locked(keyring.MemberLock, func() error {
		mine, err := f.Member()
		if err != nil {
			return err
		}
		p.issue = from(&mine)
		return p.fresh(ctx, &mine)
	})
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	p.ctx, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	return p, nil
}

// fresh sees to it that the certificate is good for a while. A key is kept before
// anybody is told of it.
func (p *Papers) fresh(ctx context.Context, mine *keyring.Member) (err error) {
	if mine.SSL.Key == nil {
		if mine.SSL.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return err
		}
		if err := p.folder.SaveMember(*mine); err != nil {
			return err
		}
	}
	if !p.n.Clock.Now().Before(dueOf(&mine.SSL)) {
		if err := p.issue(ctx, &mine.SSL); err != nil {
			return err
		}
		// What is of no use is not kept: it would be in the way until it ends.
		if _, err := ssltorrent.Pair(mine.SSL.Leaf, mine.SSL.Key); err != nil {
			return err
		}
		if err := p.folder.SaveMember(*mine); err != nil {
			return err
		}
	}
	p.Own, err = ssltorrent.Pair(mine.SSL.Leaf, mine.SSL.Key)
	return err
}

// Keep renews the certificate when a third of its life is left, and tells show.
func (p *Papers) Keep(show func(tls.Certificate) error) {
	p.looking.Go(func() {
		told := false
		for wait := p.until(); ; wait = max(p.until(), renewRetry) {
			t := time.NewTimer(min(wait, glance))
			select {
			case <-t.C:
			case <-p.ctx.Done():
				t.Stop()
				return
			}
			if p.until() > 0 {
				continue
			}
			err := p.renew(show)
			if err != nil && !told && p.ctx.Err() == nil {
				p.n.Tell.Warn("the certificate for %q was not renewed, and is good until %s: %v",
					words.Plain(p.name), p.Own.Leaf.NotAfter.UTC().Format(time.DateTime), err)
			}
			told = err != nil
		}
	})
}

func (p *Papers) renew(show func(tls.Certificate) error) error {
	return p.folder.Locked(keyring.MemberLock, func() error {
		mine, err := p.folder.Member()
		if err == nil {
			err = p.fresh(p.ctx, &mine)
		}
		if err == nil {
			err = show(p.Own)
		}
		return err
	})
}

// until returns how long the certificate need not be renewed.
func (p *Papers) until() time.Duration { return due(p.Own.Leaf).Sub(p.n.Clock.Now()) }

// due returns when a certificate is to be renewed.
func due(c *x509.Certificate) time.Time {
	life := c.NotAfter.Sub(c.NotBefore.Add(clocksDiffer))
	return c.NotAfter.Add(-life / 3)
}

// dueOf returns when to ask for a certificate; long ago if there is none.
func dueOf(p *keyring.Papers) time.Time {
	c, err := x509.ParseCertificate(p.Leaf)
	if err != nil {
		return time.Time{}
	}
	return due(c)
}

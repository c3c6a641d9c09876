package looks

import (
	"context"
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/acme"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// rereadPeriod is how often a certificate of the user's is read again: whoever
// renews it does not tell us.
const rereadPeriod = time.Hour

// Check refuses what cannot be meant. The error is a [*WishError].
func (w *Wishes) Check() error {
	if name, err := hello.ServerName(w.Name); err != nil || w.Name != "" && name == "" {
		return &WishError{"name", w.Name, errors.New("want the name of a host, such as node.example (xn--… if it has other letters)"), true}
	}
	if w.TLSKey != "" && w.TLSCertificate == "" {
		return &WishError{"tls-key", "", errors.New("it goes with --tls-certificate"), true}
	}
	return nil
}

// certificate decides what the port shows: a certificate of the user's, one of an
// authority for the name, or that of the install.
func (w *Wishes) certificate(ctx context.Context, b Base, cfg *swarm.Config, l *Look) error {
	cfg.Name = w.Name
	if w.TLSCertificate != "" {
		cert, err := w.read()
		if err != nil {
			return err
		}
		cfg.Certificate = &cert
		l.tasks = append(l.tasks, func(ctx context.Context, s *swarm.Session, r *reachable.Follower) {
			w.reread(ctx, r, cert, l.show(s))
		})
		return nil
	}
	cert, err := b.Home.Certificate(ctx, b.Clock)
	if err != nil {
		return err
	}
	cfg.Certificate = &cert
	if w.Name == "" {
		return nil
	}
	k, err := acme.Open(acme.Config{
		Name: w.Name, Directory: w.ACME, Key: cert.PrivateKey.(crypto.Signer), State: b.Home.State(), Policy: b.Policy, Clock: b.Clock,
	})
	if err != nil {
		return &WishError{"name", w.Name, err, false}
	}
	if kept := k.Certificate(); kept != nil {
		cfg.Certificate = kept
	} else {
		b.Tell.Say("Asking for a certificate for %s, which accepts the terms of the authority.\n"+
			"  It publishes each certificate (certificate transparency): everybody can read this name, and when you used it.", words.Plain(w.Name))
	}
	cfg.Challenges = k
	l.tasks = append(l.tasks, func(ctx context.Context, s *swarm.Session, r *reachable.Follower) {
		k.Run(ctx, func(n acme.News) {
			if n.Err == nil {
				l.show(s)(n.Certificate)
			}
			r.Pass(ctx, news{w.Name, n})
		})
	})
	return nil
}

// show returns what has a session show a certificate.
func (l *Look) show(s *swarm.Session) func(tls.Certificate) {
	return func(c tls.Certificate) {
		l.shown.Store(&c)
		s.SetCertificate(c)
	}
}

// news is what became of a certificate.
type news struct {
	name string
	acme.News
}

// Tell tells people.
func (n news) Tell(c reachable.Teller) error {
	name := words.Plain(n.name)
	if n.Err == nil {
		c.Say("%s has a certificate, valid until %s.", name, n.Certificate.Leaf.NotAfter.Format(time.DateOnly))
		return nil
	}
	c.Warn("no certificate for %s yet: %s\n  The authority calls %s on port 443 or 80: one of them must lead to this port. Trying again at %s.",
		name, words.Plain(words.Cause(n.Err).Error()), name, n.Next.Format("15:04"))
	return nil
}

// unread is a certificate of the user's that could not be read again.
type unread struct{ err error }

// Tell tells people.
func (u unread) Tell(c reachable.Teller) error {
	c.Warn("the certificate is kept as it was: %v", u.err)
	return nil
}

// read reads the certificate of the user's, and its key from the same file or from
// another.
func (w *Wishes) read() (cert tls.Certificate, err error) {
	var b []byte
	for _, path := range []string{w.TLSCertificate, w.TLSKey} {
		if path == "" {
			continue
		}
		text, err := readFile(path)
		if err != nil {
			return cert, fmt.Errorf("read %s: %w", words.Plain(path), words.Cause(err))
		}
		b = append(append(b, text...), '\n')
	}
	if cert, err = certificate.ParsePEM(b); err != nil {
		return cert, &WishError{"tls-certificate", w.TLSCertificate, err, false}
	}
	return cert, nil
}

// maxSize bounds what is read: a chain of certificates is a few kilobytes.
const maxSize = 1 << 20

func readFile(path string) (b []byte, err error) {
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	info, err := dir.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxSize {
		return nil, fs.ErrInvalid
	}
	return vfs.ReadFile(dir, name)
}

// reread follows a certificate that somebody else renews.
func (w *Wishes) reread(ctx context.Context, r *reachable.Follower, shown tls.Certificate, show func(tls.Certificate)) {
	tick := time.NewTicker(rereadPeriod)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		cert, err := w.read()
		if err != nil {
			r.Pass(ctx, unread{err})
			continue
		}
		if !slices.Equal(cert.Certificate[0], shown.Certificate[0]) {
			shown = cert
			show(cert)
		}
	}
}

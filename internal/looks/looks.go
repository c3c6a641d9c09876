// Package looks makes a node look as its user wants: to those that it dials, those
// that visit it, and those that watch.
package looks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/facade"
	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// Wishes are what the user says.
type Wishes struct {
	Hello string // of connections over TLS: "go", otherwise that of a browser
	Pad   bool   // small records are filled up
	Site  string // a folder or a URL; "" is one that is made up for the home

	Name           string // by which others reach the port; "" if it has none
	ACME           string // directory of the authority that certificates for it are asked of
	TLSCertificate string // a file with the certificate to show instead, "" for none
	TLSKey         string // its key, if that is in another file
}

// WishError is what is wrong with one wish.
type WishError struct {
	Wish   string // as on the command line: name, site, tls-certificate, tls-key
	Value  string
	Err    error
	Syntax bool // it cannot be meant, whatever there is on this machine
}

func (e *WishError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("--%s: %v", e.Wish, e.Err)
	}
	return fmt.Sprintf("--%s %s: %v", e.Wish, words.Plain(e.Value), e.Err)
}

func (e *WishError) Unwrap() error { return e.Err }

// Base is what looks stand on.
type Base struct {
	Home   *home.Home
	Clock  clock.Clock
	Policy netpolicy.Policy // for the site behind a URL, and the authority
	Tell   reachable.Teller // what is to be told before the session runs
}

// Look is what stands behind a look until it is closed.
type Look struct {
	shown   atomic.Pointer[tls.Certificate]
	closers []io.Closer
	tasks   []func(context.Context, *swarm.Session, *reachable.Follower)
	cancel  context.CancelFunc
	wg      sync.WaitGroup
}

// Follow does until Close what a look takes while a session runs, and passes on what
// people should know.
func (l *Look) Follow(s *swarm.Session, r *reachable.Follower) {
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	for _, task := range l.tasks {
		l.wg.Go(func() { task(ctx, s, r) })
	}
}

// Certificate returns the one that the port shows.
func (l *Look) Certificate() *tls.Certificate { return l.shown.Load() }

// Close ends it. The session that looks so must have ended before.
func (l *Look) Close() error {
	if l == nil {
		return nil
	}
	if l.cancel != nil {
		l.cancel()
	}
	l.wg.Wait()
	var errs []error
	for _, c := range l.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Apply makes a session look so. The Look is to be closed after the session. The
// error may be a [*WishError].
func (w *Wishes) Apply(ctx context.Context, b Base, cfg *swarm.Config) (*Look, error) {
	l := &Look{}
	if err := w.apply(ctx, b, cfg, l); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Client returns what connections over TLS look like.
func (w *Wishes) Client() hello.Hello {
	if w.Hello == "go" {
		return hello.Go{}
	}
	return parrot.New()
}

func (w *Wishes) apply(ctx context.Context, b Base, cfg *swarm.Config, l *Look) error {
	cfg.Pad = w.Pad
	cfg.Hello = w.Client()
	if err := w.site(ctx, b, cfg, l); err != nil {
		return err
	}
	err := w.certificate(ctx, b, cfg, l)
	l.shown.Store(cfg.Certificate)
	return err
}

func (w *Wishes) site(ctx context.Context, b Base, cfg *swarm.Config, l *Look) error {
	switch {
	case w.Site == "":
		seed, err := b.Home.SiteSeed(ctx)
		if err != nil {
			return err
		}
		cfg.Site = made.New(seed)
	case strings.Contains(w.Site, "://"):
		p, err := facade.NewProxy(w.Site, netpolicy.Local{Policy: b.Policy})
		if err != nil {
			return &WishError{"site", w.Site, errors.New("want a folder, http://HOST or https://HOST"), true}
		}
		cfg.Site = p
		l.closers = append(l.closers, p)
	default:
		dir, err := vfs.OpenDir(w.Site)
		if err != nil {
			return &WishError{"site", "", fmt.Errorf("open %s: %w", words.Plain(w.Site), words.Cause(err)), false}
		}
		cfg.Site = facade.Folder(dir)
		l.closers = append(l.closers, dir)
	}
	return nil
}

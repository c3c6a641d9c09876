// Package looks holds the flags that say what others see of a node: those that it
// dials, those that visit it, and those that watch.
package looks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/reachable"
	"github.com/warren-p2p/warren/internal/facade"
	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// Flags are what the user says.
type Flags struct {
	Hello string `enum:"chrome,go" default:"chrome" help:"What connections to peers over TLS look like: chrome (those of that browser) or go (those of a program)."`
	Pad   bool   `help:"Fill small records over TLS up to 256 bytes or the next power of two, so that lengths tell less of what is asked for and told. About a thousandth more is sent while content moves; otherwise a small message takes some 280 bytes instead of 30 or more."`
	Site  string `placeholder:"DIR|URL" help:"What visitors of the port see: the files in a folder, or the site at a URL; by default one that is made up for this home."`

	Name           string `placeholder:"HOST" help:"A name under which others reach this port; it gets a certificate that browsers know, if port 443 or 80 of it leads here."`
	ACME           string `name:"acme" default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL" help:"Directory of the authority that certificates for the name are asked of."`
	TLSCertificate string `name:"tls-certificate" placeholder:"FILE" help:"Show this certificate (PEM, with its chain) instead; it is read again every hour."`
	TLSKey         string `name:"tls-key" placeholder:"FILE" help:"Its private key, if that is in another file."`
}

// Look is what stands behind a look until it is closed.
type Look struct {
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

// Apply makes a session look so. The Look is to be closed after the session.
func (f *Flags) Apply(ctx context.Context, c *console.Console, h *home.Home, cfg *swarm.Config) (*Look, error) {
	l := &Look{}
	if err := f.apply(ctx, c, h, cfg, l); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (f *Flags) apply(ctx context.Context, c *console.Console, h *home.Home, cfg *swarm.Config, l *Look) error {
	cfg.Pad = f.Pad
	cfg.Hello = parrot.New()
	if f.Hello == "go" {
		cfg.Hello = hello.Go{}
	}
	if err := f.site(ctx, h, cfg, l); err != nil {
		return err
	}
	return f.certificate(ctx, c, h, cfg, l)
}

func (f *Flags) site(ctx context.Context, h *home.Home, cfg *swarm.Config, l *Look) error {
	switch {
	case f.Site == "":
		seed, err := h.SiteSeed(ctx)
		if err != nil {
			return err
		}
		cfg.Site = made.New(seed)
	case strings.Contains(f.Site, "://"):
		p, err := facade.NewProxy(f.Site, netpolicy.Direct{})
		if err != nil {
			return console.Usage("--site %s: want a folder, http://HOST or https://HOST", words.Plain(f.Site))
		}
		cfg.Site = p
		l.closers = append(l.closers, p)
	default:
		dir, err := vfs.OpenDir(f.Site)
		if err != nil {
			return fmt.Errorf("--site: open %s: %w", words.Plain(f.Site), console.Cause(err))
		}
		cfg.Site = facade.Folder(dir)
		l.closers = append(l.closers, dir)
	}
	return nil
}

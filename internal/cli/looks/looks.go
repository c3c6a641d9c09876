// Package looks holds the flags that say what others see of a node: those that it
// dials, those that visit it, and those that watch.
package looks

import (
	"context"
	"errors"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/looks"
	"github.com/warren-p2p/warren/internal/netpolicy"
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

func (f *Flags) wishes() *looks.Wishes {
	w := looks.Wishes(*f)
	return &w
}

// Client returns what connections look like that are opened before a session runs.
func (f *Flags) Client() hello.Hello { return f.wishes().Client() }

// Check refuses what cannot be meant.
func (f *Flags) Check() error { return usage(f.wishes().Check()) }

// Apply makes a session look so, with sockets of a policy where it takes any. The Look
// is to be closed after the session.
func (f *Flags) Apply(ctx context.Context, c *console.Console, h *home.Home, via netpolicy.Policy, cfg *swarm.Config) (*looks.Look, error) {
	l, err := f.wishes().Apply(ctx, looks.Base{Home: h, Clock: c.Clock, Policy: via, Tell: c}, cfg)
	return l, usage(err)
}

// usage marks what cannot be meant.
func usage(err error) error {
	if w, ok := errors.AsType[*looks.WishError](err); ok && w.Syntax {
		return &console.UsageError{Err: w}
	}
	return err
}

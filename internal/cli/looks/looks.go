// Package looks holds the flags that say what others see of a node: those that it
// dials, those that visit it, and those that watch.
package looks

import (
	"context"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/home"
	"github.com/warren-p2p/warren/swarm"
)

// Flags are what the user says.
type Flags struct {
	Hello string `enum:"chrome,go" default:"chrome" help:"What connections to peers over TLS look like: chrome (those of that browser) or go (those of a program)."`
}

// Apply makes a session look so.
func (f *Flags) Apply(ctx context.Context, c *console.Console, h *home.Home, cfg *swarm.Config) error {
	cfg.Hello = parrot.New()
	if f.Hello == "go" {
		cfg.Hello = hello.Go{}
	}
	cert, err := h.Certificate(ctx, c.Clock)
	cfg.Certificate = &cert
	return err
}

package idcmd

import (
	"context"
	"net/http"

	"github.com/warren-p2p/warren/internal/api/keys"
	"github.com/warren-p2p/warren/internal/cli/atrest"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Passphrases are read from these if they are set: on a command line, other users of the
// machine would see them.
const (
	oldVariable = "WARREN_PASSPHRASE"
	newVariable = "WARREN_NEW_PASSPHRASE"
)

// Passphrase sets, changes or removes one.
type Passphrase struct {
	Name   string `arg:"" optional:"" help:"Its name or text; the default identity if absent."`
	Remove bool   `help:"Let it lie without one, so that it is open whenever the node runs."`
}

// Run does it.
func (p *Passphrase) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		i, err := named(ctx, n, p.Name)
		if err != nil {
			return err
		}
		var in struct {
			Old        string `json:"old,omitempty"`
			Passphrase string `json:"passphrase"`
		}
		if i.Passphrase {
			if in.Old, err = ask(ctx, c, oldVariable, "Passphrase of "+words.Plain(i.Name)); err != nil {
				return err
			}
		}
		if !p.Remove {
			if in.Passphrase, err = fresh(ctx, c); err != nil {
				return err
			}
		}
		return do(ctx, c, n, http.MethodPut, at(i.ID)+"/passphrase", in, func(c *console.Console, i keys.Identity) {
			if i.Passphrase {
				c.Say("%q lies under the new passphrase, which nobody can replace: keep it.", words.Plain(i.Name))
				return
			}
			c.Say("%q lies without a passphrase: whoever can read the node's home has it.", words.Plain(i.Name))
		})
	})
}

// Unlock opens one.
type Unlock struct {
	Name string `arg:"" optional:"" help:"Its name or text; the default identity if absent."`
}

// Run unlocks.
func (u *Unlock) Run(ctx context.Context, c *console.Console) error {
	return inNode(c, func(n *remote.Node) error {
		i, err := named(ctx, n, u.Name)
		if err != nil {
			return err
		}
		in := map[string]string{"passphrase": ""}
		if i.Passphrase {
			if in["passphrase"], err = ask(ctx, c, oldVariable, "Passphrase of "+words.Plain(i.Name)); err != nil {
				return err
			}
		}
		return do(ctx, c, n, http.MethodPost, at(i.ID)+"/unlock", in, func(c *console.Console, i keys.Identity) {
			c.Say("%q is open until you lock it or the node ends.", words.Plain(i.Name))
		})
	})
}

// Lock closes one.
type Lock struct {
	Name string `arg:"" optional:"" help:"Its name or text; the default identity if absent."`
}

// Run locks.
func (l *Lock) Run(ctx context.Context, c *console.Console) error {
	return inNode(c, func(n *remote.Node) error {
		i, err := named(ctx, n, l.Name)
		if err != nil {
			return err
		}
		return do(ctx, c, n, http.MethodPost, at(i.ID)+"/lock", nil, func(c *console.Console, i keys.Identity) {
			c.Say("%q is locked.", words.Plain(i.Name))
		})
	})
}

// inNode calls do with the node that runs: what is unlocked is so for its run.
func inNode(c *console.Console, do func(*remote.Node) error) error {
	n, err := remote.Find(c)
	if err != nil {
		return err
	}
	defer n.Close()
	return do(n)
}

// fresh asks for a passphrase that is to hold from now on.
func fresh(ctx context.Context, c *console.Console) (string, error) {
	return given(c.NewSecret(ctx, newVariable, "New passphrase", "nothing is changed"))
}

// ask returns a passphrase from the environment, or else from who sits at the terminal.
func ask(ctx context.Context, c *console.Console, variable, what string) (string, error) {
	return given(c.Secret(ctx, variable, what))
}

// given is what was given, or says that nothing was.
func given(text string, err error) (string, error) {
	if err == nil && text == "" {
		err = console.Usage("no passphrase was given: --remove is for doing without")
	}
	return text, err
}

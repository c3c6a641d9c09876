// Package idcmd holds the command id: the identities of a node, whether it runs or not.
package idcmd

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/warren-p2p/warren/internal/api/keys"
	"github.com/warren-p2p/warren/internal/cli/atrest"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// ID is the command.
type ID struct {
	List       List       `cmd:"" help:"Show the identities of the node."`
	Show       Show       `cmd:"" help:"Show one identity."`
	New        New        `cmd:"" help:"Make another identity."`
	Rename     Rename     `cmd:"" help:"Call an identity something else."`
	Default    Default    `cmd:"" help:"Choose the identity that is meant unless another is named."`
	Passphrase Passphrase `cmd:"" help:"Put an identity under a passphrase, or another one, or none."`
	Unlock     Unlock     `cmd:"" help:"Unlock an identity of the running node until it is locked or the node ends."`
	Lock       Lock       `cmd:"" help:"Lock an identity of the running node."`
}

// Help says what identities are.
func (ID) Help() string {
	return "An identity is who you are to others: a text that begins with wr1. The name of it only you see. " +
		"Passphrases are asked for at the terminal, or read from WARREN_PASSPHRASE and WARREN_NEW_PASSPHRASE."
}

// event is an identity as --json tells of it.
type event struct {
	Event string `json:"event"` // identity
	keys.Identity
}

const root = "/identities"

// at is where the API has an identity.
func at(name string) string { return root + "/" + url.PathEscape(name) }

// List shows all.
type List struct{}

// Run lists.
func (*List) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		list, err := all(ctx, n)
		if err != nil {
			return err
		}
		c.Say("  %-20s %-9s %s", "NAME", "STATE", "TEXT")
		for _, i := range list {
			mark := " "
			if i.Default {
				mark = "*"
			}
			c.Say("%s %-20s %-9s %s", mark, words.Plain(i.Name), state(i), i.ID)
			if err := c.Emit(event{"identity", i}); err != nil {
				return err
			}
		}
		return nil
	})
}

func all(ctx context.Context, n *remote.Node) ([]keys.Identity, error) {
	var list keys.Identities
	err := n.Get(ctx, root, nil, &list)
	return list.Identities, err
}

func state(i keys.Identity) string {
	switch {
	case i.Locked:
		return "locked"
	case i.Passphrase:
		return "unlocked"
	}
	return "open"
}

// Show shows one.
type Show struct {
	Name string `arg:"" optional:"" help:"Its name or text; the default identity if absent."`
}

// Run shows it.
func (s *Show) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		if s.Name != "" {
			return do(ctx, c, n, http.MethodGet, at(s.Name), nil, details)
		}
		list, err := all(ctx, n)
		if err != nil {
			return err
		}
		for _, i := range list {
			if i.Default {
				details(c, i)
				return c.Emit(event{"identity", i})
			}
		}
		return fmt.Errorf("the node has no identity")
	})
}

func details(c *console.Console, i keys.Identity) {
	c.Say("%s", words.Plain(i.Name))
	c.Say("  text        %s", i.ID)
	c.Say("  made        %s", i.Created.Local().Format("2 January 2006 15:04"))
	c.Say("  passphrase  %s", map[bool]string{true: "yes", false: "none"}[i.Passphrase])
	c.Say("  state       %s", state(i))
	c.Say("  default     %s", map[bool]string{true: "yes", false: "no"}[i.Default])
}

// do asks for something that answers with an identity, and tells of it.
func do(ctx context.Context, c *console.Console, n *remote.Node, method, path string, in any, tell func(*console.Console, keys.Identity)) error {
	var i keys.Identity
	if err := n.Do(ctx, method, path, in, &i); err != nil {
		return err
	}
	tell(c, i)
	return c.Emit(event{"identity", i})
}

// New makes one.
type New struct {
	Name   string `arg:"" help:"What to call it; nobody else sees that."`
	Sealed bool   `name:"passphrase" help:"Put it under a passphrase, which is asked for, or read from WARREN_NEW_PASSPHRASE."`
}

// Run makes it.
func (w *New) Run(ctx context.Context, c *console.Console) error {
	in := keys.NewIdentity{Name: w.Name}
	if w.Sealed {
		var err error
		if in.Passphrase, err = fresh(ctx, c); err != nil {
			return err
		}
	}
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		return do(ctx, c, n, http.MethodPost, root, in, func(c *console.Console, i keys.Identity) {
			c.Say("%q is made:", words.Plain(i.Name))
			c.Say("  %s", i.ID)
		})
	})
}

// Rename calls one something else.
type Rename struct {
	Name string `arg:"" help:"Its name or text."`
	To   string `arg:"" help:"The new name."`
}

// Run renames.
func (r *Rename) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		return do(ctx, c, n, http.MethodPatch, at(r.Name), keys.IdentityPatch{Name: &r.To}, func(c *console.Console, i keys.Identity) {
			c.Say("It is called %q now.", words.Plain(i.Name))
		})
	})
}

// Default chooses one.
type Default struct {
	Name string `arg:"" help:"Its name or text."`
}

// Run chooses.
func (d *Default) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		return do(ctx, c, n, http.MethodPatch, at(d.Name), keys.IdentityPatch{Default: true}, func(c *console.Console, i keys.Identity) {
			c.Say("%q is meant from now on unless another is named.", words.Plain(i.Name))
		})
	})
}

// named is the name of an identity, or that of the default.
func named(ctx context.Context, n *remote.Node, name string) (keys.Identity, error) {
	list, err := all(ctx, n)
	if err != nil {
		return keys.Identity{}, err
	}
	for _, i := range list {
		if i.Name == name || i.ID == name || name == "" && i.Default {
			return i, nil
		}
	}
	return keys.Identity{}, fmt.Errorf("no identity is called %q: `warren id list` shows them", words.Plain(cmp.Or(name, "default")))
}

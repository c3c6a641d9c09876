// Package tokencmd holds the command token: what programs show to ask something of a
// node, and the key of its owner.
package tokencmd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/api/keys"
	"github.com/warren-p2p/warren/internal/cli/atrest"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Token is the command.
type Token struct {
	List   List   `cmd:"" help:"Show the tokens of the node."`
	Create Create `cmd:"" help:"Make a token for a program."`
	Revoke Revoke `cmd:"" help:"Take a token away."`
	Owner  Owner  `cmd:"" help:"Show where the owner manages the running node, or make a new key for that."`
}

// event is a token as --json tells of it.
type event struct {
	Event string `json:"event"` // token
	keys.Token
	Text string `json:"text,omitempty"` // of one that was just made
}

// List shows all.
type List struct{}

// Run lists.
func (*List) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		list, err := all(ctx, n)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			c.Say("There is none. To make one: warren token create NAME --scope read")
		}
		for _, t := range list {
			c.Say("%4d  %-24s %-28s %s", t.ID, words.Plain(t.Name), strings.Join(t.Scopes, ","), life(t))
			if err := c.Emit(event{Event: "token", Token: t}); err != nil {
				return err
			}
		}
		return nil
	})
}

func all(ctx context.Context, n *remote.Node) ([]keys.Token, error) {
	var list keys.Tokens
	err := n.Get(ctx, "/tokens", nil, &list)
	return list.Tokens, err
}

// life says until when a token is good, and when it was used.
func life(t keys.Token) string {
	until, used := "for ever", "never used"
	if !t.Expires.IsZero() {
		until = "until " + t.Expires.Format(time.DateOnly)
	}
	if !t.Used.IsZero() {
		used = "used " + t.Used.Format(time.DateOnly)
	}
	return until + ", " + used
}

// Create makes one.
type Create struct {
	Name  string       `arg:"" help:"Which program it is for."`
	Scope []string     `required:"" enum:"read,add,control,settings,admin" placeholder:"SCOPE" help:"What may be done with it: read, add, control, settings or admin; may be given several times."`
	For   words.Period `placeholder:"TIME" help:"How long it is good, such as 30d; for ever by default."`
}

// Run makes it.
func (m *Create) Run(ctx context.Context, c *console.Console) error {
	in := keys.NewToken{Name: m.Name, Scopes: m.Scope}
	if m.For > 0 {
		end := c.Clock.Now().Add(time.Duration(m.For)).UTC().Truncate(time.Second)
		in.Expires = &end
	}
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		var made keys.Made
		if err := n.Do(ctx, http.MethodPost, "/tokens", in, &made); err != nil {
			return err
		}
		c.Say("%s", made.Text)
		c.Say("This is told once: give it to %s, and to nobody else.", words.Plain(made.Token.Name))
		return c.Emit(event{"token", made.Token, made.Text})
	})
}

// Revoke takes one away.
type Revoke struct {
	Token string `arg:"" help:"Its number, or its name if no other has the same."`
}

// Run revokes.
func (r *Revoke) Run(ctx context.Context, c *console.Console) error {
	return atrest.With(ctx, c, func(n *remote.Node, _ bool) error {
		list, err := all(ctx, n)
		if err != nil {
			return err
		}
		var found []keys.Token
		for _, t := range list {
			if strconv.FormatInt(t.ID, 10) == r.Token {
				found = []keys.Token{t}
				break
			}
			if t.Name == r.Token {
				found = append(found, t)
			}
		}
		switch len(found) {
		case 0:
			return fmt.Errorf("no token has the number or name %q: `warren token list` shows them", words.Plain(r.Token))
		case 1:
		default:
			return fmt.Errorf("%d tokens are called %q: name it by its number, as `warren token list` shows it", len(found), words.Plain(r.Token))
		}
		if err := n.Do(ctx, http.MethodDelete, fmt.Sprintf("/tokens/%d", found[0].ID), nil, nil); err != nil {
			return err
		}
		c.Say("The token of %q opens nothing any more.", words.Plain(found[0].Name))
		return c.Emit(event{Event: "revoked", Token: found[0]})
	})
}

// Owner shows or replaces the owner's key.
type Owner struct {
	Replace bool `help:"Make a new key: the one before, and all browsers that were let in with it, are shut out."`
}

// owned is what --json tells.
type owned struct {
	Event string `json:"event"`         // owner
	URL   string `json:"url,omitempty"` // while the node runs
}

// Run shows it.
func (o *Owner) Run(ctx context.Context, c *console.Console) error {
	if !o.Replace {
		n, err := remote.Find(c)
		if err != nil {
			return err
		}
		defer n.Close()
		return tell(c, n.OwnerURL())
	}
	return atrest.With(ctx, c, func(n *remote.Node, running bool) error {
		var key keys.OwnerKey
		if err := n.Do(ctx, http.MethodPost, "/owner-key", nil, &key); err != nil {
			return err
		}
		c.Say("The old key opens nothing any more, nor does any browser that had come in with it.")
		if !running {
			return c.Emit(owned{Event: "owner"})
		}
		return tell(c, n.Running.API+key.Path)
	})
}

func tell(c *console.Console, url string) error {
	c.Say("Manage the node at\n")
	c.Say("  %s\n", url)
	c.Say("Whoever has this address owns the node; it is for this machine alone.")
	return c.Emit(owned{"owner", url})
}

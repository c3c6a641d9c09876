// Package credentialcmd holds the commands with which who shares a torrent at level
// full-strict says who may join: list, invite and revoke. A share that is running
// heeds them within seconds.
package credentialcmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/words"
)

// Credential is the group of commands.
type Credential struct {
	List   List   `cmd:"" help:"Print who was admitted to what is shared at level full-strict, and who is invited."`
	Invite Invite `cmd:"" help:"Make one more link to what is shared at level full-strict."`
	Revoke Revoke `cmd:"" help:"Take back the credential of somebody who was admitted."`
}

// with calls do with what this home admits peers to.
func with(ctx context.Context, c *console.Console, do func([]*membership.Authority) error) (err error) {
	h, err := c.OpenHome()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	all, err := membership.Authorities(ctx, h, c.Clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, membership.Close(all)) }()
	if len(all) == 0 {
		return fmt.Errorf("nothing is shared at level full-strict from home %s: "+
			"share something with --level full-strict, or say with --home where that was done", words.Plain(h.Path()))
	}
	return do(all)
}

// named returns those that a name or the beginning of an info-hash is of; all if it
// is "".
func named(all []*membership.Authority, name string) (list []*membership.Authority) {
	for _, a := range all {
		h := a.Link.Hashes
		if name == "" || a.Link.Name == name || h.HasV1 && begins(h.V1.String(), name) || h.HasV2 && begins(h.V2.String(), name) {
			list = append(list, a)
		}
	}
	return list
}

// begins reports whether text begins with at least four characters of it.
func begins(text, with string) bool {
	return len(with) >= 4 && strings.HasPrefix(text, strings.ToLower(with))
}

// List prints who was admitted.
type List struct {
	Torrent string `arg:"" optional:"" help:"Its name, or the beginning of its info-hash."`
}

// Admitted is a line of --json about a credential.
type Admitted struct {
	Event   string    `json:"event"` // credential
	Name    string    `json:"name"`  // of the torrent
	Serial  string    `json:"serial"`
	Label   string    `json:"label"` // of the invitation
	Until   time.Time `json:"until"`
	Revoked bool      `json:"revoked"`
}

// Invited is a line of --json about an invitation.
type Invited struct {
	Event string    `json:"event"` // invitation
	Name  string    `json:"name"`
	Label string    `json:"label"`
	Uses  int       `json:"uses"` // left
	Until time.Time `json:"until"`
	Link  string    `json:"link,omitempty"`  // of one that was just made
	Token string    `json:"token,omitempty"` // of the same, base64url
}

// Run lists.
func (l *List) Run(ctx context.Context, c *console.Console) error {
	return with(ctx, c, func(all []*membership.Authority) error {
		some := named(all, l.Torrent)
		if len(some) == 0 {
			return unknown(l.Torrent)
		}
		for _, a := range some {
			if err := list(c, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func unknown(torrent string) error {
	return fmt.Errorf("no torrent %q is shared at level full-strict from this home: see which are with: warren credential list", words.Plain(torrent))
}

func list(c *console.Console, a *membership.Authority) error {
	members, err := a.Entries()
	if err != nil {
		return err
	}
	invites, err := a.Invites()
	if err != nil {
		return err
	}
	c.Say("%s", words.Plain(a.Link.Name))
	for _, m := range members {
		if err := c.Emit(Admitted{"credential", a.Link.Name, m.Serial.String(), m.Label, m.NotAfter, m.Revoked}); err != nil {
			return err
		}
		c.Say("  %s  %s  %s", m.Serial, standing(m, c.Clock.Now()), words.Plain(m.Label))
	}
	for _, i := range invites {
		if err := c.Emit(Invited{Event: "invitation", Name: a.Link.Name, Label: i.Label, Uses: i.Uses, Until: i.Expires}); err != nil {
			return err
		}
		c.Say("  invitation %q: %d more until %s", words.Plain(i.Label), i.Uses, day(i.Expires))
	}
	return nil
}

func standing(m enrol.Entry, now time.Time) string {
	switch {
	case m.Revoked:
		return "revoked          "
	case now.After(m.NotAfter):
		return "expired          "
	}
	return "until " + day(m.NotAfter) + " "
}

// day is a date as ISO 8601 has it, UTC.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

package credentialcmd

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/membership"
	"github.com/warren-p2p/warren/internal/words"
)

// Invite makes a link.
type Invite struct {
	Torrent string        `arg:"" optional:"" help:"Its name, or the beginning of its info-hash; may be left out if there is but one."`
	Label   string        `required:"" placeholder:"TEXT" help:"Whom it is for, in your words; list shows it with who came by it."`
	Uses    int           `default:"1" placeholder:"N" help:"How many it lets in."`
	For     time.Duration `default:"720h" placeholder:"TIME" help:"How long it is open."`
}

// Run invites.
func (i *Invite) Run(ctx context.Context, c *console.Console) error {
	if i.Uses < 1 || i.For < time.Second || len(i.Label) > enrol.MaxLabel {
		return console.Usage("an invitation has a use, a second and at most %d bytes of label", enrol.MaxLabel)
	}
	return with(ctx, c, func(all []*membership.Authority) error {
		some := named(all, i.Torrent)
		if len(some) == 0 {
			return unknown(i.Torrent)
		}
		if len(some) > 1 {
			return console.Usage("%d torrents are shared from this home or are called so: say which, by its name or info-hash", len(some))
		}
		a, until := some[0], c.Clock.Now().Add(i.For)
		link := *a.Link
		demand := *link.TLS
		demand.Invite = enrol.NewToken()
		link.TLS = &demand
		if err := a.Service.Invite(demand.Invite, i.Label, i.Uses, until); err != nil {
			return err
		}
		out := Invited{
			Event: "invitation", Name: link.Name, Label: i.Label, Uses: i.Uses, Until: until,
			Token: base64.RawURLEncoding.EncodeToString(demand.Invite),
		}
		if a.SSL { // a link is not enough for one
			c.Say("warren get TORRENT --invite %s", out.Token)
			return c.Emit(out)
		}
		out.Link = link.String()
		c.Say("%s", out.Link)
		return c.Emit(out)
	})
}

// Revoke takes credentials back.
type Revoke struct {
	Serial         string `arg:"" help:"The serial number, or enough of its beginning, as list prints it."`
	KeepInvitation bool   `help:"Leave the invitation open by which they came; otherwise it is withdrawn, or they could come back by it."`
}

// Run revokes.
func (r *Revoke) Run(ctx context.Context, c *console.Console) error {
	return with(ctx, c, func(all []*membership.Authority) error {
		a, m, err := r.find(all)
		if err != nil {
			return err
		}
		if err := a.Revoke(m.Serial); err != nil {
			return err
		}
		if err := c.Emit(Admitted{"credential", a.Link.Name, m.Serial.String(), m.Label, m.NotAfter, true}); err != nil {
			return err
		}
		c.Say("Revoked %s, who came by the invitation %q.", m.Serial, words.Plain(m.Label))
		if m.Leaf {
			c.Say("It is not renewed. Peers of SSL torrents take it until it ends, on %s.", day(m.NotAfter))
		}
		if r.KeepInvitation {
			return nil
		}
		closed, err := a.Withdraw(m.Label)
		if closed > 0 {
			c.Say("That invitation is withdrawn; invite others anew with: warren credential invite")
		}
		return err
	})
}

// find returns the one credential that is meant.
func (r *Revoke) find(all []*membership.Authority) (a *membership.Authority, m enrol.Entry, err error) {
	found := map[credential.Serial]bool{}
	for _, one := range all {
		list, err := one.Entries()
		if err != nil {
			return nil, m, err
		}
		for _, e := range list {
			if e.Serial.String() == strings.ToLower(r.Serial) || begins(e.Serial.String(), r.Serial) {
				a, m = one, e
				found[e.Serial] = true
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, m, fmt.Errorf("nobody has a credential %s: see who has with: warren credential list", words.Plain(r.Serial))
	case 1:
		return a, m, nil
	}
	return nil, m, console.Usage("%d credentials begin with %s: give more of the number", len(found), words.Plain(r.Serial))
}

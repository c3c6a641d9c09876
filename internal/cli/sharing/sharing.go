// Package sharing has the running node share files by links, and says what it shares so.
package sharing

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/share/qr"
	"github.com/warren-p2p/warren/internal/words"
)

// Flags say how something is shared by a link.
type Flags struct {
	Title       string       `placeholder:"TEXT" help:"By a link: what it is called; as the file or folder by default."`
	Description string       `placeholder:"TEXT" help:"By a link: what it is, in more words."`
	Tag         []string     `sep:"none" placeholder:"WORD" help:"By a link: a word that it is found by; may be given several times."`
	Licence     string       `placeholder:"ID" help:"By a link: the licence, such as CC-BY-4.0 (SPDX). What is public needs one."`
	Author      string       `placeholder:"NAME" help:"By a link: who made it."`
	Strip       bool         `help:"By a link: share a copy, from which is taken out what files tell of whoever made them."`
	Expires     words.Period `placeholder:"TIME" help:"By a link: how long it is good, such as 36h or 7d; for ever by default."`
	Uses        int          `placeholder:"N" help:"By a link: how often it can be redeemed; any number of times by default."`
	Locked      bool         `help:"By a link: ask for a passphrase (or take it from WARREN_PASSPHRASE), which is needed to redeem it."`
	Direct      bool         `help:"By a link: let small files be had over HTTP as well, by any browser."`
	Yes         bool         `help:"By a link: share without asking, whatever was found."`
	QR          bool         `name:"qr" help:"By a link: draw it as a QR code, not at a terminal alone."`
	Public      bool         `help:"By a link: share it with everybody at once. That needs a licence."`
}

// Given reports whether any of them is.
func (f *Flags) Given() bool {
	return f.Title+f.Description+f.Licence+f.Author != "" || len(f.Tag) > 0 || f.Strip || f.Expires != 0 || f.Uses != 0 || f.Locked || f.Direct || f.Yes || f.QR || f.Public
}

// event is a share as --json tells of it.
type event struct {
	Event string `json:"event"`
	sharing.Share
}

// at returns the path of a share in the API.
func at(id string) string { return "/shares/" + url.PathEscape(id) }

// tell says how a share is reached.
func tell(c *console.Console, s *sharing.Share, drawn bool) error {
	if err := c.Emit(event{"share", *s}); err != nil || c.JSON {
		return err
	}
	c.Say("%q is shared: %s in %s.", words.Plain(s.Title), words.Bytes(s.Size), words.Count(s.Files, "file", "files"))
	if s.Link == "" {
		c.Say("  It is not known yet where others reach this node, so there is no link: say it with the setting tracker.address, then see `warren share list`.")
		return nil
	}
	c.Say("  link     %s", s.Link)
	if s.PublicLink != "" {
		c.Say("  public   %s", s.PublicLink)
	}
	if s.Passphrase {
		c.Say("  Whoever has this link and the passphrase has it all, and can pass it on: send them by two ways.")
	} else {
		c.Say("  Whoever has this link has it all, and can pass it on: send it where nobody else reads along.")
	}
	if limit := limits(s); limit != "" {
		c.Say("  %s", limit)
	}
	c.Say("  fetch    warren get '%s'", s.Link)
	c.Say("  end      warren share revoke %s", s.ID)
	if !s.Reachable {
		c.Warn("nobody may be able to connect to this node: `warren status` says why")
	}
	if drawn {
		return draw(c, s.Link)
	}
	return nil
}

// draw draws a link as a QR code.
func draw(c *console.Console, link string) error {
	code, err := qr.New(link)
	if err != nil {
		return err
	}
	c.Say("%s", strings.TrimRight(code.Text(c.Colour()), "\n"))
	return nil
}

// limits says what a link demands.
func limits(s *sharing.Share) string {
	var parts []string
	if s.Passphrase {
		parts = append(parts, "needs the passphrase")
	}
	if s.UsesLeft >= 0 {
		parts = append(parts, "can be redeemed "+words.Count(s.UsesLeft, "time", "times"))
	}
	if s.Expires != nil {
		parts = append(parts, "ends on "+s.Expires.Local().Format("2 January 2006 at 15:04"))
	}
	if len(parts) == 0 {
		return ""
	}
	last := len(parts) - 1
	if last > 0 {
		parts = []string{strings.Join(parts[:last], ", "), parts[last]}
	}
	return "It " + strings.Join(parts, ", and ") + "."
}

// find returns the share that people name: by its id, its title, or the beginning of its
// id.
func find(ctx context.Context, n *remote.Node, name string) (sharing.Share, error) {
	var all sharing.Shares
	if err := n.Get(ctx, "/shares", nil, &all); err != nil {
		return sharing.Share{}, err
	}
	for _, same := range []func(*sharing.Share) bool{
		func(s *sharing.Share) bool { return s.ID == name },
		func(s *sharing.Share) bool { return s.Title == name && s.State != "revoked" },
		func(s *sharing.Share) bool { return len(name) >= 4 && strings.HasPrefix(s.ID, name) },
	} {
		var found []sharing.Share
		for i := range all.Shares {
			if same(&all.Shares[i]) {
				found = append(found, all.Shares[i])
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
		if len(found) > 1 {
			return sharing.Share{}, fmt.Errorf("%d shares are called %q: name it by its id, as `warren share list` shows it", len(found), words.Plain(name))
		}
	}
	return sharing.Share{}, fmt.Errorf("no share has the id or title %q: `warren share list` shows them", words.Plain(name))
}

// change does something with a share and tells of it.
func change(ctx context.Context, n *remote.Node, path string, in any) (s sharing.Share, err error) {
	err = n.Do(ctx, http.MethodPost, path, in, &s)
	return s, err
}

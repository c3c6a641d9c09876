package sharing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"

	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Shares is the group of commands about what is shared by links.
type Shares struct {
	List      List      `cmd:"" help:"Show what the running node shares by links, with the links."`
	Revoke    Revoke    `cmd:"" help:"End shares: their links, and those who came by them."`
	Publish   Publish   `cmd:"" help:"Share something with everybody as well."`
	Unpublish Unpublish `cmd:"" help:"Share something no longer with everybody."`
}

// List shows shares.
type List struct {
	All bool `help:"With those that were revoked."`
	QR  bool `name:"qr" help:"Draw links as QR codes."`
}

// Run shows them.
func (l *List) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		var all sharing.Shares
		if err := n.Get(ctx, "/shares", nil, &all); err != nil {
			return err
		}
		shown := 0
		for i := range all.Shares {
			s := &all.Shares[i]
			if s.State == "revoked" && !l.All {
				continue
			}
			shown++
			if err := l.show(c, s); err != nil {
				return err
			}
		}
		if shown == 0 {
			c.Say("Nothing is shared by a link. To do so: warren share PATH")
			return nil
		}
		var public sharing.PublicShares
		if err := n.Get(ctx, "/shares/public", nil, &public); err != nil {
			return err
		}
		if public.Link != "" {
			c.Say("All that is public: %s", public.Link)
		}
		return nil
	})
}

func (l *List) show(c *console.Console, s *sharing.Share) error {
	if err := c.Emit(event{"share", *s}); err != nil || c.JSON {
		return err
	}
	state := s.State
	if s.PublicLink != "" {
		state += ", public"
	}
	c.Line(fmt.Sprintf("%.6s  %s  (%s, %s, redeemed %s)", s.ID, words.Plain(s.Title), words.Bytes(s.Size), state, words.Count(s.Used, "time", "times")))
	if s.Link != "" {
		c.Say("  %s", s.Link)
	}
	if s.PublicLink != "" {
		c.Say("  %s", s.PublicLink)
	}
	if s.Link != "" && l.QR {
		return draw(c, s.Link)
	}
	return nil
}

// Revoke ends shares.
type Revoke struct {
	Share   []string `arg:"" help:"Which: its id, or the beginning of it, or its title."`
	Content bool     `help:"Remove what was shared from the disk as well: the files themselves, or the copy that --strip has made."`
	Yes     bool     `help:"Remove files without asking."`
}

// Run ends them.
func (r *Revoke) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		for _, name := range r.Share {
			if err := r.end(ctx, c, n, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// end ends one.
func (r *Revoke) end(ctx context.Context, c *console.Console, n *remote.Node, name string) error {
	s, err := find(ctx, n, name)
	if err != nil {
		return err
	}
	t, gone := n.Torrent(ctx, s.Torrent) // none of what was revoked before
	where := words.Plain(filepath.Join(t.Dir, filepath.FromSlash(t.Name)))
	if r.Content && gone == nil && !r.Yes {
		c.Say("%s will be removed from the disk, with all that is in it.", where)
		if err := c.Confirm(ctx, "Remove it?", errors.New("nothing is removed, and it is shared on: it was not confirmed")); err != nil {
			return err
		}
	}
	q := url.Values{"content": {strconv.FormatBool(r.Content)}}
	if err := n.Do(ctx, http.MethodDelete, at(s.ID)+"?"+q.Encode(), nil, nil); err != nil {
		return fmt.Errorf("revoke %q: %w", words.Plain(s.Title), err)
	}
	if s.State == "revoked" {
		c.Say("%q was revoked before, and is forgotten now.", words.Plain(s.Title))
		return nil
	}
	c.Say("%q is shared no longer. What others have fetched, they have.", words.Plain(s.Title))
	if !r.Content && gone == nil {
		c.Say("  What was shared stays in %s", where)
	}
	return nil
}

// Publish shares something with everybody.
type Publish struct {
	Share   string `arg:"" help:"Which: its id, or the beginning of it, or its title."`
	Title   string `placeholder:"TEXT" help:"What it is called from now on."`
	Licence string `placeholder:"ID" help:"Its licence, such as CC-BY-4.0 (SPDX): what is public needs one."`
	Yes     bool   `help:"Publish without asking."`
}

// Run publishes.
func (p *Publish) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		s, err := find(ctx, n, p.Share)
		if err != nil {
			return err
		}
		in := sharing.Publication{Confirmed: true}
		if p.Title != "" {
			in.Title = &p.Title
		}
		if p.Licence != "" {
			in.Licence = &sharing.Licence{ID: p.Licence}
		}
		c.Say("%q becomes public: everybody can find it on the page of this node and through the DHT, with the address of this node.", words.Plain(s.Title))
		c.Say("What others have fetched by then, nobody can take back.")
		if !p.Yes {
			if err := c.Confirm(ctx, "Publish it?", errors.New("nothing is published: it was not confirmed")); err != nil {
				return err
			}
		}
		if s, err = change(ctx, n, at(s.ID)+"/publish", in); err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		if err := c.Emit(event{"share", s}); err != nil || c.JSON {
			return err
		}
		c.Say("%q is public.", words.Plain(s.Title))
		if s.PublicLink != "" {
			c.Say("  link     %s", s.PublicLink)
		}
		return nil
	})
}

// Unpublish takes that back.
type Unpublish struct {
	Share string `arg:"" help:"Which: its id, or the beginning of it, or its title."`
}

// Run does it.
func (u *Unpublish) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		s, err := find(ctx, n, u.Share)
		if err != nil {
			return err
		}
		if s, err = change(ctx, n, at(s.ID)+"/unpublish", nil); err != nil {
			return fmt.Errorf("unpublish: %w", err)
		}
		c.Say("%q is no longer public. Its private link stays.", words.Plain(s.Title))
		return c.Emit(event{"share", s})
	})
}

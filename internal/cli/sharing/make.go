package sharing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/linked"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

const drafts = "/shares/drafts"

// Make has the node share a file or folder by a private link: it is looked through, what
// it tells is shown and confirmed, and then it is hashed.
func (f *Flags) Make(ctx context.Context, c *console.Console, n *remote.Node, path string) (err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	body := f.body(filepath.Base(abs), c.Clock.Now())
	if f.Locked {
		if body.Passphrase, err = linked.NewPhrase(ctx, c); err != nil {
			return err
		}
	}
	var d sharing.Draft
	if err := n.Do(ctx, http.MethodPost, drafts, sharing.NewDraft{Path: abs}, &d); err != nil {
		return fmt.Errorf("share %s: %w", words.Plain(path), err)
	}
	id := d.ID
	defer func() { // what has become a share stays one
		drop := n.Do(context.WithoutCancel(ctx), http.MethodDelete, drafts+"/"+id, nil, nil)
		if p, ok := errors.AsType[*remote.Problem](drop); !ok || !p.Of("not-found") {
			err = errors.Join(err, drop)
		}
	}()
	if d, err = f.until(ctx, c, n, id, "looking"); err != nil {
		return err
	}
	f.show(c, &d)
	if !f.Yes {
		if err := c.Confirm(ctx, "Share it?", errors.New("nothing is shared: it was not confirmed")); err != nil {
			return err
		}
	}
	if err := n.Do(ctx, http.MethodPost, drafts+"/"+id+"/share", body, &d); err != nil {
		return fmt.Errorf("share %s: %w", words.Plain(path), err)
	}
	if d, err = f.until(ctx, c, n, id, "stripping", "hashing"); err != nil {
		return err
	}
	var s sharing.Share
	if err := n.Get(ctx, at(d.Share), nil, &s); err != nil {
		return err
	}
	if err := seeds(ctx, n, s.Torrent); err != nil {
		return err
	}
	if d.Error != "" {
		c.Warn("%s", words.Plain(d.Error))
	}
	return tell(c, &s, f.QR || c.Terminal)
}

// body returns how the node is to share it.
func (f *Flags) body(name string, now time.Time) sharing.NewShare {
	b := sharing.NewShare{
		Title: f.Title, Description: f.Description, Tags: f.Tag, Licence: sharing.Licence{ID: f.Licence}, Provenance: sharing.Provenance{Author: f.Author},
		Confirmed: true, Strip: f.Strip, Uses: f.Uses, Direct: f.Direct, Publish: f.Public,
	}
	if b.Title == "" {
		b.Title = name
	}
	if f.Expires != 0 {
		b.Expires = now.Add(time.Duration(f.Expires)).UTC().Format(time.RFC3339)
	}
	return b
}

// looks is how often a draft is looked at.
const looks = 200 * time.Millisecond

// until waits until a draft is past some states.
func (f *Flags) until(ctx context.Context, c *console.Console, n *remote.Node, id string, states ...string) (d sharing.Draft, err error) {
	v := &view{}
	stop := c.Watch(v)
	defer stop()
	tick := time.NewTicker(looks)
	defer tick.Stop()
	for {
		if err := n.Get(ctx, drafts+"/"+id, nil, &d); err != nil {
			return d, err
		}
		v.set(d)
		under := false
		for _, s := range states {
			under = under || d.State == s
		}
		switch {
		case d.State == "failed":
			return d, fmt.Errorf("share %q: %s", words.Plain(d.Name), words.Plain(d.Error))
		case !under:
			return d, nil
		}
		select {
		case <-ctx.Done():
			return d, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// seeds waits until the torrent of a share is seeded: whoever gets the link comes at once.
func seeds(ctx context.Context, n *remote.Node, key string) error {
	for {
		t, err := n.Torrent(ctx, key)
		if err != nil || t.State != "starting" && t.State != "checking" {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(looks):
		}
	}
}

// show tells what a draft was found to tell.
func (f *Flags) show(c *console.Console, d *sharing.Draft) {
	c.Say("%q has %s in %s.", words.Plain(d.Name), words.Bytes(d.Size), words.Count(d.Files, "file", "files"))
	const most = 10
	for i, one := range d.Cautions {
		if i == most {
			c.Say("  and %s of this kind; the page of the node shows them", words.Count(len(d.Cautions)-most, "more", "more"))
			break
		}
		if one.File == "" { // it is about all of it
			c.Say("  look at  %s", words.Plain(one.Text))
			continue
		}
		c.Say("  look at  %s: %s", words.Plain(one.File), words.Plain(one.Text))
	}
	if d.Found > 0 {
		c.Say("Its files tell of whoever made them:")
		for _, one := range d.Findings[:min(len(d.Findings), most)] {
			c.Say("  %-9s %s: %s %s", words.Plain(one.Kind), words.Plain(one.File), words.Plain(one.What), words.Plain(one.Value))
		}
		if d.Found > most {
			c.Say("  and %d more", d.Found-most)
		}
		switch {
		case d.Removable > 0 && !f.Strip:
			c.Say("  With --strip a copy is shared without %d of these.", d.Removable)
		case f.Strip && d.Removable == d.Found:
			c.Say("  A copy is shared without them.")
		case f.Strip:
			c.Say("  A copy is shared without %d of these: %d stay.", d.Removable, d.Found-d.Removable)
		}
	}
	c.Say("Those who get the link see the address of this node, the names of files and folders, and what is in them.")
	c.Say("What they have fetched, nobody can take back.")
}

// view is a draft as it gets on.
type view struct {
	mu sync.Mutex
	d  sharing.Draft
}

func (v *view) set(d sharing.Draft) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.d = d
}

// Gauge implements console.View.
func (v *view) Gauge() console.Gauge {
	v.mu.Lock()
	defer v.mu.Unlock()
	return console.Gauge{Doing: v.d.State, Name: v.d.Name, Done: v.d.Done, Total: v.d.Total}
}

// Events implements console.View.
func (v *view) Events() []console.Event {
	g := v.Gauge()
	return []console.Event{{Event: console.Progress, Name: g.Name, State: g.Doing, Bytes: g.Done, Total: g.Total}}
}

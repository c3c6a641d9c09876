// Package feedscmd holds the commands about the feeds of the node that runs in a home,
// and about the rules by which it fetches what is in them.
package feedscmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Feeds is the group of commands about feeds.
type Feeds struct {
	List    feedsList    `cmd:"" help:"Show the feeds, and what is wrong with them."`
	Add     feedsAdd     `cmd:"" help:"Read a feed from now on."`
	Remove  feedsRemove  `cmd:"" help:"Read a feed no more. Torrents that came from it stay."`
	Refresh feedsRefresh `cmd:"" help:"Read feeds now."`
	Items   feedsItems   `cmd:"" help:"Show what is in the feeds, and what became of it."`
	Fetch   feedsFetch   `cmd:"" help:"Add the torrent of an item, whatever rules say."`
	Rule    rules        `cmd:"" help:"Say what of the feeds is fetched by itself."`
	Try     feedsTry     `cmd:"" help:"Show what a rule would fetch of what is in the feeds."`
}

// feed is one as --json tells of it.
type feed struct {
	Event string `json:"event"`
	syndication.Feed
}

// item is something in a feed as --json tells of it.
type item struct {
	Event string `json:"event"`
	syndication.FeedItem
	Why string `json:"why,omitempty"` // a rule does not want it
}

// titleOf says which feed is meant.
func titleOf(f *syndication.Feed) string { return words.Plain(f.Called()) }

// feeds returns all feeds.
func feeds(ctx context.Context, n *remote.Node) (list syndication.FeedList, err error) {
	err = n.Get(ctx, "/feeds", nil, &list)
	return list, err
}

// find returns the feed that people name: by its number, its URL or its name.
func find(ctx context.Context, n *remote.Node, name string) (syndication.Feed, error) {
	list, err := feeds(ctx, n)
	if err != nil {
		return syndication.Feed{}, err
	}
	id, _ := strconv.ParseInt(name, 10, 64) // 0 is none
	for _, same := range []func(f *syndication.Feed) bool{
		func(f *syndication.Feed) bool { return f.ID == id },
		func(f *syndication.Feed) bool { return f.URL == name },
		func(f *syndication.Feed) bool { return f.Name == name || f.Name == "" && f.Title == name },
	} {
		for i := range list.Feeds {
			if same(&list.Feeds[i]) {
				return list.Feeds[i], nil
			}
		}
	}
	return syndication.Feed{}, fmt.Errorf("no feed has the number, URL or name %q: `warren feeds list` shows them", words.Plain(name))
}

type feedsList struct{}

// Run shows the feeds.
func (*feedsList) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		list, err := feeds(ctx, n)
		if err != nil {
			return err
		}
		if len(list.Feeds) == 0 {
			c.Say("There are no feeds. To add one: warren feeds add URL")
			return nil
		}
		c.Line(fmt.Sprintf("%4s %6s %12s %12s  %s", "ID", "ITEMS", "READ", "NEXT", "NAME"))
		for i := range list.Feeds {
			f := &list.Feeds[i]
			next := c.In(f.Due)
			if !list.On {
				next = "never"
			}
			c.Line(fmt.Sprintf("%4d %6d %12s %12s  %s", f.ID, f.Items, c.Ago(f.Checked), next, titleOf(f)))
			if f.Problem != "" {
				c.Line("     failed: " + words.Plain(f.Problem))
			}
			if err := c.Emit(feed{"feed", *f}); err != nil {
				return err
			}
		}
		if !list.On {
			c.Say("Feeds are not read: feeds.on is false.")
		}
		return nil
	})
}

type feedsAdd struct {
	URL   string       `arg:"" help:"Where the feed is on the web: RSS or Atom."`
	Name  string       `placeholder:"NAME" help:"What to call it; as it calls itself by default."`
	Every words.Period `placeholder:"TIME" help:"How often it is read, such as 1h, and 5m at most; as the setting feeds.interval says by default."`
}

// Run adds a feed. One that is there already is told, and no failure.
func (a *feedsAdd) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		var f syndication.Feed
		body := syndication.NewFeed{URL: a.URL, Name: a.Name, Every: int64(time.Duration(a.Every) / time.Second)}
		err := n.Do(ctx, http.MethodPost, "/feeds", body, &f)
		if p, ok := errors.AsType[*remote.Problem](err); ok && p.Of("duplicate") {
			if f, err = find(ctx, n, a.URL); err != nil {
				return err
			}
			c.Say("%q is there already, as feed %d.", titleOf(&f), f.ID)
			return c.Emit(feed{"there", f})
		}
		if err != nil {
			return err
		}
		c.Say("Added %q as feed %d. It is read now; `warren feeds items %d` shows what is in it.", titleOf(&f), f.ID, f.ID)
		return c.Emit(feed{"added", f})
	})
}

type feedsRemove struct {
	Feed string `arg:"" help:"Number, URL or name of the feed, as list shows them."`
}

// Run removes a feed.
func (r *feedsRemove) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		f, err := find(ctx, n, r.Feed)
		if err != nil {
			return err
		}
		if err := n.Do(ctx, http.MethodDelete, fmt.Sprintf("/feeds/%d", f.ID), nil, nil); err != nil {
			return err
		}
		c.Say("%q is read no more.", titleOf(&f))
		return c.Emit(feed{"removed", f})
	})
}

type feedsRefresh struct {
	Feed string `arg:"" optional:"" help:"Number, URL or name of a feed, as list shows them; all of them by default."`
}

// Run has feeds read.
func (r *feedsRefresh) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		path := "/feeds/refresh"
		if r.Feed != "" {
			f, err := find(ctx, n, r.Feed)
			if err != nil {
				return err
			}
			path = fmt.Sprintf("/feeds/%d/refresh", f.ID)
		}
		if err := n.Do(ctx, http.MethodPost, path, nil, nil); err != nil {
			return err
		}
		c.Say("The node reads now; `warren feeds list` shows what came of it.")
		return nil
	})
}

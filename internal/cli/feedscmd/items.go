package feedscmd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/cli/automationcmd"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

type feedsItems struct {
	Feed  string `arg:"" optional:"" help:"Number, URL or name of a feed, as list shows them; all of them by default."`
	Limit int    `default:"30" placeholder:"N" help:"Show at most so many, the newest, up to 1000."`
}

// Run shows what is in feeds.
func (i *feedsItems) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		q := url.Values{"limit": {strconv.Itoa(i.Limit)}}
		if i.Feed != "" {
			f, err := find(ctx, n, i.Feed)
			if err != nil {
				return err
			}
			q.Set("feed", strconv.FormatInt(f.ID, 10))
		}
		var list syndication.FeedItems
		if err := n.Get(ctx, "/feed-items", q, &list); err != nil {
			return err
		}
		if len(list.Items) == 0 {
			c.Say("There is nothing in the feeds.")
			return nil
		}
		c.Line(heads())
		for k := range list.Items {
			it := &list.Items[k]
			c.Line(line(it, state(it)))
			if it.Problem != "" {
				c.Line("       " + words.Plain(it.Problem))
			}
			if err := c.Emit(item{Event: "item", FeedItem: *it}); err != nil {
				return err
			}
		}
		return nil
	})
}

func heads() string { return fmt.Sprintf("%6s %9s  %-14s %s", "ID", "SIZE", "STATE", "TITLE") }

func line(it *syndication.FeedItem, state string) string {
	size := "?"
	if it.Size > 0 {
		size = words.Bytes(it.Size)
	}
	return fmt.Sprintf("%6d %9s  %-14s %s", it.ID, size, state, words.Plain(it.Title))
}

// state says what became of an item, and by which rule.
func state(it *syndication.FeedItem) string {
	text := it.State
	if it.Rule != "" {
		text += " by " + words.Plain(it.Rule)
	}
	if it.State == "new" && it.Tries > 0 {
		text = "tried again"
	}
	return text
}

type feedsFetch struct {
	Item              []int64 `arg:"" help:"Number of an item, as items shows them."`
	automationcmd.How `embed:""`
}

// Run adds torrents of items.
func (f *feedsFetch) Run(ctx context.Context, c *console.Console) error {
	dir, err := automationcmd.Full(f.Dir)
	if err != nil {
		return err
	}
	body := syndication.FetchOptions{Category: f.Category, Labels: f.Label, Dir: dir, Paused: f.Wait()}
	return remote.With(c, func(n *remote.Node) error {
		for _, id := range f.Item {
			if err := n.Do(ctx, http.MethodPost, fmt.Sprintf("/feed-items/%d/fetch", id), body, nil); err != nil {
				return fmt.Errorf("fetch item %d: %w", id, err)
			}
			c.Say("The torrent of item %d is in the node; `warren list` shows it.", id)
			if err := c.Emit(struct {
				Event string `json:"event"`
				ID    int64  `json:"id"`
			}{"fetched", id}); err != nil {
				return err
			}
		}
		return nil
	})
}

type feedsTry struct {
	Name string `arg:"" optional:"" help:"Name of a rule that is kept; by default the flags say what is wanted."`
	wish
	All bool `help:"Show also what it does not want, and why."`
}

// Run shows what a rule would fetch.
func (t *feedsTry) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		body := syndication.FeedTrial{Name: t.Name}
		if t.Name == "" {
			wants, err := t.settings(ctx, n)
			if err != nil {
				return err
			}
			body.Rule = &wants
		} else if t.said() {
			return console.Usage("a rule that is kept is tried as it is: name it, or say with flags what is wanted")
		}
		var out syndication.FeedVerdicts
		if err := n.Do(ctx, http.MethodPost, "/feed-rules/try", body, &out); err != nil {
			return err
		}
		wanted := 0
		for k := range out.Verdicts {
			v := &out.Verdicts[k]
			event, what := "wanted", "wanted"
			if v.Wanted {
				wanted++
			} else if event, what = "unwanted", "no"; !t.All {
				continue
			}
			c.Line(line(&v.Item, what))
			if v.Why != "" {
				c.Line("       " + words.Plain(v.Why))
			}
			if err := c.Emit(item{event, v.Item, v.Why}); err != nil {
				return err
			}
		}
		c.Say("It would fetch %d of %s.", wanted, words.Count(len(out.Verdicts), "item", "items"))
		return nil
	})
}

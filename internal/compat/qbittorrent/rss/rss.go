// Package rss is the methods of the WebAPI of qBittorrent for feeds and the rules by
// which something is fetched from them. Feeds in folders have names with backslashes
// there, and with slashes here.
package rss

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/feeds"
)

// maxArticles is how many of a feed are told.
const maxArticles = 200

// Feeds are the feeds of a node, and the rules.
type Feeds interface {
	Feeds(context.Context) ([]feeds.Feed, error)
	Items(ctx context.Context, feed int64, limit int) ([]feeds.Item, error)
	AddFeed(context.Context, feeds.Feed) (feeds.Feed, error)
	ChangeFeed(context.Context, feeds.Feed) error
	RemoveFeed(ctx context.Context, id int64) error
	Refresh(ctx context.Context, id int64) error
	Rules(context.Context) ([]feeds.Kept, error)
	SetRule(context.Context, feeds.Rule) error
	RenameRule(ctx context.Context, from, to string) error
	RemoveRule(ctx context.Context, name string) error
}

// RSS answers for the methods below "rss".
type RSS struct{ Feeds Feeds }

// Methods returns the methods by name.
func (r RSS) Methods() map[string]call.Method {
	return map[string]call.Method{
		"items": call.Get(r.items), "addFeed": call.Post(r.addFeed), "addFolder": call.Post(r.addFolder),
		"removeItem": call.Post(r.removeItem), "moveItem": call.Post(r.moveItem), "refreshItem": call.Post(r.refreshItem),
		"rules": call.Get(r.rules), "setRule": call.Post(r.setRule), "renameRule": call.Post(r.renameRule), "removeRule": call.Post(r.removeRule),
	}
}

// article is something in a feed.
type article struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Date        string `json:"date"`
	Link        string `json:"link"`
	TorrentURL  string `json:"torrentURL"`
	Description string `json:"description"`
	IsRead      bool   `json:"isRead"`
}

// items answers with all feeds, in their folders.
func (r RSS) items(c *call.Call) error {
	list, err := r.Feeds.Feeds(c.Context())
	if err != nil {
		return err
	}
	root := make(map[string]any)
	for i := range list {
		f := &list[i]
		of := map[string]any{"uid": strconv.FormatInt(f.ID, 10), "url": f.URL}
		if c.Bool("withData") {
			articles, err := r.articles(c.Context(), f.ID)
			if err != nil {
				return err
			}
			of["title"], of["hasError"], of["isLoading"], of["articles"] = f.Title, f.Problem != "", false, articles
			of["lastBuildDate"] = rfc(f.Checked)
		}
		put(root, strings.Split(nameOf(f), "/"), of)
	}
	return c.JSON(root)
}

// put puts a feed into its folder. A folder and a feed of one name are told apart by
// the number of the feed.
func put(in map[string]any, path []string, feed map[string]any) {
	for _, folder := range path[:len(path)-1] {
		below, ok := in[folder].(map[string]any)
		if _, isFeed := below["uid"]; !ok || isFeed {
			below = make(map[string]any)
			in[folder] = below
		}
		in = below
	}
	name := path[len(path)-1]
	if in[name] != nil {
		name += " " + feed["uid"].(string)
	}
	in[name] = feed
}

// nameOf returns what a feed is called, with its folders.
func nameOf(f *feeds.Feed) string {
	for _, name := range []string{f.Name, f.Title} {
		if name != "" {
			return name
		}
	}
	return strings.ReplaceAll(f.URL, "/", "∕") // not a folder
}

func (r RSS) articles(ctx context.Context, feed int64) ([]article, error) {
	items, err := r.Feeds.Items(ctx, feed, maxArticles)
	if err != nil {
		return nil, err
	}
	list := make([]article, 0, len(items))
	for i := range items {
		it := &items[i]
		list = append(list, article{ID: it.Key, Title: it.Title, Date: rfc(it.Published), Link: it.Page, TorrentURL: it.Link, IsRead: it.Read})
	}
	return list, nil
}

// rfc returns a time as feeds have it; "" for none.
func rfc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}

// pathOf returns a path of the API as a name of a feed.
func pathOf(text string) string { return strings.ReplaceAll(text, `\`, "/") }

// find returns the feed at a path.
func (r RSS) find(c *call.Call, parameter string) (feeds.Feed, error) {
	if err := c.Need(parameter); err != nil {
		return feeds.Feed{}, err
	}
	list, err := r.Feeds.Feeds(c.Context())
	if err != nil {
		return feeds.Feed{}, err
	}
	for i := range list {
		if nameOf(&list[i]) == pathOf(c.Form.Text(parameter)) {
			return list[i], nil
		}
	}
	return feeds.Feed{}, call.Conflict("Item doesn't exist: " + c.Form.Text(parameter) + ".")
}

func (r RSS) addFeed(c *call.Call) error {
	if err := c.Need("url"); err != nil {
		return err
	}
	return done(c, func() error {
		_, err := r.Feeds.AddFeed(c.Context(), feeds.Feed{URL: c.Form.Text("url"), Name: pathOf(c.Form.Text("path"))})
		return err
	})
}

// addFolder is taken: a folder is there as soon as a feed is in it.
func (r RSS) addFolder(c *call.Call) error {
	if err := c.Need("path"); err != nil {
		return err
	}
	return c.Done()
}

func (r RSS) removeItem(c *call.Call) error {
	f, err := r.find(c, "path")
	if err != nil {
		return err
	}
	return done(c, func() error { return r.Feeds.RemoveFeed(c.Context(), f.ID) })
}

func (r RSS) moveItem(c *call.Call) error {
	f, err := r.find(c, "itemPath")
	if err != nil {
		return err
	}
	f.Name = pathOf(c.Form.Text("destPath"))
	return done(c, func() error { return r.Feeds.ChangeFeed(c.Context(), f) })
}

func (r RSS) refreshItem(c *call.Call) error {
	f, err := r.find(c, "itemPath")
	if err != nil {
		return err
	}
	return done(c, func() error { return r.Feeds.Refresh(c.Context(), f.ID) })
}

// done answers with what came of a change; what is refused is told in words.
func done(c *call.Call, change func() error) error {
	switch err := change(); {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return call.Conflict(err.Error())
	}
	return c.Done()
}

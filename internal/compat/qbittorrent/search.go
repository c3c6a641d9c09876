package qbittorrent

import (
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/rss"
)

// search returns the methods below "search": there are no plugins to search with.
func (a *API) search() map[string]call.Method {
	none := func(c *call.Call) error { return c.JSON([]string{}) }
	return map[string]call.Method{
		"plugins": call.Get(none), "status": call.Get(none),
		"start": call.Post(func(*call.Call) error { return call.Conflict("There are no search plugins.") }),
	}
}

// feeds returns the methods below "rss": there is nothing without feeds.
func (a *API) feeds() map[string]call.Method {
	if a.cfg.Feeds != nil {
		return rss.RSS{Feeds: a.cfg.Feeds}.Methods()
	}
	none := func(c *call.Call) error { return c.JSON(map[string]string{}) }
	return map[string]call.Method{"items": call.Get(none), "rules": call.Get(none)}
}

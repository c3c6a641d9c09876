package qbittorrent

import "github.com/warren-p2p/warren/internal/compat/qbittorrent/call"

// search returns the methods below "search": there are no plugins to search with.
func (a *API) search() map[string]call.Method {
	none := func(c *call.Call) error { return c.JSON([]string{}) }
	return map[string]call.Method{
		"plugins": call.Get(none), "status": call.Get(none),
		"start": call.Post(func(*call.Call) error { return call.Conflict("There are no search plugins.") }),
	}
}

// rss returns the methods below "rss".
func (a *API) rss() map[string]call.Method {
	none := func(c *call.Call) error { return c.JSON(map[string]string{}) }
	return map[string]call.Method{"items": call.Get(none), "rules": call.Get(none)}
}

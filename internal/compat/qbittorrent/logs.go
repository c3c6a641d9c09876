package qbittorrent

import (
	"strings"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
)

// logs returns the methods below "log".
func (a *API) logs() map[string]call.Method {
	return map[string]call.Method{
		"main":  call.Get(a.logMain),
		"peers": call.Get(func(c *call.Call) error { return c.JSON([]string{}) }), // none is kept of who was blocked
	}
}

// line is a line of the log. Its type is 1, 2, 4 or 8: normal, information, warning,
// critical.
type line struct {
	ID        int64  `json:"id"`
	Message   string `json:"message"`
	Timestamp int64  `json:"timestamp"`
	Type      int    `json:"type"`
}

// logMain tells the latest lines. Their numbers are milliseconds since 1970, or one
// more than that of the line before, so that they grow.
func (a *API) logMain(c *call.Call) error {
	kinds := map[string]struct {
		name string
		is   int
	}{"debug": {"normal", 1}, "info": {"info", 2}, "warn": {"warning", 4}, "error": {"critical", 8}}
	list, last := []line{}, int64(0)
	for _, l := range a.cfg.Lines() {
		last = max(last+1, l.Time.UnixMilli())
		kind := kinds[strings.ToLower(l.Level)]
		if wanted, said := c.Choice(kind.name); said && !wanted || last <= c.Int("last_known_id", -1) {
			continue
		}
		words := []string{l.Message}
		for _, attr := range l.Attrs {
			words = append(words, attr.Key+"="+attr.Value)
		}
		list = append(list, line{last, strings.Join(words, " "), l.Time.Unix(), kind.is})
	}
	return c.JSON(list)
}

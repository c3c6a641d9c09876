package webui

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/api/syndication"
)

// automate carries out a button of the page about what the node does by itself.
func (u *UI) automate(w http.ResponseWriter, r *http.Request) {
	what := r.PostFormValue("do")
	err := errors.New("nothing that can be done")
	if deed := u.deeds()[what]; deed != nil {
		audit.Say(r.Context(), what, r.PostFormValue("name"))
		err = deed(r)
	}
	to := "/automation"
	if feed := number(r.PostFormValue("feed")); feed > 0 {
		to += "/feed/" + strconv.FormatInt(feed, 10)
	}
	back(w, r, to, err)
}

// deeds are what buttons do, under the names of the operations of the API.
func (u *UI) deeds() map[string]func(*http.Request) error {
	s, a := u.cfg.Syndication, u.cfg.Automation
	text := func(r *http.Request, name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	return map[string]func(*http.Request) error{
		"add-feed": func(r *http.Request) error {
			return s.Add(r.Context(), syndication.NewFeed{URL: text(r, "name"), Name: text(r, "title")})
		},
		"remove-feed":   func(r *http.Request) error { return s.Feeds.RemoveFeed(r.Context(), number(text(r, "name"))) },
		"refresh-feed":  func(r *http.Request) error { return s.Refresh(r.Context(), number(text(r, "name"))) },
		"refresh-feeds": func(r *http.Request) error { return s.Refresh(r.Context(), 0) },
		"fetch-feed-item": func(r *http.Request) error {
			return s.Fetch(r.Context(), number(text(r, "name")), syndication.FetchOptions{})
		},
		"set-feed-rule":    func(r *http.Request) error { return s.SetRule(r.Context(), text(r, "name"), wish(r)) },
		"remove-feed-rule": func(r *http.Request) error { return s.Feeds.RemoveRule(r.Context(), r.PostFormValue("name")) },
		"set-watch-folder": func(r *http.Request) error {
			return a.SetWatch(r.Context(), automation.WatchFolder{Path: text(r, "name"), Category: text(r, "category"), Then: text(r, "then")})
		},
		"remove-watch-folder": func(r *http.Request) error { return a.RemoveWatch(r.Context(), r.PostFormValue("name")) },
		"add-block-list":      func(r *http.Request) error { return a.AddBlock(r.Context(), text(r, "name")) },
		"remove-block-list":   func(r *http.Request) error { return a.RemoveBlock(r.Context(), r.PostFormValue("name")) },
		"refresh-block-lists": func(*http.Request) error { a.Blocks.Renew(); return nil },
		"switch-alternative":  func(r *http.Request) error { return a.Timetable.SetAlternative(r.Context(), text(r, "name") == "on") },
		"change-settings": func(r *http.Request) error {
			return u.cfg.Running.Node.ChangeSettings(r.Context(), map[string]any{"schedule.rules": lines(r.PostFormValue("rules")), "schedule.on": true})
		},
	}
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0 // which nothing is
	}
	return n
}

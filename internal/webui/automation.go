package webui

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/words"
)

// automatic is what a node does by itself, as its pages show it.
type automatic struct {
	Feeds    syndication.FeedList
	Rules    []rule
	Watch    automation.WatchList
	Hooks    automation.HookList
	Lists    []automation.BlockList
	Schedule automation.Schedule

	Feed     syndication.Feed // of which Items are
	Items    []syndication.FeedItem
	Wish     syndication.FeedRuleSettings // what is tried
	Verdicts []syndication.FeedVerdict
	Wanted   int // of Verdicts
}

// rule is one with what it wants, in words.
type rule struct {
	syndication.FeedRule
	Wants string
}

// maxShown is how much of a list that grows is shown.
const maxShown = 20

// registerAutomation adds the pages.
func (u *UI) registerAutomation() {
	u.mux.HandleFunc("GET /automation", u.automation)
	u.mux.HandleFunc("GET /automation/feed/{id}", u.feed)
	u.mux.HandleFunc("GET /automation/try", u.try)
	u.mux.HandleFunc("POST /automation", u.automate)
}

func (u *UI) automation(w http.ResponseWriter, r *http.Request) {
	a, ctx := u.cfg.Automation, r.Context()
	v := automatic{Watch: a.Watched(), Hooks: a.Told(ctx), Lists: a.Blocked(ctx).Lists, Schedule: a.Schedule()}
	var err error
	if v.Feeds, err = u.cfg.Syndication.List(ctx); err != nil {
		failed(w, err)
		return
	}
	rules, err := u.cfg.Syndication.Rules(ctx)
	if err != nil {
		failed(w, err)
		return
	}
	for _, one := range rules.Rules {
		v.Rules = append(v.Rules, rule{one, one.Rule.Words()})
	}
	v.Watch.Results = v.Watch.Results[:min(len(v.Watch.Results), maxShown)]
	v.Hooks.Results = v.Hooks.Results[:min(len(v.Hooks.Results), maxShown)]
	u.show(w, r, "automation", &view{Title: "Automation", Message: r.FormValue("said"), Auto: v})
}

// feed shows what is in a feed.
func (u *UI) feed(w http.ResponseWriter, r *http.Request) {
	id := number(r.PathValue("id"))
	list, err := u.cfg.Syndication.List(r.Context())
	if err != nil {
		failed(w, err)
		return
	}
	var v automatic
	for _, f := range list.Feeds {
		if f.ID == id {
			v.Feed = f
		}
	}
	if v.Feed.ID == 0 {
		http.Error(w, "there is no such feed", http.StatusNotFound)
		return
	}
	items, err := u.cfg.Syndication.Items(r.Context(), id, pageSize)
	if err != nil {
		failed(w, err)
		return
	}
	v.Items = items.Items
	u.show(w, r, "feed", &view{Title: v.Feed.Called(), Message: r.FormValue("said"), Auto: v})
}

// try shows what a rule would fetch, before there is one.
func (u *UI) try(w http.ResponseWriter, r *http.Request) {
	v := automatic{Wish: wish(r)}
	out, err := u.cfg.Syndication.Try(r.Context(), syndication.FeedTrial{Rule: &v.Wish, Limit: pageSize})
	if err != nil {
		http.Redirect(w, r, Prefix+"/automation?said="+url.QueryEscape("That is no rule: "+err.Error()), http.StatusSeeOther)
		return
	}
	v.Verdicts = out.Verdicts
	for _, one := range v.Verdicts {
		if one.Wanted {
			v.Wanted++
		}
	}
	u.show(w, r, "try", &view{Title: "What a rule would fetch", Auto: v})
}

// wish reads what a rule is to want.
func wish(r *http.Request) syndication.FeedRuleSettings {
	return syndication.FeedRuleSettings{
		Include: r.FormValue("include"), Exclude: r.FormValue("exclude"), Episodes: r.FormValue("episodes"),
		Once: r.FormValue("once") != "", Category: r.FormValue("category"),
	}
}

func failed(w http.ResponseWriter, err error) {
	http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
}

// holds says which limits hold now.
func holds(s automation.Schedule) string {
	if s.Paused {
		return "everything is stopped"
	}
	limit := func(n int64) string {
		if n == 0 {
			return "without limit"
		}
		return words.Rate(n)
	}
	text := fmt.Sprintf("up %s, down %s", limit(s.Limits.Up), limit(s.Limits.Down))
	if s.IsOther {
		text += ": the alternative limits"
	}
	return text
}

// lines returns the lines of a text that have something in them.
func lines(text string) []string {
	list := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

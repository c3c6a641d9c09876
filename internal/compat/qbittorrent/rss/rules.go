package rss

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/feeds"
)

// Rule is a rule as the API has it.
type Rule struct {
	AddPaused      *bool    `json:"addPaused"`
	AffectedFeeds  []string `json:"affectedFeeds"` // URLs; none is for no feed
	Category       string   `json:"assignedCategory"`
	Enabled        bool     `json:"enabled"`
	EpisodeFilter  string   `json:"episodeFilter"`
	IgnoreDays     int      `json:"ignoreDays"`
	LastMatch      string   `json:"lastMatch"`
	MustContain    string   `json:"mustContain"`
	MustNotContain string   `json:"mustNotContain"`
	Matched        []string `json:"previouslyMatchedEpisodes"`
	SavePath       string   `json:"savePath"`
	SmartFilter    bool     `json:"smartFilter"`
	Layout         *string  `json:"torrentContentLayout"`
	UseRegex       bool     `json:"useRegex"`
}

// rules answers with all rules by name.
func (r RSS) rules(c *call.Call) error {
	kept, err := r.Feeds.Rules(c.Context())
	if err != nil {
		return err
	}
	list, err := r.Feeds.Feeds(c.Context())
	if err != nil {
		return err
	}
	all := make(map[string]Rule, len(kept))
	for i := range kept {
		all[kept[i].Name] = ruleOf(&kept[i], list)
	}
	return c.JSON(all)
}

// ruleOf returns a rule as the API has it. One for all feeds is for those that there
// are.
func ruleOf(k *feeds.Kept, list []feeds.Feed) Rule {
	r := Rule{
		AddPaused: k.Paused, AffectedFeeds: append([]string{}, k.Feeds...), Category: k.Category, Enabled: k.Enabled, EpisodeFilter: k.Episodes,
		IgnoreDays: k.IgnoreDays, MustContain: k.Include, MustNotContain: k.Exclude, Matched: []string{}, SavePath: k.Dir,
		SmartFilter: k.Once, UseRegex: k.Regexp,
	}
	if len(k.Feeds) == 0 {
		for i := range list {
			r.AffectedFeeds = append(r.AffectedFeeds, list[i].URL)
		}
	}
	if !k.Last.IsZero() {
		r.LastMatch = k.Last.UTC().Format(time.RFC1123Z)
	}
	return r
}

// setRule adds or changes a rule. What it says of no feed is kept and switched off:
// here such a rule would be for all of them. What it does not say stays as it is.
func (r RSS) setRule(c *call.Call) error {
	if err := c.Need("ruleName", "ruleDef"); err != nil {
		return err
	}
	name, kept := c.Form.Text("ruleName"), feeds.Kept{}
	all, err := r.Feeds.Rules(c.Context())
	if err != nil {
		return err
	}
	kept.Enabled = true
	for i := range all {
		if all[i].Name == name {
			kept = all[i]
		}
	}
	list, err := r.Feeds.Feeds(c.Context())
	if err != nil {
		return err
	}
	next := ruleOf(&kept, list)
	if err := json.Unmarshal([]byte(c.Form.Text("ruleDef")), &next); err != nil {
		return &form.Refusal{Status: http.StatusBadRequest, Text: "ruleDef: it is no rule"}
	}
	change := kept.Rule
	change.Name, change.Enabled, change.Feeds = name, next.Enabled && len(next.AffectedFeeds) > 0, next.AffectedFeeds
	change.Include, change.Exclude, change.Regexp, change.Episodes = next.MustContain, next.MustNotContain, next.UseRegex, next.EpisodeFilter
	change.Once, change.IgnoreDays, change.Category, change.Dir, change.Paused = next.SmartFilter, next.IgnoreDays, next.Category, next.SavePath, next.AddPaused
	return done(c, func() error { return r.Feeds.SetRule(c.Context(), change) })
}

func (r RSS) renameRule(c *call.Call) error {
	if err := c.Need("ruleName", "newRuleName"); err != nil {
		return err
	}
	return done(c, func() error {
		return r.Feeds.RenameRule(c.Context(), c.Form.Text("ruleName"), c.Form.Text("newRuleName"))
	})
}

func (r RSS) removeRule(c *call.Call) error {
	if err := c.Need("ruleName"); err != nil {
		return err
	}
	return done(c, func() error { return r.Feeds.RemoveRule(c.Context(), c.Form.Text("ruleName")) })
}

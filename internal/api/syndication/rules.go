package syndication

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/feeds"
)

// FeedRuleSettings say what of feeds is fetched, and how it is added.
type FeedRuleSettings struct {
	Off        bool     `json:"off,omitempty" doc:"Whether it is kept without being asked."`
	Feeds      []string `json:"feeds,omitempty" maxItems:"500" nullable:"false" doc:"URLs of the feeds it is for; none are all."`
	Include    string   `json:"include,omitempty" maxLength:"2000" doc:"Words that a title must have: spaces mean and, | means or, * and ? stand for any characters."`
	Exclude    string   `json:"exclude,omitempty" maxLength:"2000" doc:"Words that it must not have, in the same way."`
	Regexp     bool     `json:"regexp,omitempty" doc:"Whether both are regular expressions (RE2) instead."`
	Episodes   string   `json:"episodes,omitempty" maxLength:"2000" doc:"Which episodes are wanted, as S01, S01E05-E10, S01E05- or 1x2;8-15;30-; empty for all."`
	Once       bool     `json:"once,omitempty" doc:"Whether each episode is fetched once, and once more if it was repaired."`
	MinSize    int64    `json:"min_size,omitempty" minimum:"0" doc:"Bytes; what is smaller is not wanted."`
	MaxSize    int64    `json:"max_size,omitempty" minimum:"0" doc:"Bytes; what is larger is not wanted. 0 for no bound."`
	IgnoreDays int      `json:"ignore_days,omitempty" minimum:"0" maximum:"3650" doc:"For how many days nothing else is fetched once something was."`
	Category   string   `json:"category,omitempty" maxLength:"200" doc:"Category of what it fetches."`
	Labels     []string `json:"labels,omitempty" maxItems:"100" nullable:"false" doc:"Labels of what it fetches."`
	Dir        string   `json:"dir,omitempty" maxLength:"4096" doc:"Full path of the folder that content goes to; empty for the default."`
	Paused     *bool    `json:"paused,omitempty" doc:"Whether it waits for being resumed; as queue.add-paused says if this is left out."`
}

// FeedRule is a rule that is kept.
type FeedRule struct {
	Name string           `json:"name" doc:"What it is called. Rules are asked in the order of their names."`
	Last time.Time        `json:"last,omitzero" doc:"When something was fetched by it last."`
	Rule FeedRuleSettings `json:"rule" doc:"What it wants."`
}

// FeedRules are all rules.
type FeedRules struct {
	Rules []FeedRule `json:"rules" nullable:"false" doc:"In the order of their names, in which they are asked."`
}

// FeedTrial is what a rule is tried with.
type FeedTrial struct {
	Name  string            `json:"name,omitempty" maxLength:"200" doc:"Of a rule that is kept: it is tried if rule is left out, and otherwise what was fetched by it counts."`
	Rule  *FeedRuleSettings `json:"rule,omitempty" doc:"A rule that need not be kept."`
	Limit int               `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"1000" doc:"At most so many items are looked at, the newest."`
}

// FeedVerdict is what a rule says of an item.
type FeedVerdict struct {
	Item   FeedItem `json:"item" doc:"The item."`
	Wanted bool     `json:"wanted" doc:"Whether the rule would fetch it."`
	Why    string   `json:"why,omitempty" doc:"Why not, if it would not."`
}

// FeedVerdicts are what a rule says of what lies there.
type FeedVerdicts struct {
	Verdicts []FeedVerdict `json:"verdicts" nullable:"false" doc:"Of the items in feeds that it is for, the newest first."`
}

// FeedRuleName is what a rule is called.
type FeedRuleName struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"What it is called."`
}

// Ruled is a request that names a rule.
type Ruled struct {
	Name string `path:"name" minLength:"1" maxLength:"200" doc:"What the rule is called."`
}

type ruleAnswer struct{ Body FeedRules }

func (s Service) registerRules(r *operation.Registrar) {
	operation.Register(r, operation.Op{
		ID: "list-feed-rules", Method: http.MethodGet, Path: "/feed-rules", Tag: tag, Scope: access.Read, Summary: "List rules by which items of feeds are fetched",
	}, func(ctx context.Context, _ *operation.Empty) (*ruleAnswer, error) { return s.ruleAnswer(ctx, nil) })
	type setting struct {
		Ruled
		Body FeedRuleSettings
	}
	operation.Register(r, operation.Op{
		ID: "set-feed-rule", Method: http.MethodPut, Path: "/feed-rules/{name}", Tag: tag, Scope: access.Settings, Errors: []problem.Kind{problem.Conflict},
		Summary: "Make a rule, or change one", Doc: "It counts for what is in the feeds already: see try-feed-rule.",
	}, func(ctx context.Context, in *setting) (*ruleAnswer, error) {
		return s.ruleAnswer(ctx, s.SetRule(ctx, in.Name, in.Body))
	})
	type renaming struct {
		Ruled
		Body FeedRuleName
	}
	operation.Register(r, operation.Op{
		ID: "rename-feed-rule", Method: http.MethodPost, Path: "/feed-rules/{name}/rename", Tag: tag, Scope: access.Settings,
		Errors: []problem.Kind{problem.NotFound, problem.Duplicate}, Summary: "Give a rule another name", Doc: "What was fetched by it stays known.",
	}, func(ctx context.Context, in *renaming) (*ruleAnswer, error) {
		return s.ruleAnswer(ctx, s.Feeds.RenameRule(ctx, in.Name, in.Body.Name))
	})
	operation.Register(r, operation.Op{
		ID: "remove-feed-rule", Method: http.MethodDelete, Path: "/feed-rules/{name}", Tag: tag, Scope: access.Settings, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Remove a rule",
	}, func(ctx context.Context, in *Ruled) (*operation.Empty, error) {
		return nil, s.Feeds.RemoveRule(ctx, in.Name)
	})
	type trying struct{ Body FeedTrial }
	type verdicts struct{ Body FeedVerdicts }
	operation.Register(r, operation.Op{
		ID: "try-feed-rule", Method: http.MethodPost, Path: "/feed-rules/try", Tag: tag, Scope: access.Settings, Errors: []problem.Kind{problem.NotFound},
		Summary: "Try what a rule would fetch", Doc: "Of the items that lie here. Nothing is fetched, and nothing is kept; each item is looked at as if it were the next.",
	}, func(ctx context.Context, in *trying) (*verdicts, error) {
		out, err := s.Try(ctx, in.Body)
		return &verdicts{out}, err
	})
}

// ruleAnswer returns all rules after something was done to one.
func (s Service) ruleAnswer(ctx context.Context, err error) (*ruleAnswer, error) {
	if err != nil {
		return nil, err
	}
	out, err := s.Rules(ctx)
	return &ruleAnswer{out}, err
}

// Rules returns all rules, as whoever asks may see them.
func (s Service) Rules(ctx context.Context) (FeedRules, error) {
	out := FeedRules{Rules: []FeedRule{}}
	list, err := s.Feeds.Rules(ctx)
	for _, k := range list {
		out.Rules = append(out.Rules, FeedRule{Name: k.Name, Last: k.Last, Rule: settingsOf(ctx, k.Rule)})
	}
	return out, err
}

// SetRule makes or changes a rule.
func (s Service) SetRule(ctx context.Context, name string, set FeedRuleSettings) error {
	if set.Dir != "" && !filepath.IsAbs(set.Dir) {
		return problem.Input("body.dir", "want the full path of a folder")
	}
	return s.Feeds.SetRule(ctx, set.rule(name))
}

// Try tells what a rule would fetch.
func (s Service) Try(ctx context.Context, t FeedTrial) (FeedVerdicts, error) {
	out := FeedVerdicts{Verdicts: []FeedVerdict{}}
	name := t.Name
	if name == "" {
		name = "a rule" // which need not have one
	}
	var r feeds.Rule
	if t.Rule != nil {
		r = t.Rule.rule(name)
	} else {
		kept, err := s.kept(ctx, t.Name)
		if err != nil {
			return out, err
		}
		r = kept
	}
	list, err := s.Feeds.Try(ctx, r, t.Limit)
	for _, one := range list {
		out.Verdicts = append(out.Verdicts, FeedVerdict{Item: itemOf(ctx, one.Item), Wanted: one.Wanted, Why: one.Why})
	}
	return out, err
}

func (s Service) kept(ctx context.Context, name string) (feeds.Rule, error) {
	list, err := s.Feeds.Rules(ctx)
	for _, k := range list {
		if k.Name == name {
			return k.Rule, err
		}
	}
	if err == nil {
		err = feeds.ErrNotFound
	}
	return feeds.Rule{}, err
}

func (f FeedRuleSettings) rule(name string) feeds.Rule {
	return feeds.Rule{
		Name: name, Enabled: !f.Off, Feeds: f.Feeds, Include: f.Include, Exclude: f.Exclude, Regexp: f.Regexp, Episodes: f.Episodes, Once: f.Once,
		MinSize: f.MinSize, MaxSize: f.MaxSize, IgnoreDays: f.IgnoreDays, Category: f.Category, Labels: f.Labels, Dir: f.Dir, Paused: f.Paused,
	}
}

func settingsOf(ctx context.Context, r feeds.Rule) FeedRuleSettings {
	out := FeedRuleSettings{
		Off: !r.Enabled, Feeds: []string{}, Include: r.Include, Exclude: r.Exclude, Regexp: r.Regexp, Episodes: r.Episodes, Once: r.Once,
		MinSize: r.MinSize, MaxSize: r.MaxSize, IgnoreDays: r.IgnoreDays, Category: r.Category, Labels: r.Labels, Dir: r.Dir, Paused: r.Paused,
	}
	for _, at := range r.Feeds {
		out.Feeds = append(out.Feeds, operation.Shown(ctx, at))
	}
	return out
}

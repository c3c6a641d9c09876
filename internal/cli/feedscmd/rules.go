package feedscmd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/cli/automationcmd"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// rules is the group of commands about rules.
type rules struct {
	List   ruleList   `cmd:"" help:"Show the rules, in the order in which they are asked."`
	Set    ruleSet    `cmd:"" help:"Make a rule, or say anew what one wants; it counts for what is in the feeds already."`
	Remove ruleRemove `cmd:"" help:"Remove a rule."`
}

// wish is what a rule wants.
type wish struct {
	Include           string     `placeholder:"WORDS" help:"What a title must have: spaces mean and, | means or, * and ? stand for any characters."`
	Exclude           string     `placeholder:"WORDS" help:"What it must not have, in the same way."`
	Regexp            bool       `help:"Take both for regular expressions (RE2)."`
	Episodes          string     `placeholder:"RANGE" help:"Only these, such as S01, S01E05-E10, or S01E05- for it and all that follow."`
	Once              bool       `help:"Fetch each episode once, and once more if it was repaired."`
	MinSize           words.Size `placeholder:"SIZE" help:"Nothing smaller, such as 300MB."`
	MaxSize           words.Size `placeholder:"SIZE" help:"Nothing larger, such as 5GB."`
	IgnoreDays        int        `placeholder:"N" help:"Fetch nothing else for so many days after something was."`
	Feed              []string   `placeholder:"FEED" help:"Number, URL or name of a feed it is for; may be given several times. All feeds by default."`
	automationcmd.How `embed:""`
}

// said reports whether anything was.
func (w *wish) said() bool {
	return w.Include != "" || w.Exclude != "" || w.Regexp || w.Episodes != "" || w.Once || w.MinSize != 0 || w.MaxSize != 0 || w.IgnoreDays != 0 ||
		len(w.Feed) > 0 || w.Category != "" || len(w.Label) > 0 || w.Dir != "" || w.Paused
}

// settings returns it as the node is told.
func (w *wish) settings(ctx context.Context, n *remote.Node) (s syndication.FeedRuleSettings, err error) {
	s = syndication.FeedRuleSettings{
		Include: w.Include, Exclude: w.Exclude, Regexp: w.Regexp, Episodes: w.Episodes, Once: w.Once, MinSize: int64(w.MinSize), MaxSize: int64(w.MaxSize),
		IgnoreDays: w.IgnoreDays, Category: w.Category, Labels: w.Label, Paused: w.Wait(),
	}
	for _, name := range w.Feed {
		f, err := find(ctx, n, name)
		if err != nil {
			return s, err
		}
		s.Feeds = append(s.Feeds, f.URL)
	}
	s.Dir, err = automationcmd.Full(w.Dir)
	return s, err
}

// kept is a rule as --json tells of it.
type kept struct {
	Event string `json:"event"`
	syndication.FeedRule
}

type ruleList struct{}

// Run shows the rules.
func (*ruleList) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		var list syndication.FeedRules
		if err := n.Get(ctx, "/feed-rules", nil, &list); err != nil {
			return err
		}
		if len(list.Rules) == 0 {
			c.Say("There are no rules: nothing is fetched by itself. To make one: warren feeds rule set NAME --include WORDS")
			return nil
		}
		for i := range list.Rules {
			r := &list.Rules[i]
			c.Line(fmt.Sprintf("%s: %s", words.Plain(r.Name), r.Rule.Words()))
			if !r.Last.IsZero() {
				c.Line("  has fetched something " + c.Ago(r.Last))
			}
			if err := c.Emit(kept{"rule", *r}); err != nil {
				return err
			}
		}
		return nil
	})
}

type ruleSet struct {
	Name string `arg:"" help:"What to call it. Rules are asked in the order of their names."`
	wish
	Off bool `help:"Keep it without asking it."`
}

// Run makes or changes a rule.
func (r *ruleSet) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		s, err := r.settings(ctx, n)
		if err != nil {
			return err
		}
		s.Off = r.Off
		var list syndication.FeedRules
		if err := n.Do(ctx, http.MethodPut, "/feed-rules/"+url.PathEscape(r.Name), s, &list); err != nil {
			return err
		}
		for i := range list.Rules {
			if one := &list.Rules[i]; one.Name == r.Name {
				c.Say("Rule %q wants %s.", words.Plain(one.Name), one.Rule.Words())
				return c.Emit(kept{"rule", *one})
			}
		}
		return nil
	})
}

type ruleRemove struct {
	Name string `arg:"" help:"What it is called."`
}

// Run removes a rule.
func (r *ruleRemove) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		err := n.Do(ctx, http.MethodDelete, "/feed-rules/"+url.PathEscape(r.Name), nil, nil)
		if err != nil {
			return fmt.Errorf("remove rule %q: %w", words.Plain(r.Name), err)
		}
		c.Say("Rule %q is removed.", words.Plain(r.Name))
		return c.Emit(kept{"removed", syndication.FeedRule{Name: r.Name}})
	})
}

// Package rule decides which items of feeds are fetched.
//
// A Rule is what people write; a Matcher, made of it, says of each item whether it
// is wanted and, if not, why. It does no I/O: what was fetched before, and what time
// it is, come in as arguments, so that a rule can be tried on what lies there.
package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/words"
)

// Rule says what is fetched, and what is done with it.
type Rule struct {
	Name    string   `json:"name"`
	Enabled bool     `json:"enabled"`
	Feeds   []string `json:"feeds"` // URLs of the feeds it is for; none are all

	// Include and Exclude are words that a title must have and must not have. Spaces
	// mean and, | means or, * and ? stand for any characters; case does not matter.
	// With Regexp each is a regular expression instead (RE2).
	Include string `json:"include"`
	Exclude string `json:"exclude"`
	Regexp  bool   `json:"regexp"`

	Episodes string `json:"episodes"` // see ParseEpisodes; "" for all
	Once     bool   `json:"once"`     // each episode once, and once more if it is repaired

	MinSize    int64 `json:"min_size"` // bytes, 0 for none
	MaxSize    int64 `json:"max_size"`
	IgnoreDays int   `json:"ignore_days"` // after something was fetched nothing else is

	Category string   `json:"category"`
	Labels   []string `json:"labels"`
	Dir      string   `json:"dir"`
	Paused   *bool    `json:"paused"` // nil for the default
}

// Subject is an item that a rule is asked about.
type Subject struct {
	Feed  string // URL
	Title string
	Size  int64 // 0 if nobody knows
}

// Past is what was fetched by a rule before.
type Past struct {
	Had  func(episode string) bool // by what Verdict.Episodes says
	Last time.Time                 // when something was fetched last
}

// Verdict says whether an item is wanted.
type Verdict struct {
	Wanted   bool
	Why      string   // it is not
	Episodes []string // to be remembered if it is fetched and the rule has each once
}

// Matcher is a rule that can be asked. It is safe for concurrent use.
type Matcher struct {
	rule             Rule
	include, exclude pattern
	episodes         Ranges
}

// maxPattern bounds what is compiled, in bytes.
const maxPattern = 2000

// ErrNoName reports a rule without a name.
var ErrNoName = errors.New("a rule needs a name")

// Compile makes a rule one that can be asked, or says what is wrong with it.
func Compile(r Rule) (m *Matcher, err error) {
	m = &Matcher{rule: r}
	switch {
	case strings.TrimSpace(r.Name) == "" || len(r.Name) > 200:
		return nil, ErrNoName
	case r.MinSize < 0 || r.MaxSize < 0 || r.MaxSize > 0 && r.MaxSize < r.MinSize:
		return nil, fmt.Errorf("sizes from %d to %d are none", r.MinSize, r.MaxSize)
	case r.IgnoreDays < 0 || r.IgnoreDays > 3650:
		return nil, fmt.Errorf("%d days are none", r.IgnoreDays)
	}
	if m.include, err = compile(r.Include, r.Regexp); err != nil {
		return nil, fmt.Errorf("include: %w", err)
	}
	if m.exclude, err = compile(r.Exclude, r.Regexp); err != nil {
		return nil, fmt.Errorf("exclude: %w", err)
	}
	if m.episodes, err = ParseEpisodes(r.Episodes); err != nil {
		return nil, fmt.Errorf("episodes: %w", err)
	}
	return m, nil
}

// Rule returns what the matcher was made of.
func (m *Matcher) Rule() Rule { return m.rule }

// For reports whether the rule is one for a feed.
func (m *Matcher) For(feed string) bool {
	return len(m.rule.Feeds) == 0 || slices.Contains(m.rule.Feeds, feed)
}

// Match says whether an item is wanted.
func (m *Matcher) Match(s Subject, past Past, now time.Time) Verdict {
	if why := m.refuse(s); why != "" {
		return Verdict{Why: why}
	}
	ep, numbered := ParseTitle(s.Title)
	if len(m.episodes) > 0 {
		switch {
		case !numbered || ep.First == 0:
			return Verdict{Why: "its title has no season and episode"}
		case !m.episodes.Has(ep):
			return Verdict{Why: ep.String() + " is not among the episodes that are wanted"}
		}
	}
	v := Verdict{Wanted: true}
	if m.rule.Once && numbered {
		v.Episodes = ep.Keys()
		if had(v.Episodes, past.Had) {
			return Verdict{Why: ep.String() + " was fetched before"}
		}
	}
	if d := time.Duration(m.rule.IgnoreDays) * 24 * time.Hour; d > 0 && !past.Last.IsZero() && now.Sub(past.Last) < d {
		return Verdict{Why: fmt.Sprintf("something was fetched %s ago, and then nothing else is for %d days", words.Duration(now.Sub(past.Last)), m.rule.IgnoreDays)}
	}
	return v
}

// refuse says why an item is not wanted by what it is alone.
func (m *Matcher) refuse(s Subject) string {
	switch {
	case !m.For(s.Feed):
		return "the rule is for other feeds"
	case !m.include.matches(s.Title) && len(m.include) > 0:
		return fmt.Sprintf("its title does not have %q", m.rule.Include)
	case m.exclude.matches(s.Title):
		return fmt.Sprintf("its title has %q, which is excluded", m.rule.Exclude)
	case s.Size == 0:
		return "" // it may be right
	case s.Size < m.rule.MinSize:
		return fmt.Sprintf("%s is less than %s", words.Bytes(s.Size), words.Bytes(m.rule.MinSize))
	case m.rule.MaxSize > 0 && s.Size > m.rule.MaxSize:
		return fmt.Sprintf("%s is more than %s", words.Bytes(s.Size), words.Bytes(m.rule.MaxSize))
	}
	return ""
}

// had reports whether all episodes were fetched before.
func had(keys []string, before func(string) bool) bool {
	for _, k := range keys {
		if before == nil || !before(k) {
			return false
		}
	}
	return len(keys) > 0
}

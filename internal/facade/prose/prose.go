// Package prose makes up plain text: short sentences about nothing in particular,
// such as people put on pages of their own. The same chance gives the same text.
//
// What can be said is in grammar.txt. A rule has alternatives, one a line; {name}
// stands for an alternative of that rule, {2-9} for a number, and a(n) for the
// article that fits what follows. Of rules named rule/topic the one is used that is
// about what the teller talks of.
package prose

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed grammar.txt
var source string

// maxDepth bounds how deep rules lie in each other.
const maxDepth = 16

// Grammar is what can be said.
type Grammar map[string][]string

// English returns the grammar of this package.
func English() Grammar { return parse(source) }

// parse reads a grammar: lines that end with a colon name a rule, the others are
// its alternatives; # begins a comment.
func parse(text string) Grammar {
	g, rule := Grammar{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case strings.HasSuffix(line, ":") && !strings.Contains(line, " "):
			rule = line[:len(line)-1]
		case strings.HasPrefix(line, "* "): // short ones share a line
			for one := range strings.SplitSeq(line[2:], ",") {
				g[rule] = append(g[rule], strings.TrimSpace(one))
			}
		default:
			g[rule] = append(g[rule], line)
		}
	}
	return g
}

// Topics returns what one can talk of.
func (g Grammar) Topics() []string { return g["topic"] }

// Teller talks of one topic. It is not safe for concurrent use.
type Teller struct {
	grammar Grammar
	topic   string
	rand    *rand.Rand
	last    map[string]string // alternatives are not told twice in a row
}

// NewTeller returns one who talks of a topic of the grammar.
func NewTeller(g Grammar, topic string, r *rand.Rand) *Teller {
	return &Teller{grammar: g, topic: topic, rand: r, last: map[string]string{}}
}

// Tell returns an alternative of a rule, all that stands for something replaced.
func (t *Teller) Tell(rule string) string { return articles(t.expand(rule, maxDepth)) }

// Title returns the same with a capital at its beginning.
func (t *Teller) Title(rule string) string { return capital(t.Tell(rule)) }

// Paragraph returns sentences, from least to most of them.
func (t *Teller) Paragraph(rule string, least, most int) string {
	var all []string
	for range least + t.rand.IntN(most-least+1) {
		all = append(all, t.Title(rule))
	}
	return strings.Join(all, " ")
}

func (t *Teller) expand(rule string, depth int) string {
	alternatives := t.grammar[rule+"/"+t.topic]
	if alternatives == nil {
		alternatives = t.grammar[rule]
	}
	if len(alternatives) == 0 || depth == 0 {
		return "" // a test keeps the grammar free of both
	}
	text := alternatives[t.rand.IntN(len(alternatives))]
	for range 3 {
		if text != t.last[rule] {
			break
		}
		text = alternatives[t.rand.IntN(len(alternatives))]
	}
	t.last[rule] = text
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var name string
		name, text, _ = strings.Cut(rest, "}")
		b.WriteString(t.replace(name, depth-1))
	}
}

func (t *Teller) replace(name string, depth int) string {
	if low, high, ok := numbers(name); ok {
		return strconv.Itoa(low + t.rand.IntN(high-low+1))
	}
	if lower := strings.ToLower(name); lower != name {
		return capital(t.expand(lower, depth))
	}
	return t.expand(name, depth)
}

// numbers reads "2-9".
func numbers(name string) (low, high int, ok bool) {
	a, b, found := strings.Cut(name, "-")
	low, err := strconv.Atoi(a)
	if !found || err != nil {
		return 0, 0, false
	}
	high, err = strconv.Atoi(b)
	return low, high, err == nil && high >= low
}

// articles puts a or an where a(n) stands.
func articles(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "a(n) ")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		article := "a "
		if strings.IndexByte("aeiouAEIOU", (after + " ")[0]) >= 0 {
			article = "an "
		}
		b.WriteString(article)
		text = after
	}
}

func capital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// Check tells what is wrong with a grammar: rules that are missing or that have no
// end.
func (g Grammar) Check() error {
	for rule, alternatives := range g {
		for _, text := range alternatives {
			for _, name := range references(text) {
				if !g.knows(name) {
					return fmt.Errorf("prose: %s: no rule {%s}", rule, name)
				}
			}
		}
		if d := g.depth(rule, maxDepth); d >= maxDepth {
			return fmt.Errorf("prose: %s: rules lie in each other without end", rule)
		}
	}
	return nil
}

// knows reports whether there is a rule, or one for each topic.
func (g Grammar) knows(name string) bool {
	if len(g[name]) > 0 {
		return true
	}
	for _, topic := range g.Topics() {
		if len(g[name+"/"+topic]) == 0 {
			return false
		}
	}
	return len(g.Topics()) > 0
}

func (g Grammar) depth(rule string, left int) (deepest int) {
	if left == 0 {
		return maxDepth
	}
	all := g[rule]
	for _, topic := range g.Topics() {
		all = append(slices.Clip(all), g[rule+"/"+topic]...)
	}
	for _, text := range all {
		for _, name := range references(text) {
			deepest = max(deepest, 1+g.depth(name, left-1))
		}
	}
	return deepest
}

// references are the rules an alternative stands on, in lower case.
func references(text string) (all []string) {
	for {
		_, rest, found := strings.Cut(text, "{")
		if !found {
			return all
		}
		var name string
		name, text, _ = strings.Cut(rest, "}")
		if _, _, ok := numbers(name); !ok {
			all = append(all, strings.ToLower(name))
		}
	}
}

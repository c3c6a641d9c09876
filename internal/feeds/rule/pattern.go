package rule

import (
	"fmt"
	"regexp"
	"strings"
)

// pattern is a choice of things that a title may have; each has parts that must all
// be there. An empty one matches nothing.
type pattern [][]*regexp.Regexp

func compile(text string, expr bool) (p pattern, err error) {
	if len(text) > maxPattern {
		return nil, fmt.Errorf("%d bytes are too many: at most %d", len(text), maxPattern)
	}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if expr {
		r, err := regexp.Compile("(?i)" + text)
		if err != nil {
			return nil, err
		}
		return pattern{{r}}, nil
	}
	for choice := range strings.SplitSeq(text, "|") {
		var parts []*regexp.Regexp
		for word := range strings.FieldsSeq(choice) {
			quoted := regexp.QuoteMeta(word)
			quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, `.*`), `\?`, `.`)
			r, err := regexp.Compile("(?i)" + quoted)
			if err != nil {
				return nil, err
			}
			parts = append(parts, r)
		}
		if parts != nil {
			p = append(p, parts)
		}
	}
	if p == nil {
		return nil, fmt.Errorf("%q has no words", text)
	}
	return p, nil
}

func (p pattern) matches(title string) bool {
	for _, parts := range p {
		all := true
		for _, r := range parts {
			all = all && r.MatchString(title)
		}
		if all {
			return true
		}
	}
	return false
}

package document

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

var markup = regexp.MustCompile(`(?s)<!--.*?-->|<[A-Za-z/!?][^<>]*>`)

// plain makes a line of text of what others wrote: without markup, without
// characters that are not seen or turn others around, and not too long.
func plain(text string) string {
	text = cut(text, 8*maxTitle)
	text = html.UnescapeString(markup.ReplaceAllString(html.UnescapeString(text), " "))
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.C) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxTitle {
		text = string(runes[:maxTitle-1]) + "…"
	}
	return text
}

// cut returns as much of a text as n bytes hold.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}

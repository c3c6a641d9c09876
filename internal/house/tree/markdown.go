package tree

import "strings"

// Anchors returns the names a Markdown file's headings get.
func Anchors(md []byte) map[string]bool {
	found := map[string]bool{}
	for line := range strings.Lines(Prose(md)) {
		title := strings.TrimLeft(line, "#")
		if title == line || !strings.HasPrefix(title, " ") {
			continue
		}
		found[slug(strings.TrimSpace(title))] = true
	}
	return found
}

// slug is how GitHub turns a heading into an anchor.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 0x7f:
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, title)
}

// Prose returns Markdown without its fenced blocks.
func Prose(md []byte) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(string(md)) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			b.WriteString(line)
		}
	}
	return b.String()
}

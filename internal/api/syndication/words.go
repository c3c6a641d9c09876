package syndication

import (
	"fmt"
	"strings"

	"github.com/warren-p2p/warren/internal/words"
)

// Words says what is wanted, for people.
func (s *FeedRuleSettings) Words() string {
	var parts []string
	add := func(ok bool, format string, args ...any) {
		if ok {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(s.Off, "switched off")
	add(s.Include != "", "with %q", words.Plain(s.Include))
	add(s.Exclude != "", "without %q", words.Plain(s.Exclude))
	add(s.Episodes != "", "%s", words.Plain(s.Episodes))
	add(s.Once, "each once")
	add(s.MinSize > 0, "from %s", words.Bytes(s.MinSize))
	add(s.MaxSize > 0, "up to %s", words.Bytes(s.MaxSize))
	add(s.IgnoreDays > 0, "one in %s", words.Count(s.IgnoreDays, "day", "days"))
	add(len(s.Feeds) > 0, "of %s", words.Count(len(s.Feeds), "feed", "feeds"))
	add(s.Category != "", "as %s", words.Plain(s.Category))
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, ", ")
}

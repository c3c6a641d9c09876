package shelf

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/share/link"
)

// PublicToken returns the token of the link to all public shares; ok is false if there
// is none yet.
func (s *Shelf) PublicToken() (t link.Token, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.public == nil {
		return link.Token{}, false
	}
	return *s.public, true
}

// SetPublicToken sets it.
func (s *Shelf) SetPublicToken(t link.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.public = &t
}

// IsPublic reports whether a token is that of the public link, and something is public.
func (s *Shelf) IsPublic(t link.Token) bool {
	hash := s.hash(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.public == nil || s.hash(*s.public) != hash {
		return false
	}
	for _, e := range s.all {
		if e.public() {
			return true
		}
	}
	return false
}

// Query says which public shares are looked for.
type Query struct {
	Words string // each has to be in title, description or tags, in any case
	Tag   string // exactly
	From  int    // of those that are found, the newest first
	Most  int
}

// Search returns public shares, and how many there are that are looked for. Strangers ask
// for it: nothing is copied but what is returned, and nothing waits for it.
func (s *Shelf) Search(q Query, now time.Time) (list []Share, total int) {
	words := strings.Fields(strings.ToLower(q.Words))
	found := slices.DeleteFunc(s.published(), func(e *entry) bool {
		return q.Tag != "" && !slices.Contains(e.row.Tags, q.Tag) || !e.says(words)
	})
	slices.SortFunc(found, func(x, y *entry) int {
		return cmp.Or(y.row.Created.Compare(x.row.Created), slices.Compare(x.row.ID[:], y.row.ID[:]))
	})
	total = len(found)
	from := min(max(q.From, 0), total)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range found[from:min(from+max(q.Most, 0), total)] {
		list = append(list, e.view(now))
	}
	return list, total
}

// published returns the shares that are public, in no order.
func (s *Shelf) published() (list []*entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.all {
		if e.public() {
			list = append(list, e)
		}
	}
	return list
}

// public reports whether a share is.
func (e *entry) public() bool { return e.row.Public != "" && e.row.Revoked.IsZero() }

// spoken returns what is said of a share that is public, to look for words in.
func (e *entry) spoken() string {
	if !e.public() {
		return ""
	}
	return strings.ToLower(e.row.Title + "\n" + e.row.Description + "\n" + strings.Join(e.row.Tags, "\n"))
}

// says reports whether all words are in what is said of a share.
func (e *entry) says(words []string) bool {
	for _, w := range words {
		if !strings.Contains(e.said, w) {
			return false
		}
	}
	return true
}

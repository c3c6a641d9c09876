package pathname

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Set holds the paths of one torrent and finds those that some file system
// would take for the same file.
type Set struct {
	fold  cases.Caser
	files map[string]string // key → path as written
	dirs  map[string]struct{}
	last  string // directory whose ancestors are all in dirs
}

// NewSet returns an empty set with room for n files.
func NewSet(n int) *Set {
	return &Set{
		fold:  cases.Fold(),
		files: make(map[string]string, n),
		dirs:  make(map[string]struct{}),
	}
}

// Add adds a slash-separated path whose components passed [Check]. The error
// is [ErrDuplicate], [ErrCollision] or [ErrOverlap].
func (s *Set) Add(path string) error {
	key := s.key(path)
	if other, ok := s.files[key]; ok {
		if other == path {
			return ErrDuplicate
		}
		return ErrCollision
	}
	if _, ok := s.dirs[key]; ok {
		return ErrOverlap
	}
	s.files[key] = path
	return s.addParents(key)
}

func (s *Set) addParents(key string) error {
	dir := parent(key)
	if dir == s.last {
		return nil
	}
	s.last = dir
	for ; dir != ""; dir = parent(dir) {
		if _, ok := s.files[dir]; ok {
			return ErrOverlap
		}
		if _, ok := s.dirs[dir]; ok {
			return nil
		}
		s.dirs[dir] = struct{}{}
	}
	return nil
}

func parent(key string) string { return key[:max(0, strings.LastIndexByte(key, '/'))] }

// key maps paths that some file system cannot tell apart to one string:
// case-folded, composed (NFC), without the dots and spaces Windows drops.
func (s *Set) key(path string) string {
	if isASCII(path) {
		path = strings.ToLower(path)
	} else {
		path = norm.NFC.String(s.fold.String(norm.NFC.String(path)))
	}
	if !strings.Contains(path, "./") && !strings.Contains(path, " /") &&
		strings.TrimRight(path, ". ") == path {
		return path
	}
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = strings.TrimRight(parts[i], ". ")
	}
	return strings.Join(parts, "/")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

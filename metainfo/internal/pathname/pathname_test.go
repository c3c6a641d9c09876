package pathname

import (
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for name, want := range map[string]error{
		"a": nil, "a b": nil, ".hidden": nil, "..a": nil, "a..": nil, "straße": nil, "aux.c": nil,
		"COM10": nil, "COM": nil, "console": nil, "1:2": nil, strings.Repeat("x", 255): nil,
		"": ErrEmpty, ".": ErrTraversal, "..": ErrTraversal, "...": ErrTraversal, ". .": ErrTraversal, " ": ErrTraversal,
		"a/b": ErrAbsolute, "/": ErrAbsolute, `a\b`: ErrAbsolute, "c:": ErrAbsolute, "Z:x": ErrAbsolute,
		"con": ErrReserved, "Nul": ErrReserved, "COM1": ErrReserved, "lpt²": ErrReserved, "AUX .": ErrReserved,
		"conin$": ErrReserved, "a\x00b": ErrNUL, "\x80": ErrEncoding, strings.Repeat("x", 256): ErrTooLong,
	} {
		if err := Check(name); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", name, err, want)
		}
	}
}

func TestCheckPath(t *testing.T) {
	long := strings.Repeat("x", 255)
	for _, c := range []struct {
		path []string
		want error
	}{
		{[]string{"a", "b"}, nil},
		{nil, ErrEmpty},
		{[]string{"a", ".."}, ErrTraversal},
		{strings.Split(strings.Repeat("a/", 127)+"a", "/"), nil},
		{strings.Split(strings.Repeat("a/", 128)+"a", "/"), ErrTooLong},
		{strings.Split(strings.Repeat(long+"/", 16)+"x", "/"), ErrTooLong},
	} {
		if err := CheckPath(c.path); !errors.Is(err, c.want) {
			t.Errorf("%d elements: %v, want %v", len(c.path), err, c.want)
		}
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct {
		paths string // separated by spaces; a dot stands for itself
		want  error  // of the last one
	}{
		{"a b", nil},
		{"a/b a/c b/a", nil},
		{"Docs/a docs/b", nil},
		{"a/b/c a/b/d a/e", nil},
		{"a a", ErrDuplicate},
		{"a A", ErrCollision},
		{"é É", ErrCollision},
		{"\u00e9 e\u0301", ErrCollision},
		{"E\u0301 \u00e9", ErrCollision},
		{"ſ s", ErrCollision},
		{"a a.", ErrCollision},
		{"d./a d/A", ErrCollision},
		{"a a/b", ErrOverlap},
		{"a/b A", ErrOverlap},
		{"a/b/c a/x/y a/b", ErrOverlap},
		{"a/b/c q a/B", ErrOverlap},
		{"a x/y A/b/c/d", ErrOverlap},
	} {
		s := NewSet(2)
		paths := strings.Fields(c.paths)
		for i, p := range paths {
			err := s.Add(p)
			if last := i == len(paths)-1; last && !errors.Is(err, c.want) || !last && err != nil {
				t.Errorf("%q: %q: %v, want %v", c.paths, p, err, c.want)
			}
		}
	}
}

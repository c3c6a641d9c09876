package shape

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Missing returns what ours lacks of theirs, a line each: keys that are not
// there, keys that are there only sometimes, and values of a type that theirs
// never has. What ours has beyond theirs is not told.
func Missing(theirs, ours Shape) (lacks []string) {
	gone := "" // what is below it is not told again
	for _, path := range slices.Sorted(maps.Keys(theirs)) {
		want := theirs[path]
		got, there := ours[path]
		switch {
		case gone != "" && (strings.HasPrefix(path, gone+".") || strings.HasPrefix(path, gone+"[]")):
			continue
		case !there:
			gone = path
			if !want.Optional {
				lacks = append(lacks, fmt.Sprintf("%s: missing; want %s", named(path), strings.Join(want.Types, "|")))
			}
			continue
		case got.Optional && !want.Optional:
			lacks = append(lacks, named(path)+": there only sometimes; want it always")
		}
		for _, t := range got.Types {
			if !takes(want.Types, t) {
				lacks = append(lacks, fmt.Sprintf("%s: %s; want %s", named(path), t, strings.Join(want.Types, "|")))
			}
		}
	}
	return lacks
}

// takes reports whether a type is among those that are wanted. A number was a
// fraction when it was looked at, and may be whole at another time.
func takes(want []string, got string) bool {
	return slices.Contains(want, got) || got == "integer" && slices.Contains(want, "number")
}

func named(path string) string {
	if path == "" {
		return "the whole"
	}
	return path
}

// Merge returns the shape of two values taken together, as those of a list are:
// of two answers to the same question for instance.
func Merge(a, b Shape) Shape {
	all := maps.Clone(a)
	for path, p := range b {
		if q, both := all[path]; both {
			p.Optional = p.Optional || q.Optional
			types := slices.Concat(p.Types, q.Types)
			slices.Sort(types)
			p.Types = slices.Compact(types)
		}
		all[path] = p
	}
	return all
}

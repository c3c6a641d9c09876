package shape

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Record is what was asked of a program, by name, and the shapes of its
// answers.
type Record map[string]Shape

// Encode writes a record as text: a line "# name" and the paths below it, all
// sorted. The root is written as a dot.
func (r Record) Encode() []byte {
	var b strings.Builder
	for i, name := range slices.Sorted(maps.Keys(r)) {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "# %s\n", name)
		for _, path := range slices.Sorted(maps.Keys(r[name])) {
			p := r[name][path]
			if path == "" {
				path = "."
			}
			if p.Optional {
				path += "?"
			}
			fmt.Fprintf(&b, "%s %s\n", path, strings.Join(p.Types, "|"))
		}
	}
	return []byte(b.String())
}

// Decode reads what Encode has written.
func Decode(text []byte) (Record, error) {
	r := Record{}
	var at Shape
	for n, line := range strings.Split(string(text), "\n") {
		if line == "" {
			continue
		}
		if name, ok := strings.CutPrefix(line, "# "); ok {
			at = Shape{}
			r[name] = at
			continue
		}
		path, types, ok := strings.Cut(line, " ")
		if !ok || at == nil {
			return nil, fmt.Errorf("line %d of a record of shapes: want \"# name\" or \"path types\", have %q", n+1, line)
		}
		p := Place{Types: strings.Split(types, "|")}
		path, p.Optional = strings.CutSuffix(path, "?")
		if path == "." {
			path = ""
		}
		at[path] = p
	}
	return r, nil
}

// Missing returns what ours lacks of theirs: answers that are not there, and
// what is missing in those that are, each line led by the name of the question.
func (r Record) Missing(ours Record) (lacks []string) {
	for _, name := range slices.Sorted(maps.Keys(r)) {
		mine, there := ours[name]
		if !there {
			lacks = append(lacks, name+": not answered")
			continue
		}
		for _, l := range Missing(r[name], mine) {
			lacks = append(lacks, name+": "+l)
		}
	}
	return lacks
}

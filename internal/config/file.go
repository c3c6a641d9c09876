package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/warren-p2p/warren/internal/config/schema"
)

// file reads the file. A syntax error is returned; what is wrong with single values
// is noted.
func (l *loader) file(path string, text []byte) error {
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		if d, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := d.Position()
			return fmt.Errorf("%s:%d:%d: %s", path, line, column, strings.TrimPrefix(d.Error(), "toml: "))
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	lines := lines(text)
	found := map[string]any{}
	l.flatten(tree, "", found)
	for _, name := range slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		if d := lineOf(lines, a) - lineOf(lines, b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	}) {
		where := fmt.Sprintf("%s:%d", path, lineOf(lines, name))
		l.take(name, File, where, func(k Key) error {
			if n, ok := found[name].(int64); ok && k.Unit {
				return k.Set(&l.c, fmt.Sprint(n)) // it wants a unit
			}
			return k.Set(&l.c, found[name])
		})
	}
	return nil
}

// flatten names the values of tables by dotted keys. A table where none belongs is
// a value that is wrong.
func (l *loader) flatten(table map[string]any, prefix string, out map[string]any) {
	for key, v := range table {
		name := strings.TrimPrefix(prefix+"."+key, ".")
		below, ok := v.(map[string]any)
		if _, isKey := schema.Find(l.keys, name); ok && !isKey && len(below) > 0 {
			l.flatten(below, name, out)
			continue
		}
		if ok && l.section(name) { // an empty one
			continue
		}
		out[name] = v
	}
}

func (l *loader) section(name string) bool {
	return slices.ContainsFunc(l.keys, func(k Key) bool { return strings.HasPrefix(k.Name, name+".") })
}

// lines returns the line of each key and table of a file that was parsed before.
func lines(text []byte) map[string]int {
	at := map[string]int{}
	var p unstable.Parser
	p.Reset(text)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		name, line := "", 0
		for key := e.Key(); key.Next(); {
			n := key.Node()
			name = strings.TrimPrefix(name+"."+string(n.Data), ".")
			if line == 0 {
				line = p.Shape(n.Raw).Start.Line
			}
		}
		if e.Kind == unstable.KeyValue {
			name = strings.TrimPrefix(table+"."+name, ".")
		} else {
			table = name
		}
		if _, ok := at[name]; !ok {
			at[name] = line
		}
	}
	return at
}

// lineOf returns the line of a key, or of the table it is in.
func lineOf(lines map[string]int, name string) int {
	for {
		if n, ok := lines[name]; ok {
			return n
		}
		cut := strings.LastIndexByte(name, '.')
		if cut < 0 {
			return 1
		}
		name = name[:cut]
	}
}

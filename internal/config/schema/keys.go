// Package schema reads from the fields of a struct what can be set in it, and sets
// it: by dotted keys, from what TOML and JSON hold and from what people type.
//
// The tags of a field say how it is called (toml), what it is by default (default),
// what people read about it (help), which words it can be (enum), that it takes effect
// without a restart (live), that programs may not change it (only), that it is not
// shown (secret), and by which variables it is set (env) or turned off (not). A field
// that is a struct is a table.
package schema

import (
	"encoding"
	"reflect"
	"strings"
)

// Key is one value that can be set.
type Key struct {
	Name    string // dotted, such as "limits.up"
	Help    string
	Default string   // as it is typed; "" for an empty one
	Choices []string // the words it can be; nil for others
	Env     string   // the variable that sets it
	Not     string   // a variable that turns it off, "" if there is none
	Live    bool     // takes effect without a restart
	Only    bool     // programs may not change it: file, environment and flags alone
	Secret  bool     // is not shown
	Kind    Kind

	Unit bool // a number with a unit; of Kind Text

	index []int // of the field
}

// Kind is what a value looks like.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota // words.Speed and the like are text, too
	Bool               // true or false
	Number             // whole or not
	List               // of text
)

// String says it to people.
func (k Kind) String() string {
	return [...]string{"text in quotes", "true or false", "a number", "a list of texts in quotes"}[k]
}

// Section is a table of the file.
type Section struct {
	Name string // "" for what stands before all tables
	Help string
	Keys []Key
}

// Of returns all that can be set in a struct, in the order of its fields.
func Of(t reflect.Type) []Section { return sections(t, "", "", nil) }

func sections(t reflect.Type, name, help string, index []int) []Section {
	own := Section{Name: name, Help: help}
	var below []Section
	for f := range t.Fields() {
		key, ok := f.Tag.Lookup("toml")
		if !ok {
			continue
		}
		full := strings.TrimPrefix(name+"."+key, ".")
		at := append(append([]int(nil), index...), f.Index...)
		if f.Type.Kind() == reflect.Struct {
			below = append(below, sections(f.Type, full, f.Tag.Get("help"), at)...)
			continue
		}
		own.Keys = append(own.Keys, keyOf(f, full, at))
	}
	return append([]Section{own}, below...)
}

func keyOf(f reflect.StructField, name string, at []int) Key {
	k := Key{
		Name: name, Help: f.Tag.Get("help"), Default: f.Tag.Get("default"), Env: f.Tag.Get("env"), Not: f.Tag.Get("not"),
		Live: f.Tag.Get("live") != "", Only: f.Tag.Get("only") != "", Secret: f.Tag.Get("secret") != "", index: at,
	}
	if k.Env == "" {
		k.Env = "WARREN_" + strings.NewReplacer(".", "_", "-", "_").Replace(strings.ToUpper(name))
	}
	if list := f.Tag.Get("enum"); list != "" {
		k.Choices = strings.Split(list, ",")
	}
	k.Unit = reflect.PointerTo(f.Type).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	switch f.Type.Kind() {
	case reflect.Bool:
		k.Kind = Bool
	case reflect.Slice:
		k.Kind = List
	case reflect.Int, reflect.Float64:
		k.Kind = Number
	}
	return k
}

// Keys returns the keys of all tables, in their order.
func Keys(all []Section) (keys []Key) {
	for _, s := range all {
		keys = append(keys, s.Keys...)
	}
	return keys
}

// Find returns a key by its name.
func Find(keys []Key, name string) (Key, bool) {
	for _, k := range keys {
		if k.Name == name {
			return k, true
		}
	}
	return Key{}, false
}

// Nearest returns the key that was probably meant, "" if none is near.
func Nearest(keys []Key, name string) string {
	best, at := 4, "" // a name that differs in more is another one
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, k := range keys {
		d := distance(name, k.Name)
		if strings.HasSuffix(k.Name, "."+last) && last != name || strings.ReplaceAll(k.Name, "-", "_") == name {
			d = min(d, 2) // in the wrong table
		} else if strings.HasSuffix(k.Name, "."+last) {
			d = min(d, 3)
		}
		if d < best {
			best, at = d, k.Name
		}
	}
	return at
}

// distance counts the letters that have to be put in, left out or replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := before
			if a[i] != b[j] {
				d++
			}
			before = row[j+1]
			row[j+1] = min(d, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

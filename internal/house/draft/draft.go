// Package draft reads the drafts in docs/beps: for their form, which is that of
// the BEPs, and for the test vectors, which are checked against the code.
package draft

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Draft is a BEP in reStructuredText.
type Draft struct {
	Fields   []Field // the header, in order
	Sections []Section
	Lines    []string
}

// Field is a line of the header.
type Field struct{ Name, Value string }

// Section is a heading and what stands below it, up to the next heading.
type Section struct {
	Title string
	Level int // 1 is underlined with =, 2 with -
	Lines []string
}

// Parse reads a draft. What stands before the first heading is a section of
// level 0.
func Parse(b []byte) *Draft {
	d := &Draft{Lines: strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")}
	rest := d.Lines
	for len(rest) > 0 && strings.HasPrefix(rest[0], ":") {
		name, value, _ := strings.Cut(rest[0][1:], ":")
		d.Fields = append(d.Fields, Field{name, strings.TrimSpace(value)})
		rest = rest[1:]
	}
	now := Section{}
	for i := 0; i < len(rest); i++ {
		if level := heading(rest, i); level > 0 {
			d.Sections = append(d.Sections, now)
			now = Section{Title: rest[i], Level: level}
			i++
			continue
		}
		now.Lines = append(now.Lines, rest[i])
	}
	d.Sections = append(d.Sections, now)
	return d
}

// heading returns the level of the heading that line i is, 0 if it is none.
func heading(lines []string, i int) int {
	if i+1 >= len(lines) || lines[i] == "" || lines[i][0] == ' ' {
		return 0
	}
	for level, mark := range []string{"=", "-"} {
		if lines[i+1] == strings.Repeat(mark, len(lines[i])) {
			return level + 1
		}
	}
	return 0
}

// Section returns the section with a title, nil if there is none.
func (d *Draft) Section(title string) *Section {
	for i := range d.Sections {
		if d.Sections[i].Title == title {
			return &d.Sections[i]
		}
	}
	return nil
}

// Field returns the value of a line of the header.
func (d *Draft) Field(name string) string {
	for _, f := range d.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Vector is a test vector: values by their names.
type Vector struct {
	Name   string
	values map[string]string
	used   map[string]bool
}

// Vectors reads the section "Test vectors".
func (d *Draft) Vectors() (list []*Vector, err error) {
	s := d.Section("Test vectors")
	if s == nil {
		return nil, fmt.Errorf("draft: no test vectors")
	}
	key := ""
	for _, line := range s.Lines {
		text, indented := strings.CutPrefix(line, "    ")
		name, value, named := strings.Cut(text, ":")
		switch {
		case !indented || strings.TrimSpace(text) == "":
		case strings.HasPrefix(text, "["):
			list = append(list, &Vector{strings.Trim(text, "[]"), map[string]string{}, map[string]bool{}})
		case len(list) == 0:
			return nil, fmt.Errorf("draft: %q before the first vector", line)
		case strings.HasPrefix(text, " "):
			list[len(list)-1].values[key] += strings.TrimSpace(text)
		case named:
			key = name
			list[len(list)-1].values[key] = strings.TrimSpace(value)
		default:
			return nil, fmt.Errorf("draft: %q is no value", line)
		}
	}
	return list, nil
}

// Has reports whether there is a value of a name.
func (v *Vector) Has(name string) bool { _, ok := v.values[name]; return ok }

// Text returns a value, and notes that it was asked for.
func (v *Vector) Text(name string) string {
	v.used[name] = true
	return v.values[name]
}

// Bytes returns a value that is hexadecimal, nil if it is not.
func (v *Vector) Bytes(name string) []byte {
	b, err := hex.DecodeString(v.Text(name))
	if err != nil {
		return nil
	}
	return b
}

// Bytes32 returns a value of 32 bytes, zero if it is not one.
func (v *Vector) Bytes32(name string) (out [32]byte) {
	if b := v.Bytes(name); len(b) == len(out) {
		copy(out[:], b)
	}
	return out
}

// Number returns a value that is a decimal integer, 0 if it is not.
func (v *Vector) Number(name string) uint64 {
	n, err := strconv.ParseUint(v.Text(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Unused returns the names of the values that nobody has asked for.
func (v *Vector) Unused() (names []string) {
	for name := range v.values {
		if !v.used[name] {
			names = append(names, name)
		}
	}
	return names
}

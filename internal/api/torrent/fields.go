package torrent

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Fields are the properties of torrents that somebody wants; nil is all.
type Fields []field

type field struct {
	name  string
	index int
	zero  bool // left out if it is zero
}

// all returns every property in the order of the document.
func all() (list []field) {
	for i, f := range reflect.VisibleFields(reflect.TypeFor[Torrent]()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		list = append(list, field{name, i, options != ""})
	}
	return list
}

// ParseFields reads names of properties. The id is always among them.
func ParseFields(names []string) (Fields, error) {
	if len(names) == 0 {
		return nil, nil
	}
	known := all()
	fields := Fields{known[0]}
	for _, name := range names {
		i := slices.IndexFunc(known, func(f field) bool { return f.name == name })
		if i < 0 {
			return nil, fmt.Errorf("torrents have no property %.40q", name)
		}
		if !slices.ContainsFunc(fields, func(f field) bool { return f.index == i }) {
			fields = append(fields, known[i])
		}
	}
	return fields, nil
}

// Key returns a text that is the same for the same fields.
func (f Fields) Key() string {
	var b strings.Builder
	for _, one := range f {
		b.WriteString(one.name + ",")
	}
	return b.String()
}

// AppendJSON appends a torrent.
func (f Fields) AppendJSON(b []byte, t *Torrent) ([]byte, error) {
	if f == nil {
		one, err := json.Marshal(t)
		return append(b, one...), err
	}
	v := reflect.ValueOf(t).Elem()
	b = append(b, '{')
	for i, one := range f {
		value := v.Field(one.index)
		if one.zero && value.IsZero() {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), one.name...), '"', ':')
		text, err := json.Marshal(value.Interface())
		if err != nil {
			return nil, err
		}
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

// AppendList appends torrents as a list.
func (f Fields) AppendList(b []byte, list []Torrent) (_ []byte, err error) {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = f.AppendJSON(b, &list[i]); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

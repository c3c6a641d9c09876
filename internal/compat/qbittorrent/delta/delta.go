// Package delta tells programs what has changed since they asked last: of each
// object only the fields that did, and the names of those that are gone.
//
// A [Ledger] has objects of one kind by name, each with the revision at which each of
// its fields became what it is. It is asked with a revision, not by whom: any number
// of programs share one.
package delta

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Revision numbers changes. Later ones are greater.
type Revision int64

// forgotten is how many objects that are gone are remembered.
const forgotten = 10_000

// Ledger is objects of a struct type whose fields have names for JSON. Fields must
// be comparable. It is not safe for concurrent use.
type Ledger[T any] struct {
	names   []string
	objects map[string]*object[T]
	gone    []gone
	// since is the earliest revision of which it is known what is gone.
	since Revision
}

type object[T any] struct {
	value   T
	changed []Revision // by field
	newest  Revision
}

type gone struct {
	name string
	at   Revision
}

// New returns an empty ledger that begins at a revision.
func New[T any](at Revision) *Ledger[T] {
	l := &Ledger[T]{objects: make(map[string]*object[T]), since: at}
	for field := range reflect.TypeFor[T]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		l.names = append(l.names, name)
	}
	return l
}

// Put says what an object is at a revision, and reports whether it was something
// else before. Revisions must not go down.
func (l *Ledger[T]) Put(name string, value T, at Revision) bool {
	o := l.objects[name]
	if o == nil {
		o = &object[T]{value: value, changed: make([]Revision, len(l.names)), newest: at}
		for i := range o.changed {
			o.changed[i] = at
		}
		l.objects[name] = o
		return true
	}
	before, now, any := reflect.ValueOf(&o.value).Elem(), reflect.ValueOf(&value).Elem(), false
	for i := range l.names {
		if l.names[i] != "-" && !before.Field(i).Equal(now.Field(i)) {
			o.changed[i], o.newest, any = at, at, true
		}
	}
	o.value = value
	return any
}

// Remove says that an object is gone at a revision, and reports whether it was there.
func (l *Ledger[T]) Remove(name string, at Revision) bool {
	if l.objects[name] == nil {
		return false
	}
	delete(l.objects, name)
	if len(l.gone) == forgotten {
		l.since = l.gone[0].at
		l.gone = append(l.gone[:0], l.gone[1:]...)
	}
	l.gone = append(l.gone, gone{name, at})
	return true
}

// Names returns the names of all objects, in no order.
func (l *Ledger[T]) Names() []string {
	list := make([]string, 0, len(l.objects))
	for name := range l.objects {
		list = append(list, name)
	}
	return list
}

// Knows reports whether it can be told what has changed after a revision.
func (l *Ledger[T]) Knows(r Revision) bool { return r >= l.since }

// Since returns what has changed after a revision: objects as JSON with the fields
// that have, and the names of those that are gone.
func (l *Ledger[T]) Since(r Revision) (changed map[string]json.RawMessage, removed []string, err error) {
	changed = make(map[string]json.RawMessage)
	for name, o := range l.objects {
		if o.newest <= r {
			continue
		}
		if changed[name], err = l.fields(o, r); err != nil {
			return nil, nil, fmt.Errorf("write %q: %w", name, err)
		}
	}
	for _, g := range l.gone {
		if g.at > r && l.objects[g.name] == nil {
			removed = append(removed, g.name)
		}
	}
	return changed, removed, nil
}

// All returns all objects as JSON.
func (l *Ledger[T]) All() (map[string]json.RawMessage, error) {
	all := make(map[string]json.RawMessage, len(l.objects))
	for name, o := range l.objects {
		b, err := l.fields(o, -1)
		if err != nil {
			return nil, fmt.Errorf("write %q: %w", name, err)
		}
		all[name] = b
	}
	return all, nil
}

func (l *Ledger[T]) fields(o *object[T], r Revision) (json.RawMessage, error) {
	value := reflect.ValueOf(&o.value).Elem()
	b := []byte{'{'}
	for i, name := range l.names {
		if o.changed[i] <= r || name == "-" {
			continue
		}
		field, err := json.Marshal(value.Field(i).Interface())
		if err != nil {
			return nil, err
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(append(b, '"'), name...), '"', ':'), field...)
	}
	return append(b, '}'), nil
}

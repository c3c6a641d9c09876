package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/warren-p2p/warren/internal/config/schema"
)

// Origin says where a value came from.
type Origin uint8

// The origins. Of two the later one wins.
const (
	Default Origin = iota
	File
	Store // it was changed while the node ran
	Env
	Flag
)

// String implements fmt.Stringer.
func (o Origin) String() string { return [...]string{"default", "file", "store", "env", "flag"}[o] }

// Sources are what a configuration is put together from.
type Sources struct {
	Path string // of the file, for messages
	File []byte // its text
	// Stored are values by key, as [Config.Value] returns them or as they are typed.
	Stored map[string]any
	Getenv func(string) string // nil for no environment
	Flags  map[string]string   // by key, as typed
}

// KeyError is what is wrong with one value.
type KeyError struct {
	Key    string
	Origin Origin
	Where  string // the file and line, the variable or the flag; "" for a program's change
	Err    error
}

func (e *KeyError) Error() string {
	if e.Where == "" {
		return fmt.Sprintf("%s: %v", e.Key, e.Err)
	}
	if e.Origin == File {
		return fmt.Sprintf("%s: %s: %v", e.Where, e.Key, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Where, e.Err)
}

func (e *KeyError) Unwrap() error { return e.Err }

// Wrong returns what is wrong with single values, by an error of [Load].
func Wrong(err error) (list []*KeyError) {
	if one, ok := err.(*KeyError); ok {
		return []*KeyError{one}
	}
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range all.Unwrap() {
			list = append(list, Wrong(one)...)
		}
	}
	return list
}

// ErrUnknown reports a key that does not exist.
var ErrUnknown = errors.New("no such setting")

// Load puts a configuration together. The error joins a [*KeyError] for each value
// that is wrong, or is the syntax error of the file.
func Load(s Sources) (Config, error) {
	l := &loader{c: Config{from: map[string]Origin{}}, keys: Keys()}
	l.defaults()
	if err := l.file(s.Path, s.File); err != nil {
		return Config{}, err
	}
	l.stored(s.Stored)
	if s.Getenv != nil {
		l.env(s.Getenv)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Flags)) {
		l.take(name, Flag, "--set "+name, func(k Key) error { return k.Parse(&l.c, s.Flags[name]) })
	}
	l.check()
	return l.c, errors.Join(l.wrong...)
}

type loader struct {
	c     Config
	keys  []Key
	where map[string]string // what was read there, if not a default
	wrong []error
}

// take sets a value.
func (l *loader) take(name string, o Origin, where string, set func(Key) error) {
	k, ok := schema.Find(l.keys, name)
	var err error
	switch {
	case !ok:
		err = unknown(l.keys, name)
	default:
		err = set(k)
	}
	if err != nil {
		l.wrong = append(l.wrong, &KeyError{name, o, where, err})
		return
	}
	l.c.from[name] = o
	l.say(name, where)
}

func (l *loader) say(name, where string) {
	if l.where == nil {
		l.where = map[string]string{}
	}
	l.where[name] = where
}

func unknown(keys []Key, name string) error {
	if near := schema.Nearest(keys, name); near != "" {
		return fmt.Errorf("%w: did you mean %s?", ErrUnknown, near)
	}
	return fmt.Errorf("%w: warren config example lists all", ErrUnknown)
}

func (l *loader) defaults() {
	for _, k := range l.keys {
		if k.Default == "" {
			continue
		}
		if err := k.Parse(&l.c, k.Default); err != nil {
			l.wrong = append(l.wrong, &KeyError{k.Name, Default, "", err}) // a mistake in this package
		}
	}
}

func (l *loader) stored(values map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		l.take(name, Store, "the settings that were changed while the node ran: "+name, func(k Key) error {
			if k.Only {
				return errOnly
			}
			if text, ok := values[name].(string); ok {
				return k.Parse(&l.c, text)
			}
			return k.Set(&l.c, values[name])
		})
	}
}

func (l *loader) env(getenv func(string) string) {
	for _, k := range l.keys {
		if text := getenv(k.Env); text != "" {
			l.take(k.Name, Env, k.Env, func(k Key) error { return k.Parse(&l.c, text) })
		}
		if k.Not != "" && getenv(k.Not) != "" {
			l.take(k.Name, Env, k.Not, func(k Key) error {
				var off Config
				if err := k.Parse(&off, getenv(k.Not)); err != nil {
					return err
				}
				return k.Set(&l.c, !k.Value(&off).(bool))
			})
		}
	}
}

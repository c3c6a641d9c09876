package message

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Args are the arguments of a request by their names in snake_case. What has another
// type than the one asked for counts as not given, as it does with the real one.
type Args map[string]any

func parseArgs(text json.RawMessage) Args {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var given map[string]any
	if d.Decode(&given) != nil {
		return nil
	}
	a := make(Args, len(given))
	for name, value := range given {
		a[Snake(name)] = value
	}
	return a
}

// Has reports whether an argument was given, whatever its type.
func (a Args) Has(name string) bool { _, ok := a[name]; return ok }

// Int returns an integer. A fraction is cut, a boolean is 0 or 1.
func (a Args) Int(name string) (int64, bool) { return toInt(a[name]) }

// Real returns a number, also one in a string.
func (a Args) Real(name string) (float64, bool) {
	switch v := a[name].(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case string:
		f, err := strconv.ParseFloat(v, 64)
		return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return 0, false
}

// Bool returns a boolean: also 0, 1, "true" and "false".
func (a Args) Bool(name string) (on, ok bool) {
	switch v := a[name].(type) {
	case bool:
		return v, true
	case json.Number:
		return v == "1", v == "0" || v == "1"
	case string:
		return v == "true", v == "false" || v == "true"
	}
	return false, false
}

// String returns a string.
func (a Args) String(name string) (string, bool) { s, ok := a[name].(string); return s, ok }

// List returns a list, nil if none was given.
func (a Args) List(name string) ([]any, bool) { l, ok := a[name].([]any); return l, ok }

// Strings returns the strings of a list; what else is in it is left out.
func (a Args) Strings(name string) (list []string, ok bool) {
	all, ok := a.List(name)
	for _, v := range all {
		if s, is := v.(string); is {
			list = append(list, s)
		}
	}
	return list, ok
}

// Ints returns the integers of a list; what else is in it is left out.
func (a Args) Ints(name string) (list []int64, ok bool) {
	all, ok := a.List(name)
	for _, v := range all {
		if n, is := toInt(v); is {
			list = append(list, n)
		}
	}
	return list, ok
}

// ID is what a torrent is named by: its number, or one of its info-hashes.
type ID struct {
	Number int64
	Hash   string // "" for a number
}

// IDs returns which torrents are meant. All says that none are named; recent that those
// that have changed lately are.
func (a Args) IDs() (list []ID, all, recent bool) {
	switch v := a["ids"].(type) {
	case nil:
		return nil, !a.Has("ids") || a["ids"] == nil, false
	case string:
		if v == "recently-active" || v == "recently_active" {
			return nil, false, true
		}
		return []ID{{Hash: v}}, false, false
	case []any:
		for _, one := range v {
			if s, ok := one.(string); ok {
				list = append(list, ID{Hash: s})
			} else if n, ok := toInt(one); ok {
				list = append(list, ID{Number: n})
			}
		}
		return list, false, false
	default:
		if n, ok := toInt(v); ok {
			return []ID{{Number: n}}, false, false
		}
	}
	return nil, true, false
}

func toInt(v any) (int64, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, true
		}
		f, err := v.Float64()
		if err != nil || math.Abs(f) >= 1<<62 {
			return 0, false
		}
		return int64(f), true
	}
	return 0, false
}

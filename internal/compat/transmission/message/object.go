package message

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Style says how the words of an object are written in the classic dialect.
type Style uint8

// The styles.
const (
	Camel Style = iota // of torrents
	Kebab              // of the session
)

// Object is a JSON object in the order of its fields.
type Object struct {
	Style  Style
	Fields []Field
}

// Field is one of them. Values are strings, bools, ints, float64s, Objects, or slices
// of these; nil is null.
type Field struct {
	Name  string // in snake_case
	Value any
	// As is what it is called instead, in both dialects: the way it was asked for.
	As string
}

// Set adds a field.
func (o *Object) Set(name string, value any) {
	o.Fields = append(o.Fields, Field{Name: name, Value: value})
}

// odd are words that break the rule of their object in the classic dialect.
var odd = map[string]string{
	// of the session, in camelCase
	"seed_ratio_limit": "seedRatioLimit", "seed_ratio_limited": "seedRatioLimited", "honors_session_limits": "honorsSessionLimits",
	// of torrents and statistics, in kebab-case
	"peer_limit": "peer-limit", "file_count": "file-count", "primary_mime_type": "primary-mime-type",
	"cumulative_stats": "cumulative-stats", "current_stats": "current-stats",
	// of neither
	"is_utp": "isUTP", "cache_size_mib": "cache-size-mb", "total_size_bytes": "total_size",
}

// Classic returns a word as the classic dialect has it.
func (s Style) Classic(word string) string {
	if w, ok := odd[word]; ok {
		return w
	}
	if s == Kebab {
		return strings.ReplaceAll(word, "_", "-")
	}
	var b strings.Builder
	for i, part := range strings.Split(word, "_") {
		if i > 0 && part != "" {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(part)
	}
	return b.String()
}

func (o Object) append(b []byte, modern bool) []byte {
	b = append(b, '{')
	for i, f := range o.Fields {
		if i > 0 {
			b = append(b, ',')
		}
		name := f.As
		if name == "" {
			name = o.word(f.Name, modern)
		}
		b = append(appendString(b, name), ':')
		b = appendValue(b, f.Value, modern)
	}
	return append(b, '}')
}

func (o Object) word(name string, modern bool) string {
	switch {
	case !modern:
		return o.Style.Classic(name)
	case name == "total_size_bytes":
		return "total_size"
	}
	return name
}

func appendValue(b []byte, v any, modern bool) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return appendReal(b, v)
	case string:
		return appendString(b, v)
	case Object:
		return v.append(b, modern)
	case []Object:
		return appendList(b, v, modern)
	case []string:
		return appendList(b, v, modern)
	case []int:
		return appendList(b, v, modern)
	case []bool:
		return appendList(b, v, modern)
	case []any:
		return appendList(b, v, modern)
	}
	panic(fmt.Sprintf("an answer holds a %T, which is of no kind that answers have", v))
}

func appendList[T any](b []byte, list []T, modern bool) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, v, modern)
	}
	return append(b, ']')
}

// appendReal writes a number with four decimals at most. There is no number for what
// is none, or beyond all.
func appendReal(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "-1"...)
	}
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return strconv.AppendInt(b, int64(v), 10)
	}
	return strconv.AppendFloat(b, math.Round(v*10000)/10000, 'f', -1, 64)
}

// appendString writes a string that has nothing to escape as it is.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x80 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // a string always encodes
			return append(b, quoted...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}

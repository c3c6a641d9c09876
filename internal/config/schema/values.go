package schema

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Set gives the field of k in the struct that c points to a value: a string, bool,
// int, int64, float64, []string or []any, as TOML and JSON hold them. A number for
// what has a unit counts bytes, or seconds. The error says what is wanted.
func (k Key) Set(c any, v any) error {
	f := k.field(c)
	switch v := v.(type) {
	case string:
		return setText(f, k, v)
	case bool:
		if f.Kind() != reflect.Bool {
			break
		}
		f.SetBool(v)
		return nil
	case int:
		return setNumber(f, k, float64(v))
	case int64:
		return setNumber(f, k, float64(v))
	case float64:
		return setNumber(f, k, v)
	case []string:
		if k.Kind != List {
			break
		}
		f.Set(reflect.ValueOf(slices.Clone(v)))
		return nil
	case []any:
		return setList(f, k, v)
	}
	return fmt.Errorf("want %v", k.Kind)
}

func setText(f reflect.Value, k Key, v string) error {
	if len(k.Choices) > 0 && !slices.Contains(k.Choices, v) {
		return fmt.Errorf("%q: want %s", v, either(k.Choices))
	}
	if t, ok := reflect.TypeAssert[encoding.TextUnmarshaler](f.Addr()); ok {
		return t.UnmarshalText([]byte(v))
	}
	if f.Kind() != reflect.String {
		return fmt.Errorf("%q: want %v", v, k.Kind)
	}
	f.SetString(v)
	return nil
}

func setNumber(f reflect.Value, k Key, v float64) error {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0) || v < 0:
		return fmt.Errorf("%v: want 0 or more", v)
	case f.Kind() == reflect.Float64:
		f.SetFloat(v)
	case f.Kind() != reflect.Int && !k.Unit:
		return fmt.Errorf("want %v", k.Kind)
	case v != math.Trunc(v) || v > 1<<53:
		return fmt.Errorf("%v: want a whole number", v)
	case k.Unit && strings.HasSuffix(f.Type().Name(), "Period"):
		return setText(f, k, strconv.FormatInt(int64(v), 10)+"s")
	default:
		f.SetInt(int64(v))
	}
	return nil
}

func setList(f reflect.Value, k Key, v []any) error {
	if k.Kind != List {
		return fmt.Errorf("want %v", k.Kind)
	}
	list := make([]string, len(v))
	for i, one := range v {
		s, ok := one.(string)
		if !ok {
			return fmt.Errorf("want %v", k.Kind)
		}
		list[i] = s
	}
	f.Set(reflect.ValueOf(list))
	return nil
}

// field returns the field of k in what c points to.
func (k Key) field(c any) reflect.Value { return reflect.ValueOf(c).Elem().FieldByIndex(k.index) }

// Parse gives it a value that was typed: in the environment or on a command line.
func (k Key) Parse(c any, text string) error {
	switch k.Kind {
	case Bool:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q: want true or false", text)
		}
		return k.Set(c, v)
	case Number:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%q: want a number", text)
		}
		return k.Set(c, v)
	case List:
		list := []string{}
		for one := range strings.SplitSeq(text, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
		return k.Set(c, list)
	}
	return k.Set(c, text)
}

// Value returns what the field of k in the struct that c points to is, as Set takes
// it: a string, bool, int, float64 or []string, never nil.
func (k Key) Value(c any) any {
	f := k.field(c)
	if t, ok := reflect.TypeAssert[encoding.TextMarshaler](f.Addr()); ok {
		b, _ := t.MarshalText() // never fails: package words
		return string(b)
	}
	if k.Kind == List && f.IsNil() {
		return []string{}
	}
	return f.Interface()
}

func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

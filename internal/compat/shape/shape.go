// Package shape reduces JSON to its keys and types, so that the answers of two
// programs can be compared although their values differ.
//
// A Shape is written one path a line, with what was found there:
//
//	torrents[].files[].length  number
//	torrents[].labels[]        string
//	torrents[].peers           array
//	torrents[].group?          string
//
// Elements of a list are taken together. A question mark says that a key is
// missing in some of them. Whole numbers and others are told apart, because
// programs in stricter languages do: a fraction that happens to be whole is
// written as an integer by some, so integer is taken where number is wanted.
package shape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Shape says what lies at each path. The root has the path "".
type Shape map[string]Place

// Place is what was found at a path.
type Place struct {
	Types    []string // of array, boolean, integer, null, number, object, string; sorted
	Optional bool     // missing in some of the objects that could have it
}

// Of returns the shape of one JSON value. What follows it is an error.
func Of(text []byte) (Shape, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("shape of JSON: %w", err)
	}
	if d.More() {
		return nil, errors.New("shape of JSON: more than one value")
	}
	c := count{types: map[string]map[string]bool{}, seen: map[string]int{}, objects: map[string]int{}, parent: map[string]string{}}
	c.add("", v)
	return c.shape(), nil
}

// count collects what is found at paths while a value is walked.
type count struct {
	types   map[string]map[string]bool
	seen    map[string]int    // how often a key was there
	objects map[string]int    // how many objects were at a path
	parent  map[string]string // of keys: the path of their objects
}

func (c *count) add(path string, v any) {
	if c.types[path] == nil {
		c.types[path] = map[string]bool{}
	}
	c.types[path][typeOf(v)] = true
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			c.add(path+"[]", e)
		}
	case map[string]any:
		c.objects[path]++
		for key, e := range v {
			below := strings.TrimPrefix(path+"."+key, ".")
			c.seen[below]++
			c.parent[below] = path
			c.add(below, e)
		}
	}
}

func (c *count) shape() Shape {
	s := Shape{}
	for path, types := range c.types {
		p := Place{Types: slices.Sorted(maps.Keys(types))}
		if parent, isKey := c.parent[path]; isKey {
			p.Optional = c.seen[path] < c.objects[parent]
		}
		s[path] = p
	}
	return s
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// Package clientgen makes the clients in the folder clients out of docs/openapi.json.
//
// It knows as much of OpenAPI as our document uses, and refuses the rest. What does not
// follow from the document (HTTP, JSON, events) is written by hand in templates, and
// copied. The clients need nothing but the standard library of their language.
package clientgen

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Model is what the document says, as templates need it.
type Model struct {
	Types []*Type
	Ops   []*Op
}

// Type is an object.
type Type struct {
	Name   string
	Fields []Field
	Input  bool // part of a request: what is not required may be left out
}

// Field is a property.
type Field struct {
	Name     string
	Doc      string
	Kind     Kind
	Required bool
	Choices  []string
}

// Kind is what a value is: string, int, float, bool, time, bytes, any, list, map, or the
// name of a Type.
type Kind struct {
	Name string
	Of   *Kind // of list and map
	Ref  bool  // Name is that of a Type
}

// Op is an operation.
type Op struct {
	ID, Method, Path string
	Tag              string // what it is about
	Summary, Doc     string
	Args             []Field // in the path
	Query            []Field
	Body             *Kind // nil for none
	BodyType         string
	Result           *Kind  // nil for none
	Accept           string // its media type
}

// Stream reports whether the answer is a stream of events.
func (o *Op) Stream() bool { return o.Accept == "text/event-stream" }

type schema struct {
	Ref         string             `json:"$ref"`
	Type        any                `json:"type"`
	Format      string             `json:"format"`
	Encoding    string             `json:"contentEncoding"`
	Description string             `json:"description"`
	Properties  map[string]*schema `json:"properties"`
	Required    []string           `json:"required"`
	Items       *schema            `json:"items"`
	Additional  json.RawMessage    `json:"additionalProperties"`
	Enum        []any              `json:"enum"`
}

type media map[string]struct {
	Schema *schema `json:"schema"`
}

type operation struct {
	OperationID string   `json:"operationId"`
	Tags        []string `json:"tags"`
	Summary     string   `json:"summary"`
	Description string   `json:"description"`
	Parameters  []struct {
		Name, In, Description string
		Required              bool
		Schema                *schema
	} `json:"parameters"`
	RequestBody *struct {
		Content media `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content media `json:"content"`
	} `json:"responses"`
}

// Read reads a document.
func Read(text []byte) (*Model, error) {
	var doc struct {
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]*schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	m := &Model{}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		t := &Type{Name: strings.Replace(name, "ErrorModel", "ProblemDocument", 1)}
		s := doc.Components.Schemas[name]
		for _, property := range slices.Sorted(maps.Keys(s.Properties)) {
			f, err := fieldOf(property, s.Properties[property], slices.Contains(s.Required, property))
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", name, property, err)
			}
			t.Fields = append(t.Fields, f)
		}
		m.Types = append(m.Types, t)
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			o, err := opOf(method, path, doc.Paths[path][method])
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			m.Ops = append(m.Ops, o)
		}
	}
	for _, o := range m.Ops {
		m.markInput(o.Body)
	}
	return m, nil
}

// markInput marks what is part of a request.
func (m *Model) markInput(k *Kind) {
	if k == nil {
		return
	}
	m.markInput(k.Of)
	for _, t := range m.Types {
		if k.Ref && t.Name == k.Name && !t.Input {
			t.Input = true
			for _, f := range t.Fields {
				m.markInput(&f.Kind)
			}
		}
	}
}

func opOf(method, path string, from operation) (*Op, error) {
	o := &Op{ID: from.OperationID, Method: strings.ToUpper(method), Path: path, Summary: from.Summary, Doc: from.Description}
	if len(from.Tags) > 0 {
		o.Tag = from.Tags[0]
	}
	for _, p := range from.Parameters {
		f, err := fieldOf(p.Name, p.Schema, p.Required)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		f.Doc = p.Description
		switch p.In {
		case "path":
			o.Args = append(o.Args, f)
		case "query":
			o.Query = append(o.Query, f)
		}
	}
	if from.RequestBody != nil {
		for kind, content := range from.RequestBody.Content {
			k, err := kindOf(content.Schema)
			if err != nil {
				return nil, err
			}
			o.Body, o.BodyType = &k, kind
			if kind != "application/json" {
				o.Body = &Kind{Name: "bytes"}
			}
		}
	}
	for status, response := range from.Responses {
		for kind, content := range response.Content {
			if !strings.HasPrefix(status, "2") {
				continue
			}
			k, err := kindOf(content.Schema)
			if err != nil {
				return nil, err
			}
			o.Result, o.Accept = &k, kind
		}
	}
	return o, nil
}

func fieldOf(name string, s *schema, required bool) (f Field, err error) {
	f = Field{Name: name, Doc: s.Description, Required: required}
	f.Kind, err = kindOf(s)
	for _, e := range s.Enum {
		f.Choices = append(f.Choices, fmt.Sprint(e))
	}
	return f, err
}

// kindOf says what a value is. That it may be null as well does not count: what is
// absent is left out.
func kindOf(s *schema) (k Kind, err error) {
	if s.Ref != "" {
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return Kind{Name: strings.Replace(name, "ErrorModel", "ProblemDocument", 1), Ref: true}, nil
	}
	name, _ := s.Type.(string)
	if list, ok := s.Type.([]any); ok && len(list) > 0 {
		name, _ = list[0].(string)
	}
	switch {
	case name == "" && s.Properties == nil:
		return Kind{Name: "any"}, nil
	case name == "string" && s.Format == "date-time":
		return Kind{Name: "time"}, nil
	case name == "string" && (s.Encoding == "base64" || s.Format == "binary"):
		return Kind{Name: "bytes"}, nil
	case name == "string" || name == "boolean" || name == "integer" || name == "number":
		return Kind{Name: map[string]string{"string": "string", "boolean": "bool", "integer": "int", "number": "float"}[name]}, nil
	case name == "array" && s.Items != nil:
		of, err := kindOf(s.Items)
		return Kind{Name: "list", Of: &of}, err
	case name == "object" && len(s.Properties) == 0:
		of := Kind{Name: "any"}
		var item schema
		if len(s.Additional) > 0 && json.Unmarshal(s.Additional, &item) == nil {
			if of, err = kindOf(&item); err != nil {
				return k, err
			}
		}
		return Kind{Name: "map", Of: &of}, nil
	}
	return k, fmt.Errorf("a schema of type %v is not understood", s.Type)
}

package clientgen

import (
	"regexp"
	"slices"
	"strings"
)

// shared is the part of types that several parts need.
const shared = "go/shared.go"

// parts takes a document apart by what its operations are about, into files of the Go
// client. A type is in the part that alone needs it.
func (m *Model) parts() map[string]*Model {
	parts := make(map[string]*Model)
	part := func(name string) *Model {
		if parts[name] == nil {
			parts[name] = &Model{}
		}
		return parts[name]
	}
	needs := make(map[string][]string) // parts, by types
	for _, o := range m.Ops {
		name := fileOf(o.Tag)
		part(name).Ops = append(part(name).Ops, o)
		for _, k := range []*Kind{o.Body, o.Result} {
			m.need(k, name, needs)
		}
	}
	for _, t := range m.Types {
		name := shared
		if of := needs[t.Name]; len(of) == 1 {
			name = of[0]
		}
		part(name).Types = append(part(name).Types, t)
	}
	return parts
}

// need notes that a part needs a kind, and what that is made of.
func (m *Model) need(k *Kind, part string, needs map[string][]string) {
	if k == nil {
		return
	}
	m.need(k.Of, part, needs)
	for _, t := range m.Types {
		if k.Ref && t.Name == k.Name && !slices.Contains(needs[t.Name], part) {
			needs[t.Name] = append(needs[t.Name], part)
			for _, f := range t.Fields {
				m.need(&f.Kind, part, needs)
			}
		}
	}
}

func fileOf(tag string) string {
	return "go/" + strings.ReplaceAll(strings.ToLower(tag), " ", "_") + ".go"
}

var packages = regexp.MustCompile(`\b(context|fmt|iter|url|time)\.[A-Z]`)

// imports returns what a Go file imports, by what it uses.
func imports(body string) string {
	var b strings.Builder
	for _, path := range []string{"context", "fmt", "iter", "net/url", "time"} {
		for _, used := range packages.FindAllStringSubmatch(body, -1) {
			if strings.HasSuffix(path, used[1]) {
				b.WriteString("\t\"" + path + "\"\n")
				break
			}
		}
	}
	return b.String()
}

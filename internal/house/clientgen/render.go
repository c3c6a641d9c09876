package clientgen

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// Files returns all files of the clients by their paths below the folder clients.
func Files(m *Model) (map[string][]byte, error) {
	files := make(map[string][]byte)
	err := fs.WalkDir(templates, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := templates.ReadFile(name)
		if err != nil {
			return err
		}
		out := strings.TrimPrefix(name, "templates/")
		language, _, _ := strings.Cut(out, "/")
		if out, generated := strings.CutSuffix(out, ".tmpl"); generated {
			parts := map[string]*Model{out: m}
			if language == "go" {
				parts = m.parts()
			}
			for out, part := range parts {
				if files[out], err = render(name, language, string(text), part); err != nil {
					return err
				}
			}
			return nil
		}
		// A module file of its own would hide a folder from the module that embeds it.
		files[strings.TrimSuffix(out, ".copy")] = text
		return nil
	})
	return files, err
}

const goHead = "// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.\n\npackage warren\n\n"

func render(name, language, text string, m *Model) ([]byte, error) {
	t, err := template.New(path.Base(name)).Funcs(template.FuncMap{
		"pascal": pascal, "camel": camel, "snake": snake, "comment": comment, "type": typeOf(language), "safe": safe(language),
		"choices": choices, "path": pathOf(language), "dot": func(k *Kind) Kind { return *k }, "doc": doc,
	}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, m); err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	if language == "go" {
		return format.Source([]byte(goHead + "import (\n" + imports(b.String()) + ")\n" + b.String()))
	}
	return b.Bytes(), nil
}

// words takes a name apart: add-torrent, tls_peers, V1.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
}

func pascal(name string) string {
	var b strings.Builder
	for _, w := range words(name) {
		switch w {
		case "id", "url", "eta", "tls", "dht", "csrf", "ipv4", "ipv6":
			b.WriteString(strings.ToUpper(w))
		default:
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		}
	}
	return strings.NewReplacer("IPV", "IPv").Replace(b.String())
}

func camel(name string) string {
	list := words(name)
	for i, w := range list[1:] {
		list[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(list, "")
}

func snake(name string) string { return strings.Join(words(name), "_") }

// safe returns what makes a name one that the language has no other use for.
func safe(language string) func(string) string {
	reserved := map[string][]string{
		"python": {"from", "is", "in", "global", "type"}, "rust": {"type", "move", "match", "ref", "use", "in"},
		"javascript": {"default", "in"}, "go": {"type", "range"},
	}[language]
	return func(name string) string {
		if slices.Contains(reserved, name) {
			return name + "_"
		}
		return name
	}
}

// comment makes lines of a text, each behind a prefix.
func comment(prefix, text string) string {
	var b strings.Builder
	line := ""
	for w := range strings.FieldsSeq(text) {
		if line != "" && len(line)+len(w) > 84 {
			b.WriteString(prefix + line + "\n")
			line = ""
		}
		line = strings.TrimPrefix(line+" "+w, " ")
	}
	return b.String() + prefix + line
}

func choices(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " One of " + strings.Join(list, ", ") + "."
}

func doc(o *Op) string { return strings.TrimSuffix(o.Summary, ".") + ". " + o.Doc }

// typeOf returns how a language writes a kind.
func typeOf(language string) func(Kind) string {
	names := map[string]map[string]string{
		"go":         {"string": "string", "int": "int64", "float": "float64", "bool": "bool", "time": "time.Time", "bytes": "[]byte", "any": "any", "list": "[]%s", "map": "map[string]%s"},
		"python":     {"string": "str", "int": "int", "float": "float", "bool": "bool", "time": "str", "bytes": "bytes", "any": "Any", "list": "List[%s]", "map": "Dict[str, %s]"},
		"javascript": {"string": "string", "int": "number", "float": "number", "bool": "boolean", "time": "string", "bytes": "string", "any": "unknown", "list": "%s[]", "map": "Object<string, %s>"},
		"rust":       {"string": "String", "int": "i64", "float": "f64", "bool": "bool", "time": "String", "bytes": "Bytes", "any": "Json", "list": "Vec<%s>", "map": "BTreeMap<String, %s>"},
	}[language]
	var write func(Kind) string
	write = func(k Kind) string {
		switch {
		case k.Ref:
			return k.Name
		case k.Of != nil:
			return fmt.Sprintf(names[k.Name], write(*k.Of))
		}
		return names[k.Name]
	}
	return write
}

// pathOf returns an expression for the path of an operation.
func pathOf(language string) func(*Op) string {
	return func(o *Op) string {
		var parts []string
		for i, part := range strings.FieldsFunc(o.Path, func(r rune) bool { return r == '{' || r == '}' }) {
			if i%2 == 0 {
				parts = append(parts, fmt.Sprintf("%q", part))
				continue
			}
			parts = append(parts, map[string]string{
				"go": "escape(%s)", "python": "_escape(%s)", "javascript": "encodeURIComponent(String(%s))", "rust": "escape(&%s.to_string())",
			}[language])
			name := map[string]func(string) string{"javascript": camel, "go": camel, "python": snake, "rust": snake}[language](part)
			parts[len(parts)-1] = fmt.Sprintf(parts[len(parts)-1], safe(language)(name))
		}
		if language == "rust" {
			return "[" + strings.Join(rustStrings(parts), ", ") + "].concat()"
		}
		return strings.Join(parts, " + ")
	}
}

func rustStrings(parts []string) (list []string) {
	for _, p := range parts {
		if strings.HasPrefix(p, `"`) {
			p += ".to_string()"
		}
		list = append(list, p)
	}
	return list
}

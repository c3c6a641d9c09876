// Package markup writes HTML in the manner of one author: how tags are indented,
// quoted and closed differs from author to author and stays with one.
package markup

import (
	"html"
	"strings"
)

// Node is an element, or text.
type Node struct {
	tag   string // "" for text
	attrs []Attr
	text  string
	kids  []Node
}

// Attr is an attribute of an element; one without a value is written alone.
type Attr struct{ Name, Value string }

// A returns attributes of names and values in turn. Those with the value "" are left
// out.
func A(pairs ...string) (all []Attr) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, Attr{pairs[i], pairs[i+1]})
		}
	}
	return all
}

// El returns an element with attributes and what is in it.
func El(tag string, attrs []Attr, kids ...Node) Node { return Node{tag: tag, attrs: attrs, kids: kids} }

// Text returns text, which is escaped when it is written.
func Text(s string) Node { return Node{text: s} }

// Word returns an element with text in it.
func Word(tag, text string, attrs ...string) Node { return El(tag, A(attrs...), Text(text)) }

// Author is how one writes.
type Author struct {
	Indent   string // of a level; with "" all is on one line
	Doctype  string
	Slash    bool // <br /> instead of <br>
	Unquoted bool // attributes that need no quotes have none
	Single   bool // 'a' instead of "a"
	NoOptEnd bool // </p> and </li> are left out, as HTML allows
}

// Page writes a document.
func (a Author) Page(root Node) []byte {
	var b strings.Builder
	b.WriteString(a.Doctype)
	a.newline(&b)
	a.write(&b, root, 0)
	b.WriteString("\n")
	return []byte(b.String())
}

func (a Author) newline(b *strings.Builder) {
	if a.Indent != "" {
		b.WriteByte('\n')
	}
}

func (a Author) write(b *strings.Builder, n Node, depth int) {
	if n.tag == "" {
		b.WriteString(html.EscapeString(n.text))
		return
	}
	b.WriteString("<" + n.tag)
	for _, at := range n.attrs {
		a.attr(b, at)
	}
	switch {
	case void(n.tag):
		if a.Slash {
			b.WriteString(" /")
		}
		b.WriteString(">")
		return
	case len(n.kids) == 0:
		b.WriteString("></" + n.tag + ">")
		return
	}
	b.WriteString(">")
	block := a.Indent != "" && !inline(n.kids)
	for _, k := range n.kids {
		if block {
			b.WriteString("\n" + strings.Repeat(a.Indent, depth+1))
		}
		if n.tag == "style" {
			b.WriteString(k.text) // is no HTML
			continue
		}
		a.write(b, k, depth+1)
	}
	if block {
		b.WriteString("\n" + strings.Repeat(a.Indent, depth))
	}
	if !a.NoOptEnd || n.tag != "p" && n.tag != "li" {
		b.WriteString("</" + n.tag + ">")
	}
}

func (a Author) attr(b *strings.Builder, at Attr) {
	quote := `"`
	if a.Single {
		quote = "'"
	}
	if a.Unquoted && plain(at.Value) {
		quote = ""
	}
	b.WriteString(" " + at.Name + "=" + quote + html.EscapeString(at.Value) + quote)
}

// inline reports whether kids stand on the line of what they are in.
func inline(kids []Node) bool {
	for _, k := range kids {
		switch k.tag {
		case "", "a", "b", "em", "span", "strong", "time", "br":
		default:
			return false
		}
	}
	return true
}

// void reports whether an element has no end tag (HTML, section 13.1.2).
func void(tag string) bool {
	switch tag {
	case "br", "hr", "img", "input", "link", "meta":
		return true
	}
	return false
}

// plain reports whether a value may stand without quotes.
func plain(v string) bool {
	for _, c := range v {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return v != ""
}

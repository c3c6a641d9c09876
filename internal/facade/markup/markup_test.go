package markup

import (
	"strings"
	"testing"
)

func TestAuthors(t *testing.T) {
	doc := El("html", A("lang", "en", "class", ""),
		El("body", nil, El("p", nil, Text("a < b "), El("br", nil), Word("a", `say "x"`, "href", "/x y")), El("img", A("src", "/i.png")), El("div", nil)))
	for _, c := range []struct {
		name   string
		author Author
		want   string
	}{
		{"in lines", Author{Indent: "  ", Doctype: "<!DOCTYPE html>"}, "<!DOCTYPE html>\n<html lang=\"en\">\n  <body>\n    <p>a &lt; b <br><a href=\"/x y\">say &#34;x&#34;</a></p>\n" +
			"    <img src=\"/i.png\">\n    <div></div>\n  </body>\n</html>\n"},
		{"on one line", Author{Doctype: "<!doctype html>", Slash: true, Unquoted: true, Single: true, NoOptEnd: true},
			"<!doctype html><html lang=en><body><p>a &lt; b <br /><a href='/x y'>say &#34;x&#34;</a><img src='/i.png' /><div></div></body></html>\n"},
	} {
		if got := string(c.author.Page(doc)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestStyle: a style sheet is no HTML, and text never becomes any.
func TestStyle(t *testing.T) {
	got := string(Author{}.Page(El("html", nil, El("style", nil, Text("a>b{}")), Word("p", "</p><script>"))))
	if !strings.Contains(got, "<style>a>b{}</style>") || strings.Contains(got, "<script>") {
		t.Error(got)
	}
}

package made

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/warren-p2p/warren/internal/facade/markup"
)

// look is style, layout and the naming of files.
type look struct {
	rand *rand.Rand // while it is made

	sep, dir, suffix, html string
	slash                  bool
	sheet, icon, iconKind  string
	logo, logoAlt          string
	lang, charset          string
	viewport, dash, foot   string
	fullTitle, shuffled    bool
	wrapped, semantic      bool
	listed                 bool
	bar                    string
	prefix                 string
	names                  map[string]string // classes by role
	rules                  string
}

func newLook(r *rand.Rand) look {
	l := look{
		rand: r,
		sep:  pick(r, "-", "_", ""), dir: pick(r, "", "", "", "p/", "pages/", "site/", "web/", "a/"),
		suffix: pick(r, ".html", ".html", "", ".htm"), html: pick(r, "text/html; charset=utf-8", "text/html; charset=UTF-8", "text/html"),
		lang: pick(r, "en", "en", "en-GB", "en-US", ""), charset: pick(r, "utf-8", "UTF-8"),
		viewport: pick(r, "", "width=device-width, initial-scale=1", "width=device-width,initial-scale=1", "width=device-width, initial-scale=1.0", "width=device-width"),
		dash:     pick(r, " - ", " | ", " – ", ": ", " · "), fullTitle: r.IntN(3) > 0, shuffled: r.IntN(4) == 0,
		wrapped: r.IntN(2) == 0, semantic: r.IntN(2) == 0, listed: r.IntN(2) == 0, bar: pick(r, " | ", " · ", " ", " / ", " - "),
		prefix: pick(r, "", "", "", "c-", "site-", "x-", "m_", "w-"), names: map[string]string{},
	}
	number := func() string { return fmt.Sprintf("%0*x", 4+2*r.IntN(3), r.Uint64()&0xffff) }
	folder := pick(r, "/", "/css/", "/assets/", "/static/", "/style/", "/res/", "/files/")
	l.sheet = pick(r, "", folder+"style.css", folder+"main.css", folder+"site."+number()+".css", folder+"screen-"+number()+".css", folder+"s"+number()+".css")
	switch r.IntN(4) {
	case 0:
		l.icon, l.iconKind = "/favicon.ico", "image/x-icon"
	case 1:
		l.icon, l.iconKind = pick(r, "/icon.png", "/favicon.png", "/i/icon-"+number()+".png", "/img/fav.png"), "image/png"
	}
	if r.IntN(2) == 0 {
		l.logo = pick(r, "/logo.png", "/img/logo-"+number()+".png", "/images/"+number()+".png", "/media/head-"+number()+".png")
		l.logoAlt = pick(r, "logo", "picture", "header", "")
	}
	for role, synonyms := range roles() {
		l.names[role] = synonyms[int(l.seedFor(role))%len(synonyms)]
	}
	l.rules = l.style()
	return l
}

// roles are what parts of pages may be called.
func roles() map[string][]string {
	return map[string][]string{
		"header": {"header", "top", "masthead", "hd", "head", "banner"},
		"nav":    {"nav", "menu", "links", "navigation", "tabs"},
		"main":   {"content", "main", "text", "body", "inner", "page"},
		"footer": {"footer", "foot", "bottom", "ft", "end", "small"},
		"item":   {"item", "card", "entry", "post", "row", "block"},
		"wrap":   {"wrap", "container", "wrapper", "outer", "frame", "all"},
		"grid":   {"grid", "gallery", "pics", "list", "tiles", "set"},
		"form":   {"form", "login", "signin", "panel", "dialog", "access"},
	}
}

// seedFor draws a number for a role that does not depend on the order of a map.
func (l *look) seedFor(role string) uint64 {
	if l.names["#"] == "" {
		l.names["#"] = fmt.Sprint(l.rand.Uint64())
	}
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(l.names["#"] + role) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h >> 33
}

func (l *look) class(role string) string { return l.prefix + l.names[role] }

// join makes a file name of a title.
func (l *look) join(title string) string {
	var words []string
	for w := range strings.FieldsFuncSeq(strings.ToLower(title), func(c rune) bool { return !('a' <= c && c <= 'z' || '0' <= c && c <= '9') }) {
		words = append(words, w)
	}
	return strings.Join(words, l.sep)
}

// box is a part of the page.
func (l *look) box(role string, kids ...markup.Node) markup.Node {
	if l.semantic {
		return markup.El(role, nil, kids...)
	}
	return markup.El("div", markup.A("class", l.class(role)), kids...)
}

func (l *look) selector(role string) string {
	if l.semantic && (role == "header" || role == "nav" || role == "main" || role == "footer") {
		return role
	}
	return "." + l.class(role)
}

// titleTag is what the name of the site stands in.
func (l *look) titleTag(at string) string {
	if at == "/" || l.wrapped {
		return "h1"
	}
	return "div"
}

func (l *look) menu(all []entry, at string) markup.Node {
	var kids []markup.Node
	for i, e := range all {
		link := markup.Word("a", e.title, "href", e.path)
		if e.path == at {
			link = markup.Word("b", e.title)
		}
		if l.listed {
			kids = append(kids, markup.El("li", nil, link))
			continue
		}
		if i > 0 {
			kids = append(kids, markup.Text(l.bar))
		}
		kids = append(kids, link)
	}
	if l.listed {
		kids = []markup.Node{markup.El("ul", nil, kids...)}
	}
	return l.box("nav", kids...)
}

// item is one of several things on a page.
func (l *look) item(kids ...markup.Node) markup.Node {
	if l.semantic {
		return markup.El("article", markup.A("class", l.class("item")), kids...)
	}
	return markup.El("div", markup.A("class", l.class("item")), kids...)
}

func (l *look) css() string { return l.rules }

// style draws a style sheet.
func (l *look) style() string {
	r := l.rand
	hue := r.IntN(360)
	dark := r.IntN(5) == 0
	paper, ink := 92+r.IntN(9), 8+r.IntN(22)
	if dark {
		paper, ink = ink, 80+r.IntN(16)
	}
	colour := func(h, s, v int) string { return fmt.Sprintf("hsl(%d, %d%%, %d%%)", h%360, s, v) }
	if r.IntN(2) == 0 {
		colour = hexColour
	}
	link := colour(hue+pick(r, 0, 30, 120, 180, 210), 40+r.IntN(50), pick(r, 30, 38, 45)+30*btoi(dark))
	font := pick(r, "Georgia, serif", "sans-serif", "Verdana, sans-serif", "Helvetica, Arial, sans-serif", "system-ui, sans-serif", "\"Times New Roman\", serif", "monospace", "Palatino, serif", "\"Trebuchet MS\", sans-serif")
	width := pick(r, "32em", "36em", "40em", "44em", "640px", "720px", "800px", "960px", "70ch")
	sheet := []rule{
		{"body", props{{"margin", pick(r, "0", "1em", "2em auto", "0 auto")}, {"padding", pick(r, "0", "0 1em", "1em", "10px")}, {"max-width", width}, {"font-family", font},
			{"font-size", pick(r, "16px", "17px", "15px", "1em", "18px", "110%")}, {"line-height", pick(r, "1.4", "1.5", "1.6", "1.45", "1.55")},
			{"background", colour(hue, r.IntN(30), paper)}, {"color", colour(hue, r.IntN(20), ink)}}},
		{"a", props{{"color", link}, {"text-decoration", pick(r, "none", "underline")}}},
		{pick(r, "h1, h2", "h1", "h1, h2, h3"), props{{"font-weight", pick(r, "normal", "600", "bold")}, {"color", colour(hue, 20+r.IntN(50), pick(r, 25, 35)+45*btoi(dark))}, {"letter-spacing", pick(r, "0", "-0.01em", "0.02em", "0.05em")}}},
		{l.selector("header"), props{{"padding", pick(r, "1em 0", "2em 0 0", "0.5em", "20px 0")}, {"border-bottom", pick(r, "0", "1px solid", "3px double", "2px solid "+link)}, {"text-align", pick(r, "left", "start", "center", "inherit")}}},
		{l.selector("nav"), props{{"margin", pick(r, "1em 0", "0.5em 0 2em", "0")}, {"font-size", pick(r, "0.9em", "1em", "95%")}}},
		{l.selector("nav") + " li", props{{"display", pick(r, "inline", "inline-block", "block")}, {"margin-right", pick(r, "1em", "12px", "1.5em")}}},
		{l.selector("footer"), props{{"margin-top", pick(r, "2em", "3em", "40px")}, {"font-size", pick(r, "0.8em", "0.85em", "12px", "small")}, {"opacity", pick(r, "0.6", "0.7", "0.8")}}},
		{"." + l.class("item"), props{{"margin", pick(r, "0 0 2em", "1.5em 0", "24px 0")}, {"padding", pick(r, "0", "1em", "0 0 0 1em")}, {"border-left", pick(r, "0", "3px solid "+link)}}},
		{"." + l.class("grid") + " img", props{{"width", pick(r, "100%", "47%", "31%", "240px")}, {"margin", pick(r, "0 1% 1em 0", "4px", "0.5em")}, {"border", pick(r, "0", "1px solid", "4px solid "+colour(hue, 10, 96))}}},
		{"." + l.class("form"), props{{"width", pick(r, "18em", "20em", "300px", "320px")}, {"margin", pick(r, "2em 0", "4em auto", "10vh auto")}, {"padding", pick(r, "1em", "2em", "24px")}, {"border-radius", pick(r, "0", "4px", "8px", "12px")}, {"background", colour(hue, r.IntN(30), min(100, paper+pick(r, -6, -4, 4)*(1-2*btoi(dark))))}}},
		{"input, button", props{{"font", "inherit"}, {"padding", pick(r, "0.3em", "6px 8px", "0.5em")}, {"margin", pick(r, "0.3em 0", "4px 0 12px", "0 0 1em")}, {"border", pick(r, "1px solid", "0", "1px solid "+link, "2px solid")}}},
	}
	if r.IntN(2) == 0 {
		r.Shuffle(len(sheet), func(i, j int) { sheet[i], sheet[j] = sheet[j], sheet[i] })
	}
	return written(r, sheet)
}

package made

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/facade/draw"
	"github.com/warren-p2p/warren/internal/facade/markup"
	"github.com/warren-p2p/warren/internal/facade/prose"
)

// maker makes one site. Each part has chance of its own, so that one that changes
// leaves the others alone.
type maker struct {
	seed   [32]byte
	rand   *rand.Rand // of what is being made
	tell   *prose.Teller
	look   look
	author markup.Author

	pages map[string]*page
	order []entry // of the menu
	title string
	count int
}

// entry is a line of the menu.
type entry struct{ title, path string }

func newMaker(seed [32]byte) *maker {
	m := &maker{seed: seed, pages: map[string]*page{}}
	m.rand = m.chance("site")
	g := prose.English()
	m.tell = prose.NewTeller(g, pick(m.rand, g.Topics()...), m.chance("text"))
	m.look = newLook(m.chance("look"))
	m.author = newAuthor(m.chance("markup"))
	return m
}

// chance returns the source of chance of one part.
func (m *maker) chance(part string) *rand.Rand {
	return rand.New(rand.NewChaCha8(sha256.Sum256(append(m.seed[:], part...))))
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func newAuthor(r *rand.Rand) markup.Author {
	return markup.Author{
		Indent:   pick(r, "", "  ", "  ", "\t", "    ", " "),
		Doctype:  pick(r, "<!DOCTYPE html>", "<!doctype html>", "<!DOCTYPE HTML>"),
		Slash:    r.IntN(3) == 0,
		Unquoted: r.IntN(4) == 0,
		Single:   r.IntN(6) == 0,
		NoOptEnd: r.IntN(5) == 0,
	}
}

// site makes everything.
func (m *maker) site() *Site {
	s := &Site{}
	r := m.chance("manner")
	s.manner = newManner(r, strings.ToLower(m.tell.Tell("thingname")))
	m.look.slash = s.manner.slash
	kinds := []func(*Site){m.person, m.album, m.club, m.box, m.bare}
	kinds[m.rand.IntN(len(kinds))](s)
	m.furniture()
	m.lost(s)
	s.pages = m.pages
	return s
}

// day returns a day on which something was written, later than one before it.
func (m *maker) day() time.Time {
	first := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	const days = 7 * 365
	return first.Add(time.Duration(m.rand.IntN(days))*24*time.Hour + time.Duration(6*3600+m.rand.IntN(16*3600))*time.Second)
}

// add puts content at a path.
func (m *maker) add(path, kind string, content func() []byte) {
	m.pages[path] = &page{kind: kind, status: http.StatusOK, content: content, modified: m.day()}
}

// path returns where a page of a name is, once for each name.
func (m *maker) path(name string) string {
	p := "/" + m.look.dir + m.look.join(name) + m.look.suffix
	if m.look.slash {
		p = "/" + m.look.dir + m.look.join(name) + "/"
	}
	if m.pages[p] != nil {
		m.count++
		return m.path(fmt.Sprintf("%s %d", name, m.count+1))
	}
	return p
}

// enter adds a line to the menu and returns where its page will be.
func (m *maker) enter(title, name string) string {
	p := m.path(name)
	m.order = append(m.order, entry{title, p})
	return p
}

// html puts a page at a path.
func (m *maker) html(path, title string, body ...markup.Node) {
	m.add(path, m.look.html, constant(m.document(title, path, body...)))
}

// document is a whole page: head, menu, body and foot.
func (m *maker) document(title, at string, body ...markup.Node) []byte {
	l := &m.look
	if title == "" {
		title = m.title
	} else if l.fullTitle {
		title += l.dash + m.title
	}
	head := []markup.Node{markup.El("meta", markup.A("charset", l.charset)), markup.Word("title", title)}
	if l.viewport != "" {
		head = append(head, markup.El("meta", markup.A("name", "viewport", "content", l.viewport)))
	}
	if l.sheet == "" {
		head = append(head, markup.El("style", nil, markup.Text(l.css())))
	} else {
		head = append(head, markup.El("link", markup.A("rel", "stylesheet", "href", l.sheet)))
	}
	if l.icon != "" && l.icon != "/favicon.ico" {
		head = append(head, markup.El("link", markup.A("rel", "icon", "href", l.icon)))
	}
	if l.shuffled {
		head[0], head[1] = head[1], head[0]
	}
	top := []markup.Node{markup.Word(l.titleTag(at), m.title)}
	if l.logo != "" {
		top = append([]markup.Node{markup.El("img", markup.A("src", l.logo, "alt", l.logoAlt))}, top...)
	}
	parts := []markup.Node{l.box("header", top...)}
	if len(m.order) > 0 {
		parts = append(parts, l.menu(m.order, at))
	}
	parts = append(parts, l.box("main", body...))
	if l.foot != "" {
		parts = append(parts, l.box("footer", markup.Word("p", l.foot)))
	}
	if l.wrapped {
		parts = []markup.Node{markup.El("div", markup.A("class", l.class("wrap")), parts...)}
	}
	return m.author.Page(markup.El("html", markup.A("lang", l.lang), markup.El("head", nil, head...), markup.El("body", nil, parts...)))
}

// furniture is what servers have beside pages: style, icon, robots.txt.
func (m *maker) furniture() {
	l := &m.look
	if l.sheet != "" {
		m.add(l.sheet, "text/css; charset=utf-8", constant([]byte(l.css())))
	}
	if l.icon != "" {
		m.add(l.icon, l.iconKind, sync.OnceValue(func() []byte { return draw.Icon(m.chance("icon")) }))
	}
	if l.logo != "" {
		m.add(l.logo, "image/png", sync.OnceValue(func() []byte { return draw.Icon(m.chance("logo")) }))
	}
	if rules := pick(m.rand, "", "", "User-agent: *\nDisallow: /\n", "User-agent: *\nDisallow:\n", "User-agent: *\nAllow: /\n",
		"User-agent: *\nDisallow: /"+m.tell.Tell("thingname")+"/\n"); rules != "" {
		m.add("/robots.txt", pick(m.rand, "text/plain; charset=utf-8", "text/plain"), constant([]byte(rules)))
	}
	if front := m.pages["/"]; front != nil && m.rand.IntN(2) == 0 {
		m.pages["/index.html"] = front
	}
}

// lost is what is said of pages that are not there.
func (m *maker) lost(s *Site) {
	said := m.tell.Tell("lost")
	p := page{kind: m.look.html, status: http.StatusNotFound}
	switch m.rand.IntN(4) {
	case 0:
		p.kind, p.content = "text/plain; charset=utf-8", constant([]byte(said+"\n"))
	case 1:
		p.content = constant([]byte("<h1>" + pick(m.rand, "404", "Not Found", "404 Not Found", "Error 404") + "</h1>\n<p>" + said + "</p>\n"))
	default:
		p.content = constant(m.document(pick(m.rand, "404", "Not found", said), "", markup.Word("p", said),
			markup.El("p", nil, markup.Word("a", m.tell.Title("back"), "href", "/"))))
	}
	s.missing = p
}

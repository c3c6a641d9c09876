package made

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/facade/draw"
	"github.com/warren-p2p/warren/internal/facade/markup"
)

func (m *maker) paragraphs(rule string, least, most, sentences int) (all []markup.Node) {
	for range least + m.rand.IntN(most-least+1) {
		all = append(all, markup.Word("p", m.tell.Paragraph(rule, 1, sentences)))
	}
	return all
}

func (m *maker) imprint() {
	if m.rand.IntN(3) > 0 {
		m.look.foot = m.tell.Paragraph("imprint", 1, 2)
	}
}

// days returns dates, newest first.
func (m *maker) days(n int) (all []time.Time) {
	for range n {
		all = append(all, m.day())
	}
	slices.SortFunc(all, func(a, b time.Time) int { return b.Compare(a) })
	return all
}

// person is pages of somebody who writes things down.
func (m *maker) person(*Site) {
	m.title = m.tell.Title("siteTitle")
	m.imprint()
	layout := pick(m.rand, "2006-01-02", "2 January 2006", "January 2, 2006", "02.01.2006", "Jan 2006", "2006/01/02")
	about := ""
	if m.rand.IntN(3) > 0 {
		name := pick(m.rand, "About", "About me", "Who", "Contact", "This site")
		about = m.enter(name, name)
	}
	list := pick(m.rand, "Notes", "Posts", "Log", "Diary", "Writing", "Journal", "News")
	front := []markup.Node{}
	front = append(front, m.paragraphs("about", 1, 2, 3)...)
	m.order = append([]entry{{pick(m.rand, "Home", "Start", list), "/"}}, m.order...)
	if m.rand.IntN(2) == 0 {
		front = append(front, markup.Word("h2", list))
	}
	whole := m.rand.IntN(3) == 0
	for _, day := range m.days(3 + m.rand.IntN(7)) {
		title := m.tell.Title("postTitle")
		text := m.paragraphs("note", 2, 5, 4)
		date := markup.Word("time", day.Format(layout), "datetime", day.Format(time.DateOnly))
		if whole {
			front = append(front, m.look.item(append([]markup.Node{markup.Word("h3", title), markup.El("p", nil, date)}, text...)...))
			continue
		}
		name := title
		if m.rand.IntN(3) == 0 {
			name = day.Format("2006 01 ") + title
		}
		at := m.path(name)
		front = append(front, m.look.item(markup.El("p", nil, date, markup.Text(m.look.bar), markup.Word("a", title, "href", at)), text[0]))
		m.html(at, title, append([]markup.Node{markup.Word("h2", title), markup.El("p", nil, date)}, text...)...)
	}
	if about != "" {
		m.html(about, m.order[1].title, append(m.paragraphs("about", 1, 3, 4), m.paragraphs("note", 1, 2, 3)...)...)
	}
	m.html("/", "", front...)
}

// album is pictures.
func (m *maker) album(*Site) {
	m.title = m.tell.Title("siteTitle")
	m.imprint()
	folder := "/" + pick(m.rand, "pics", "img", "photos", "images", "p", "jpg", "media") + "/"
	form, number := pick(m.rand, "IMG_", "dsc0", "P10", "", "pic-", "scan"), 100+m.rand.IntN(8800)
	m.order = []entry{{pick(m.rand, "Albums", "Home", "All", "Pictures"), "/"}}
	var front []markup.Node
	if m.rand.IntN(2) == 0 {
		front = m.paragraphs("about", 1, 1, 2)
	}
	for _, day := range m.days(2 + m.rand.IntN(3)) {
		title := m.tell.Title("albumTitle")
		at := m.enter(title, title)
		var grid []markup.Node
		for range 3 + m.rand.IntN(4) {
			number += 1 + m.rand.IntN(9)
			src := folder + form + strconv.Itoa(number) + ".jpg"
			chance := m.chance(src)
			m.add(src, "image/jpeg", sync.OnceValue(func() []byte { return draw.Hills(chance) }))
			caption := m.tell.Title("caption")
			grid = append(grid, markup.El("figure", nil, markup.El("img", markup.A("src", src, "alt", caption)), markup.Word("figcaption", caption)))
		}
		front = append(front, m.look.item(markup.El("p", nil, markup.Word("a", title, "href", at), markup.Text(" "+day.Format("2006"))), grid[0]))
		m.html(at, title, markup.Word("h2", title), markup.El("div", markup.A("class", m.look.class("grid")), grid...))
	}
	m.html("/", "", front...)
}

// club is people who meet.
func (m *maker) club(*Site) {
	m.title = m.tell.Title("clubTitle")
	m.imprint()
	home, dates := pick(m.rand, "Home", "Welcome", "We"), pick(m.rand, "Dates", "Programme", "Calendar", "What is on", "Evenings")
	m.order = []entry{{home, "/"}}
	at := m.enter(dates, dates)
	contact := pick(m.rand, "Contact", "How to find us", "Joining", "Members")
	where := m.enter(contact, contact)
	var rows []markup.Node
	layout := pick(m.rand, "2 January", "Jan 2", "02.01.", "Monday, 2 January")
	days := m.days(5 + m.rand.IntN(7))
	slices.Reverse(days)
	for _, d := range days {
		rows = append(rows, markup.El("tr", nil, markup.Word("td", d.Format(layout)), markup.Word("td", m.tell.Title("plan"))))
	}
	m.html("/", "", append(m.paragraphs("aboutus", 1, 2, 3), m.look.item(markup.Word("h3", dates), markup.Word("p", m.tell.Paragraph("plan", 1, 2))))...)
	m.html(at, dates, markup.Word("h2", dates), markup.El("table", nil, rows...))
	m.html(where, contact, append([]markup.Node{markup.Word("h2", contact)}, m.paragraphs("aboutus", 2, 3, 3)...)...)
}

// box is a machine of somebody's that wants to know who is there. Nobody is known.
func (m *maker) box(s *Site) {
	m.title = m.tell.Title("boxTitle")
	m.imprint()
	help := pick(m.rand, "Help", "Hints", "About", "Questions", "Information")
	var path string
	if m.rand.IntN(3) > 0 {
		m.order = []entry{{pick(m.rand, "Sign in", "Log in", "Start"), "/"}}
		path = m.enter(help, help)
	}
	s.form = pick(m.rand, "/login", "/signin", "/session", "/auth", "/", "/enter", "/api/login", "/account/login")
	user, word := pick(m.rand, "user", "name", "login", "username", "u", "account"), pick(m.rand, "password", "pass", "pw", "secret", "p")
	labels := m.rand.IntN(2) == 0
	field := func(label, name, kind string) markup.Node {
		if !labels {
			return markup.El("p", nil, markup.El("input", markup.A("name", name, "type", kind, "placeholder", label)))
		}
		return markup.El("p", nil, markup.Word("label", label, "for", name), markup.El("br", nil), markup.El("input", markup.A("id", name, "name", name, "type", kind)))
	}
	form := markup.El("form", markup.A("method", "post", "action", s.form, "class", m.look.class("form")),
		field(pick(m.rand, "Name", "User", "User name", "Account"), user, "text"), field(pick(m.rand, "Password", "Passphrase", "Secret"), word, "password"),
		markup.El("p", nil, markup.Word("button", pick(m.rand, "Sign in", "Log in", "Enter", "Go on", "OK"), "type", "submit")))
	greeting := markup.Word("p", m.tell.Tell("greeting"))
	if path != "" {
		m.html(path, help, append([]markup.Node{markup.Word("h2", help)}, m.paragraphs("help", 2, 4, 3)...)...)
	}
	m.html("/", "", greeting, form)
	s.refusal = page{
		kind: m.look.html, status: pick(m.rand, http.StatusOK, http.StatusUnauthorized, http.StatusForbidden),
		content: constant(m.document("", "", markup.Word("p", m.tell.Tell("wrong")), form)), modified: m.day(),
	}
}

// bare is a server with nothing on it.
func (m *maker) bare(*Site) {
	m.title = pick(m.rand, m.tell.Title("boxTitle"), m.tell.Title("empty"), pick(m.rand, "Welcome", "It works", "Hello", "Under construction", "Nothing here"))
	if m.rand.IntN(2) == 0 {
		m.imprint()
	}
	if m.look.logo == "" { // or there would be nothing but this page
		m.look.logo = "/" + m.look.join(m.tell.Tell("thingname")) + "-" + strconv.Itoa(m.rand.IntN(1000)) + ".png"
	}
	m.html("/", "", m.paragraphs("empty", 1, 3, 2)...)
}

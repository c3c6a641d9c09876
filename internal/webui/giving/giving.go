// Package giving is the pages about what is shared by links, for browsers without
// JavaScript: choose a folder, read what it tells, share it, pass the link on, take it
// back.
package giving

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/draft"
)

// Pages are the pages. They are below a prefix that is not theirs to know.
type Pages struct {
	Sharing sharing.Service
	Clock   clock.Clock
	// Show writes a page that a template makes of a view.
	Show func(w http.ResponseWriter, r *http.Request, template, title string, v *View)
	// Back leads to a page, which says what went wrong, or what was said.
	Back func(w http.ResponseWriter, r *http.Request, to, said string, err error)
}

// View is what the templates show.
type View struct {
	Refresh int // seconds, 0 for never
	Message string
	Folder  sharing.Folder
	Draft   sharing.Draft
	Working bool // the draft is at something
	Form    bool // the draft can be shared
	Groups  []Group
	Shares  []sharing.Share
	Public  string // the link to all that is public
	Share   sharing.Share
	Licence []Licence // to choose from

	Identities []string // the default one first
	Wish       sharing.NewShare
	Days       string // how long the link is to last
}

// Group is what files tell of one kind.
type Group struct {
	Kind     string
	Findings []sharing.ShareFinding
}

// Licence is one to choose.
type Licence struct{ ID, Text string }

// licences are the ones that are mostly meant.
func licences() []Licence {
	return []Licence{
		{"", "none: all rights reserved"},
		{"CC0-1.0", "CC0: anybody may do anything with it"},
		{"CC-BY-4.0", "CC BY: anything, if my name is given"},
		{"CC-BY-SA-4.0", "CC BY-SA: the same, and what is made of it comes under the same licence"},
		{"CC-BY-NC-4.0", "CC BY-NC: if my name is given, and not to make money"},
		{"MIT", "MIT, for software"},
		{"GPL-3.0-or-later", "GPL 3 or later, for software"},
	}
}

// Register adds the pages.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /shares", p.list)
	mux.HandleFunc("GET /shares/{id}", p.one)
	mux.HandleFunc("POST /shares/{id}", p.do)
	mux.HandleFunc("GET /shares/{id}/qr/{which}", p.code)
	mux.HandleFunc("GET /share", p.choose)
	mux.HandleFunc("POST /share", p.begin)
	mux.HandleFunc("GET /share/draft/{id}", p.draft)
	mux.HandleFunc("POST /share/draft/{id}", p.decide)
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) {
	v := &View{Shares: p.Sharing.List(), Public: p.Sharing.Public().Link}
	slices.Reverse(v.Shares)
	p.Show(w, r, "shares", "Shares", v)
}

func (p *Pages) one(w http.ResponseWriter, r *http.Request) {
	s, err := p.Sharing.Show(r.PathValue("id"))
	if err != nil {
		http.Error(w, "there is no such share", http.StatusNotFound)
		return
	}
	p.Show(w, r, "share", s.Title, &View{Share: s, Licence: licences()})
}

// code answers with a link as a picture.
func (p *Pages) code(w http.ResponseWriter, r *http.Request) {
	picture, err := p.Sharing.Code(r.PathValue("id"), r.PathValue("which") == "public")
	if err != nil {
		http.Error(w, "there is no such link", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "no-store") // who has it has the share
	_, _ = w.Write(picture)                     // who has gone cannot be told
}

// do carries out a button of a share.
func (p *Pages) do(w http.ResponseWriter, r *http.Request) {
	id, to, said := r.PathValue("id"), "/shares/"+url.PathEscape(r.PathValue("id")), ""
	action := r.PostFormValue("do")
	audit.Say(r.Context(), action, id)
	var err error
	switch action {
	case "publish-share":
		l := sharing.Licence{ID: r.PostFormValue("licence"), Text: text(r, "licence-text")}
		_, err = p.Sharing.Publish(r.Context(), id, sharing.Publication{Confirmed: r.PostFormValue("confirmed") != "", Licence: &l})
		said = "Everybody can find it now who has the public link."
	case "unpublish-share":
		_, err = p.Sharing.Unpublish(r.Context(), id)
		said = "It is not public any more. What others have fetched, they have."
	case "revoke-share":
		err = p.Sharing.Revoke(r.Context(), id, false)
		to, said = "/shares", "The link has ended. What others have fetched, they have."
	default:
		err = errUnknown
	}
	if err != nil {
		said = ""
	}
	p.Back(w, r, to, said, err)
}

// choose shows a folder to choose from.
func (p *Pages) choose(w http.ResponseWriter, r *http.Request) {
	f, err := p.Sharing.Browse(r.FormValue("path"), r.FormValue("hidden") != "")
	if err != nil && r.FormValue("path") != "" {
		p.Back(w, r, "/share", "", err)
		return
	}
	p.Show(w, r, "choose", "Share something", &View{Folder: f})
}

func (p *Pages) begin(w http.ResponseWriter, r *http.Request) {
	path := r.PostFormValue("path")
	audit.Say(r.Context(), "draft-share", path)
	d, err := p.Sharing.Draft(path)
	if err != nil {
		p.Back(w, r, "/share", "", err)
		return
	}
	p.Back(w, r, "/share/draft/"+d.ID, "", nil)
}

// draft shows how far one is, and what is to be decided.
func (p *Pages) draft(w http.ResponseWriter, r *http.Request) {
	one, err := p.Sharing.Drafts.Get(r.PathValue("id"))
	if err != nil {
		p.Back(w, r, "/share", "", err)
		return
	}
	d := sharing.DraftOf(one)
	if one.State == draft.Done && one.Err == nil {
		p.Back(w, r, "/shares/"+d.Share, "It is shared. Pass the link on to whom it is for.", nil)
		return
	}
	p.Show(w, r, "draft", "Share "+d.Name, p.view(one))
}

// view returns what is shown of a draft.
func (p *Pages) view(one draft.Draft) *View {
	d := sharing.DraftOf(one)
	v := &View{Draft: d, Groups: groups(d.Findings), Licence: licences(), Wish: sharing.NewShare{Strip: true}}
	v.Working = one.State == draft.Looking || one.State == draft.Stripping || one.State == draft.Hashing
	v.Form = one.State == draft.Ready || one.State == draft.Failed && one.Files > 0
	if v.Working {
		v.Refresh = 2
	}
	for _, i := range p.Sharing.Identities.List() {
		if i.Default {
			v.Identities = append([]string{i.Name}, v.Identities...)
		} else {
			v.Identities = append(v.Identities, i.Name)
		}
	}
	return v
}

// groups puts findings of one kind together, in the order in which kinds come.
func groups(list []sharing.ShareFinding) (out []Group) {
	for _, f := range list {
		i := slices.IndexFunc(out, func(g Group) bool { return g.Kind == f.Kind })
		if i < 0 {
			i, out = len(out), append(out, Group{Kind: f.Kind})
		}
		out[i].Findings = append(out[i].Findings, f)
	}
	return out
}

func text(r *http.Request, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"))
}

// until returns when a link ends that lasts for so many days, "" if it does not end.
func (p *Pages) until(days string) string {
	n, err := strconv.Atoi(days)
	if err != nil || n <= 0 || n > 10_000 {
		return ""
	}
	return p.Clock.Now().AddDate(0, 0, n).UTC().Format(time.RFC3339)
}

// Package webui is the pages of a node for its owner's browser: the UI as it was built, at
// /, and below /plain/ pages without JavaScript: plain forms, and nothing that is not
// needed to manage torrents.
package webui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/running"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/api/tracking"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/internal/webui/bundle"
	"github.com/warren-p2p/warren/internal/webui/giving"
	"github.com/warren-p2p/warren/internal/words"
)

//go:embed templates
var files embed.FS

// Prefix is what the paths of the plain pages begin with.
const Prefix = "/plain"

// Config is what pages are made of.
type Config struct {
	Dist    fs.FS // the UI as it was built; nil leads to the plain pages
	Library *library.Library
	Courier *courier.Courier
	Logs    *logs.Logs
	Running running.Service

	Identities *identity.Book
	Key        *access.Key
	Streams    *streaming.Handler

	Syndication syndication.Service
	Automation  automation.Service
	Tracker     tracking.Service
	Sharing     sharing.Service
}

// UI is the pages. The management lets the owner's browser in alone.
type UI struct {
	cfg   Config
	pages *template.Template
	csrf  func(*http.Request) string
	mux   *http.ServeMux // of the plain pages, without Prefix
	root  *http.ServeMux // of everything
}

// pageSize is how many torrents a page lists.
const pageSize = 100

// policy lets a page load its style sheet and its pictures and send its forms, and
// nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// New returns the pages. csrf returns what forms must send.
func New(cfg Config, csrf func(*http.Request) string) (*UI, error) {
	u := &UI{cfg: cfg, csrf: csrf, mux: http.NewServeMux(), root: http.NewServeMux()}
	var err error
	u.pages, err = template.New("").Funcs(template.FuncMap{
		"size": words.Bytes, "speed": words.Rate, "count": words.Count, "int": func(n int64) int { return int(n) },
		"percent": func(f float64) string { return strconv.Itoa(int(100*f)) + " %" }, "act": newAct, "deed": newDeed, "holds": holds, "setting": setting,
		"ago":   func(at time.Time) string { return words.Ago(at, cfg.Running.Clock.Now()) },
		"until": func(at time.Time) string { return words.Until(at, cfg.Running.Clock.Now()) },
	}).ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	u.mux.HandleFunc("GET /{$}", u.list)
	u.mux.HandleFunc("GET /torrent/{key}", u.torrent)
	u.mux.HandleFunc("GET /reachability", func(w http.ResponseWriter, r *http.Request) {
		u.show(w, r, "reach", &view{Title: "Reachability", Reach: running.Reach(cfg.Running.Node.Reachability())})
	})
	u.mux.HandleFunc("GET /tracker", u.tracker)
	u.mux.HandleFunc("GET /log", u.log)
	u.mux.HandleFunc("GET /settings", func(w http.ResponseWriter, r *http.Request) {
		u.show(w, r, "settings", &view{Title: "Settings", Settings: cfg.Running.Settings(r.Context()).Settings})
	})
	u.mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "templates/style.css") })
	u.mux.HandleFunc("GET /add", func(w http.ResponseWriter, r *http.Request) { u.show(w, r, "add", &view{Title: "Add torrents"}) })
	u.mux.HandleFunc("POST /add", u.add)
	u.mux.HandleFunc("POST /do", u.do)
	u.registerOwner()
	u.registerAutomation()
	u.registerGiving()
	u.root.Handle(Prefix+"/", http.StripPrefix(Prefix, u.mux))
	if cfg.Dist == nil {
		u.root.Handle("GET /{$}", http.RedirectHandler(Prefix+"/", http.StatusSeeOther))
		return u, nil
	}
	built, err := bundle.New(cfg.Dist)
	if err != nil {
		return nil, err
	}
	u.root.Handle("/", built)
	return u, nil
}

// ServeHTTP implements http.Handler.
func (u *UI) ServeHTTP(w http.ResponseWriter, r *http.Request) { u.root.ServeHTTP(w, r) }

// view is what a template shows.
type view struct {
	Title, At, CSRF, Message string
	Refresh                  int // seconds
	Pages                    []place

	Totals         *changes.Totals
	Torrents       []torrent.Torrent
	Previous, Next string
	First, Last    int // of those on the page, from 1
	Torrent        torrent.Torrent
	Files          []row
	Playlist       string
	Reach          running.Reachability
	Lines          []logs.Line
	Settings       []running.Setting
	Network        running.Network
	Identities     []identity.Info
	Auto           automatic
	Tracker        *tracked
	Giving         *giving.View
}

type place struct{ Path, Name string }

// act is a button.
type act struct{ CSRF, Key, Name, Action, Label string }

func newAct(csrf string, t torrent.Torrent, action, label string) act {
	return act{csrf, t.Key, t.Name, action, label}
}

// newDeed returns a button of what the node does by itself; key says of what.
func newDeed(csrf string, key any, name, action, label string) act {
	return act{csrf, fmt.Sprint(key), name, action, label}
}

func (u *UI) show(w http.ResponseWriter, r *http.Request, name string, v *view) {
	v.At, v.CSRF = Prefix+r.URL.Path, u.csrf(r)
	v.Pages = []place{{Prefix + "/", "Torrents"}, {Prefix + "/shares", "Shares"}, {Prefix + "/tracker", "Tracker"}, {Prefix + "/reachability", "Reachability"}, {Prefix + "/automation", "Automation"}, {Prefix + "/network", "Network"}, {Prefix + "/identities", "Identities"}, {Prefix + "/backup", "Backup"}, {Prefix + "/log", "Log"}, {Prefix + "/settings", "Settings"}}
	var b bytes.Buffer
	if err := u.pages.ExecuteTemplate(&b, name, v); err != nil {
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	_, _ = w.Write(b.Bytes()) // who has gone cannot be told
}

func (u *UI) list(w http.ResponseWriter, r *http.Request) {
	offset, err := strconv.Atoi(r.FormValue("offset"))
	if err != nil || offset < 0 {
		offset = 0
	}
	u.cfg.Library.Refresh()
	chosen := torrent.Selection{Offset: offset, Limit: pageSize}
	page, total := chosen.Of(u.cfg.Library.All())
	v := &view{Title: "Torrents", Refresh: 10, Totals: changes.TotalsOf(u.cfg.Library.Totals()), Message: r.FormValue("said")}
	v.First, v.Last = offset+1, offset+len(page)
	if v.Message != "" {
		v.Refresh = 0 // it would be said again
	}
	for i := range page {
		v.Torrents = append(v.Torrents, torrent.Of(&page[i].View, 0))
	}
	if offset > 0 {
		v.Previous = Prefix + "/?offset=" + strconv.Itoa(max(0, offset-pageSize))
	}
	if offset+pageSize < total {
		v.Next = Prefix + "/?offset=" + strconv.Itoa(offset+pageSize)
	}
	u.show(w, r, "list", v)
}

func (u *UI) torrent(w http.ResponseWriter, r *http.Request) {
	t, err := torrent.Find(u.cfg.Library, r.PathValue("key"))
	if err != nil {
		http.Error(w, "there is no such torrent", http.StatusNotFound)
		return
	}
	shown := t.View()
	v := &view{Title: shown.Name, Torrent: torrent.Of(&shown, 0)}
	if files, err := t.Files(); err == nil { // or it is a link that peers have not told about
		v.Files, v.Playlist = u.rows(t.ID(), files)
	}
	u.show(w, r, "torrent", v)
}

func (u *UI) log(w http.ResponseWriter, r *http.Request) {
	v := &view{Title: "Log", Refresh: 10}
	lines := u.cfg.Logs.Recent()
	for i := len(lines) - 1; i >= 0 && len(v.Lines) < 200; i-- {
		v.Lines = append(v.Lines, lines[i])
	}
	u.show(w, r, "log", v)
}

// do carries out a button.
func (u *UI) do(w http.ResponseWriter, r *http.Request) {
	action := r.PostFormValue("action")
	t, err := torrent.Find(u.cfg.Library, r.PostFormValue("key"))
	if err == nil {
		audit.Say(r.Context(), action+"-torrent", t.Key())
		switch action {
		case "pause":
			err = t.Pause(r.Context())
		case "resume":
			err = t.Resume(r.Context())
		case "recheck":
			err = t.Recheck()
		case "reannounce":
			err = t.Reannounce()
		case "remove", "remove-content":
			err = u.cfg.Library.Remove(r.Context(), t, action == "remove-content")
		default:
			err = errors.New("nothing that can be done with a torrent")
		}
	}
	back(w, r, "/", err)
}

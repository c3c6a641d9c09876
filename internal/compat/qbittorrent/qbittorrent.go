// Package qbittorrent answers programs that know the WebAPI of qBittorrent, version 2:
// Sonarr, Radarr, autobrr, cross-seed, qui, VueTorrent, Flood and others.
//
// It says that it is qBittorrent 4.6, whose names for states programs know best, and
// takes what newer ones call the same as well. What is asked is compared with what the
// real program answers: testdata has a script of requests and the shapes of its answers
// (packages script and shape). Methods are found in Methods of this package, and of
// packages torrents, groups and adding for those below
// "torrents".
package qbittorrent

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/adding"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/groups"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/maindata"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/pick"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/preferences"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/rss"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/session"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/source"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/torrents"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/swarm"
)

// Root is where the API begins.
const Root = "/api/v2/"

// maxLogin is how much is read of who has not logged in, in bytes.
const maxLogin = 64 << 10

// What the API says it is: the last qBittorrent with the names that programs know
// best, and the version of its API.
const (
	appVersion = "v4.6.7"
	apiVersion = "2.9.3"
)

// Settings is the configuration of a node.
type Settings interface {
	Settings() config.Config
	// ChangeSettings changes it by key; see package config.
	ChangeSettings(ctx context.Context, patch map[string]any) error
}

// Alternative switches to the alternative limits and back.
type Alternative interface {
	Alternative() bool
	SetAlternative(ctx context.Context, on bool) error
}

// Config is what the API works with.
type Config struct {
	Library     *library.Library
	Session     *swarm.Session
	Settings    Settings
	Alternative Alternative
	Feeds       rss.Feeds // nil for none
	Clock       clock.Clock
	Log         *slog.Logger
	Lines       func() []logs.Line             // of the log, the latest ones
	Path        func(configured string) string // makes a path of the configuration absolute
	// Free returns the bytes that are free where a folder is.
	Free func(dir string) (int64, error)
	// Key reports whether a bearer token opens everything; nil if there are none.
	Key func(ctx context.Context, key string) bool
	// Fetch returns the torrent file at a URL, or the magnet link it leads to.
	Fetch func(ctx context.Context, url string) (file []byte, magnet string, err error)
}

// API is the handler of everything below [Root].
type API struct {
	cfg      Config
	door     *session.Door
	sources  *source.Sources
	torrents *torrents.Torrents
	groups   groups.Groups
	adder    adding.Adder
	data     *maindata.Data
	methods  map[string]call.Method
}

// New returns the API. Close has to follow.
func New(ctx context.Context, cfg Config) *API {
	a := &API{cfg: cfg}
	a.door = session.New(session.Config{
		Clock: cfg.Clock, Key: cfg.Key, Hosts: func() []string { return cfg.Settings.Settings().Management.Hosts },
		Credentials: func() (string, string) {
			rpc := cfg.Settings.Settings().RPC
			return rpc.Username, rpc.Password
		},
	})
	a.sources = source.New(source.Config{
		Library: cfg.Library, Clock: cfg.Clock,
		Queueing: func() bool { return preferences.Queueing(cfg.Settings.Settings()) },
	})
	lib := pick.Library{Library: cfg.Library}
	a.torrents = torrents.New(ctx, torrents.Config{
		Library: lib, Sources: a.sources, Settings: cfg.Settings.Settings, DHT: a.dht, Log: cfg.Log,
	})
	a.groups, a.adder = groups.Groups{Library: lib}, adding.Adder{Library: lib, Log: cfg.Log, Fetch: cfg.Fetch}
	a.data = maindata.New(maindata.Config{
		Library: cfg.Library, Sources: a.sources, Categories: a.groups.Categories, Tags: a.groups.Tags, Server: a.server,
		Begun: cfg.Clock.Now(),
	})
	a.methods = a.all()
	return a
}

// Close ends what is under way and waits for it.
func (a *API) Close() error {
	a.torrents.Close()
	return nil
}

// all returns all methods by their path.
func (a *API) all() map[string]call.Method {
	m := map[string]call.Method{
		"sync/maindata": call.Get(a.mainData), "sync/torrentPeers": call.Get(a.torrentPeers),
	}
	for _, part := range []map[string]call.Method{a.torrents.Methods(), a.groups.Methods(), a.adder.Methods()} {
		for name, method := range part {
			m["torrents/"+name] = method
		}
	}
	for prefix, part := range map[string]map[string]call.Method{
		"app/": a.application(), "transfer/": a.transfer(), "log/": a.logs(),
		"rss/": a.feeds(), "search/": a.search(),
	} {
		for name, method := range part {
			m[prefix+name] = method
		}
	}
	return m
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	verdict := a.door.Admit(r)
	if verdict == session.Foreign {
		call.Text(w, http.StatusUnauthorized, "Unauthorized")
		return
	}
	path := strings.TrimPrefix(r.URL.Path, Root)
	if path != "auth/login" && verdict == session.Forbidden {
		call.Text(w, http.StatusForbidden, "Forbidden")
		return
	}
	method, ok := a.methods[path]
	switch path {
	case "auth/login":
		method, ok = call.Post(a.login), true
	case "auth/logout":
		method, ok = call.Post(a.logout), true
	}
	if !ok {
		call.Text(w, http.StatusNotFound, "Not Found")
		return
	}
	if verdict == session.Forbidden { // who has not logged in has a name and a password to say
		r.Body = http.MaxBytesReader(w, r.Body, maxLogin)
	}
	f, err := form.Read(w, r)
	if err != nil {
		method = call.Get(func(*call.Call) error { return err })
		f = &form.Form{}
	}
	method.Serve(&call.Call{Form: f, W: w, R: r}, a.cfg.Log)
}

func (a *API) login(c *call.Call) error {
	switch a.door.Login(c.W, c.Form.Text("username"), c.Form.Text("password")) {
	case session.Welcome:
		return c.Text("Ok.")
	case session.Banned:
		return &form.Refusal{Status: http.StatusForbidden, Text: "Too many wrong passwords: try again in a minute."}
	}
	return c.Text("Fails.")
}

func (a *API) logout(c *call.Call) error {
	a.door.Logout(c.W, c.R)
	return c.Done()
}

// dht reports whether the node takes part in the DHT.
func (a *API) dht() bool {
	_, ok := a.cfg.Session.DHT()
	return ok
}

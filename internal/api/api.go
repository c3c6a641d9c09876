// Package api is what programs, and the pages of the node, ask of it: everything that a
// person can do. It is described by an OpenAPI document, from which the clients are
// made; docs/user/api.md tells the rest.
//
// Who asks is known before a request comes here: see package gate of the management.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/detail"
	"github.com/warren-p2p/warren/internal/api/groups"
	"github.com/warren-p2p/warren/internal/api/keys"
	"github.com/warren-p2p/warren/internal/api/links"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/running"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/api/torrents"
	"github.com/warren-p2p/warren/internal/api/tracking"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/swarm"
)

// Config is what the API works on.
type Config struct {
	Version string // of the program
	Started time.Time
	Clock   clock.Clock
	Log     *slog.Logger
	Library *library.Library
	Session *swarm.Session
	Courier *courier.Courier
	Logs    *logs.Logs
	Tokens  *access.Tokens
	Audit   *audit.Log
	Node    running.Node
	Tracker *own.Tracker // nil if it has none

	Home       string // the directory
	Key        *access.Key
	Identities *identity.Book
	Streams    *streaming.Handler
	Traffic    func() traffic.Status

	Syndication syndication.Service
	Automation  automation.Service
	Sharing     sharing.Service
	Links       links.Service
}

// Part adds operations.
type Part interface {
	Register(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter)
}

// API answers requests. [API.Close] ends what goes on after them.
type API struct {
	mux      *http.ServeMux
	api      huma.API
	feed     *changes.Feed
	torrents *torrents.Service
	running  running.Service
}

// New returns the API of a node.
func New(cfg Config) *API {
	a := &API{mux: http.NewServeMux(), feed: changes.Open(cfg.Library, cfg.Clock)}
	failed := cfg.failed
	a.torrents = torrents.New(torrents.Config{Library: cfg.Library, Feed: a.feed, Courier: cfg.Courier, Tracker: cfg.Tracker, Links: cfg.Links, Failed: failed})
	a.running = running.Service{
		Node: cfg.Node, Library: cfg.Library, Session: cfg.Session, Logs: cfg.Logs, Clock: cfg.Clock, Traffic: cfg.Traffic,
		Version: cfg.Version, Home: cfg.Home, Started: cfg.Started, Base: a.feed.Base,
	}
	a.register(cfg, a.parts(cfg))
	return a
}

// Keys returns the part of the API that a node need not run for: its keys.
func Keys(cfg Config) http.Handler {
	a := &API{mux: http.NewServeMux()}
	a.register(cfg, []Part{cfg.keys()})
	return a
}

func (c Config) failed(_ context.Context, what string, err error) {
	c.Log.Error("an operation of the API has failed", "operation", what, "err", err)
}

func (c Config) keys() keys.Service {
	return keys.Service{Tokens: c.Tokens, Audit: c.Audit, Key: c.Key, Identities: c.Identities}
}

func (a *API) register(cfg Config, parts []Part) {
	a.describe()
	r := &operation.Registrar{API: a.api, Problem: explain, Failed: cfg.failed}
	a.api.UseMiddleware(r.Admit)
	unwrap := func(ctx huma.Context) http.ResponseWriter {
		_, w := humago.Unwrap(ctx)
		return w
	}
	a.registerRoot(r)
	for _, part := range parts {
		part.Register(r, unwrap)
	}
	a.mux.HandleFunc("/", a.elsewhere)
}

// Running returns what is asked about the node as it runs.
func (a *API) Running() running.Service { return a.running }

// parts returns all operations but the first.
func (a *API) parts(cfg Config) []Part {
	return []Part{
		a.torrents, a.feed,
		detail.Service{Library: cfg.Library, Streams: cfg.Streams, Clock: cfg.Clock},
		groups.Service{Library: cfg.Library},
		cfg.keys(),
		a.running, tracking.Service{Tracker: cfg.Tracker, Library: cfg.Library},
		cfg.Syndication, cfg.Automation, cfg.Sharing, cfg.Links,
	}
}

// Feed returns the changes that the API tells of.
func (a *API) Feed() *changes.Feed { return a.feed }

// Close ends streams, and what goes on after its request, and waits for it.
func (a *API) Close() error {
	a.feed.Close()
	a.torrents.Close()
	return nil
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// describe begins the document.
func (a *API) describe() {
	format := huma.Format{Marshal: marshal, Unmarshal: unmarshal}
	cfg := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "warren", Version: "1",
				Description: "Everything that a person can do with a warren node. Times are RFC 3339 in UTC, sizes are bytes, rates bytes a second, durations seconds. Properties that are 0, false or empty may be left out. Errors are problems as in RFC 9457.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token":  {Type: "http", Scheme: "bearer", Description: "A token that was made for the program, or the owner's key."},
					"cookie": {Type: "apiKey", In: "cookie", Name: "warren", Description: "Of the owner's browser; a change needs the header X-CSRF-Token as well, as told by get-session. The name of the cookie has more to it, which differs from node to node."},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": format, "application/problem+json": format, "json": format},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{operation.Complete},
	}
	a.api = humago.New(a.mux, cfg)
	a.mux.HandleFunc("GET "+operation.Root+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		spec, err := a.Spec()
		if err != nil {
			problem.Write(w, problem.New(problem.Internal, err.Error()))
			return
		}
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		operation.Encoded(spec)(w)
	})
}

func marshal(w io.Writer, v any) error {
	return json.NewEncoder(w).Encode(v)
}

// unmarshal takes one value and nothing behind it.
func unmarshal(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("there is more than one value")
	}
	return nil
}

// Spec returns the OpenAPI document, indented.
func (a *API) Spec() ([]byte, error) {
	text, err := json.Marshal(a.api.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// elsewhere answers what is no operation: by another method there may be one.
func (a *API) elsewhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		problem.Write(w, problem.New(problem.Method, "want "+strings.Join(allowed, " or ")))
		return
	}
	problem.Write(w, problem.New(problem.NotFound, "there is no such operation: "+operation.Root+"/openapi.json lists them"))
}

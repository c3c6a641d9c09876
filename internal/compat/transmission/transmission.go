// Package transmission speaks the RPC of Transmission, so that programs for it manage
// a node: transmission-remote, Flood, Sonarr and their like, and those that people
// have on their phones.
//
// Both dialects are understood (package message). Who may ask is settled before: the
// management listens on this machine alone, and looks at Host and Origin. Here a name
// and password are wanted if the configuration has them, and every request names the
// session, which a browser that was led astray cannot.
package transmission

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/compat/transmission/act"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/compat/transmission/session"
	"github.com/warren-p2p/warren/internal/compat/transmission/torrents"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/store"
)

// Path is where programs expect the RPC, with or without a slash at the end.
const Path = "/transmission/rpc"

// maxBody is more than the largest torrent file takes in base64.
const maxBody = 64 << 20

// sessionHeader is what requests name the session in.
const sessionHeader = "X-Transmission-Session-Id"

// Config is what a Handler needs.
type Config struct {
	Library *library.Library
	Store   *store.Store
	Node    session.Node
	Clock   clock.Clock
	Log     *slog.Logger
	Home    string // of the node
	Version string // of the program
	// Fetch and ReadFile get torrent files; see package act.
	Fetch    func(ctx context.Context, url, cookies string) (torrent []byte, link string, err error)
	ReadFile func(path string) ([]byte, error)
	// End ends the program; nil if that is not to be had.
	End func()
}

// Handler answers requests.
type Handler struct {
	cfg     Config
	id      string // of the session
	session *session.Session
	act     *act.Actor
	tell    *torrents.Teller
	methods map[string]method
	wrong   access.Backoff // of passwords
	tried   tried

	ctx    context.Context // of what goes on after an answer
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// New returns a Handler. Close writes down what it has counted.
func New(ctx context.Context, cfg Config) (*Handler, error) {
	memory, err := remembered.Open(ctx, cfg.Store)
	if err != nil {
		return nil, err
	}
	h := &Handler{cfg: cfg, id: rand.Text() + rand.Text()[:22]}
	h.session, err = session.New(ctx, session.Config{
		Node: cfg.Node, Library: cfg.Library, Memory: memory, Clock: cfg.Clock, Home: cfg.Home, Version: cfg.Version, ID: h.id, Close: cfg.End,
	})
	if err != nil {
		return nil, fmt.Errorf("start Transmission's RPC: %w", err)
	}
	h.act = act.New(act.Config{Library: cfg.Library, Memory: memory, Clock: cfg.Clock, Fetch: cfg.Fetch, ReadFile: cfg.ReadFile})
	h.tell = &torrents.Teller{
		Memory:     memory,
		PerTorrent: func() int { return cfg.Node.Settings().Peers.PerTorrent },
		Stalled:    memory.StalledAfter,
	}
	h.ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	h.methods = h.table()
	return h, nil
}

// Close ends what goes on, waits for it and writes down what was counted. Requests are not
// answered any more by then.
func (h *Handler) Close(ctx context.Context) error {
	h.cancel()
	h.work.Wait()
	return h.session.Save(ctx)
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := r.Header.Get("Authorization")
	if wait := h.wrong.Wait(h.cfg.Clock.Now()); wait > 0 && given != "" && !h.tried.has(given) {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		http.Error(w, "too many wrong passwords: come again later", http.StatusTooManyRequests)
		return
	}
	if !h.admitted(r) {
		if given != "" && h.tried.add(given) {
			h.wrong.Failed(h.cfg.Clock.Now())
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="Transmission", charset="UTF-8"`)
		http.Error(w, "want the name and password of [rpc] in the configuration", http.StatusUnauthorized)
		return
	}
	if given != "" {
		h.wrong.Passed()
	}
	w.Header().Set(sessionHeader, h.id)
	w.Header().Set("X-Transmission-Rpc-Version", session.Semver())
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(sessionHeader)), []byte(h.id)) != 1 {
		h.conflict(w)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "requests are posted", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	_, large := errors.AsType[*http.MaxBytesError](err)
	switch {
	case large:
		http.Error(w, fmt.Sprintf("a request has %d bytes at most", maxBody), http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		return // whoever asked has gone
	}
	answer := h.answer(r.Context(), body)
	if answer == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, _ = w.Write(answer) // who does not listen misses it
}

// conflict has a program come again with the name of the session: each begins so.
func (h *Handler) conflict(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(http.StatusConflict)
	_, _ = fmt.Fprintf(w, "<h1>409: Conflict</h1><p>Ask again with this header:</p><p><code>%s: %s</code></p>", sessionHeader, h.id)
}

// admitted reports whether a request has the name and password, if there are any.
func (h *Handler) admitted(r *http.Request) bool {
	want := h.cfg.Node.Settings().RPC
	if want.Username == "" && want.Password == "" {
		return true
	}
	name, password, _ := r.BasicAuth()
	return subtle.ConstantTimeCompare([]byte(name), []byte(want.Username))&
		subtle.ConstantTimeCompare([]byte(password), []byte(want.Password)) == 1
}

func (h *Handler) answer(ctx context.Context, body []byte) []byte {
	call := message.Parse(body)
	out := message.NewAnswers(call)
	for i := range call.Requests {
		if ctx.Err() != nil {
			break // a batch may be long
		}
		r := &call.Requests[i]
		values, err := h.carryOut(ctx, r)
		if _, known := errors.AsType[*message.Error](err); err != nil && !known {
			h.cfg.Log.Warn("a request of Transmission's RPC failed", "method", r.Method, "err", err)
		}
		out.Add(r, values, err)
	}
	return out.Body()
}

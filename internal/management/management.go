// Package management is the server by which a node is managed: its pages, its API, the
// interfaces that other programs know, metrics. It listens on this machine alone; the
// port for peers serves none of it.
//
// Who gets through is decided by package gate; this one knows what is where, and keeps
// slow and greedy clients within bounds.
package management

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/management/gate"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Config is what the server needs. A handler that is nil is not served.
type Config struct {
	Listen  string   // HOST:PORT, of this machine
	Hosts   []string // further names that browsers may ask for
	Metrics string   // who may read metrics: "loopback", "token" or "off"
	Key     *access.Key
	Policy  netpolicy.Policy
	Clock   clock.Clock
	Log     *slog.Logger
	Tokens  *access.Tokens
	Audit   *audit.Log

	Handlers Handlers
}

// Handlers are what is served.
type Handlers struct {
	API          http.Handler // /api/v1/; finds who asks with access.From
	Transmission http.Handler // /transmission/; lets in whom it wants
	QBittorrent  http.Handler // /api/v2/; the same
	Stream       http.Handler // /stream/; its paths hold secrets
	Prometheus   http.Handler // /metrics
	Health       http.Handler // /healthz
	// Pages returns what is below /, for the owner's browser alone. csrf is what a form
	// must send as its field of that name.
	Pages func(csrf func(*http.Request) string) (http.Handler, error)
}

// Server is the running management.
type Server struct {
	cfg  Config
	gate *gate.Gate
	http http.Server
	addr net.Addr
	end  context.CancelFunc // of what all requests belong to
	done chan struct{}

	pages http.Handler

	mu   sync.Mutex
	open map[net.Conn]struct{}
}

// Bounds on clients.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = time.Minute     // for a request to come in
	answerTimeout = 2 * time.Minute // for an answer to be taken
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
	maxBody       = 64 << 20 // a torrent file as base64 in JSON is the largest
	maxConns      = 4096
	stopTimeout   = 5 * time.Second
)

// Open begins to serve. The owner's key is made if there is none.
func Open(ctx context.Context, cfg Config) (*Server, error) {
	if err := loopback(cfg.Listen); err != nil {
		return nil, fmt.Errorf("open management: %w", err)
	}
	l, err := cfg.Policy.Listen(ctx, cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("open management on %s: %w: choose another address with management.listen", cfg.Listen, err)
	}
	s := &Server{
		cfg: cfg, addr: l.Addr(), done: make(chan struct{}), open: make(map[net.Conn]struct{}),
		gate: gate.New(gate.Config{Key: cfg.Key, Hosts: cfg.Hosts, Tokens: cfg.Tokens, Clock: cfg.Clock}),
	}
	if cfg.Handlers.Pages != nil {
		if s.pages, err = cfg.Handlers.Pages(s.gate.CSRF); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	all, end := context.WithCancel(context.WithoutCancel(ctx))
	s.end = end
	s.http = http.Server{
		Handler: s.routes(), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return all },
		ConnState:   s.count,
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo), // it is of clients that have gone
	}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			cfg.Log.Error("the management is not served any more", "err", err)
		}
	}()
	return s, nil
}

// loopback refuses addresses that others can reach.
func loopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	if strings.EqualFold(host, "localhost") {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.Unmap().IsLoopback() {
		return fmt.Errorf("%s is not an address of this machine alone: want 127.0.0.1:PORT or [::1]:PORT", listen)
	}
	return nil
}

// Base returns where the server is: http://HOST:PORT.
func (s *Server) Base() string { return "http://" + s.addr.String() }

// URL returns the owner's URL: who has it owns the node.
func (s *Server) URL() string { return s.Base() + "/management/" + s.cfg.Key.Text() }

// count closes connections that are too many.
func (s *Server) count(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.open[c] = struct{}{}
		if len(s.open) > maxConns {
			c.Close()
		}
	case http.StateClosed, http.StateHijacked:
		delete(s.open, c)
	}
}

// Close ends all requests and waits for them.
func (s *Server) Close() error {
	s.end()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.done
	return err
}

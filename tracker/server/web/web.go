// Package web is a tracker over HTTP: a handler that stands before a website and
// answers below a secret path, and a server of its own for operators, which needs
// half of what net/http does for an announce.
//
// Below KEY/announce and KEY/scrape there is a tracker; in private mode a pass key may
// stand before the last part. Whatever else is asked for, by whatever method, is the
// next handler's: a node's port is a website, and nothing tells that there is a
// tracker to those who were not given its URL.
package web

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/request"
)

// Config is what a front needs.
type Config struct {
	// Key is the first part of the path; "" for a tracker that everybody may find.
	Key   string
	Clock clock.Clock
	// Alone reports whether a key opens the torrent with an info-hash, and that alone:
	// it is announced to below /KEY/announce, over TLS, whatever the list of the tracker
	// says. nil: no key does. It must take the same time for all keys.
	Alone func(key string, infoHash [20]byte) bool
	// Next answers what is not for the tracker; nil: not found.
	Next http.Handler
	// Proxies are whose X-Forwarded-For is believed, as load balancers set it: the
	// last address in it that is none of theirs is that of the client.
	Proxies []netip.Prefix
}

// Handler is a tracker before a website.
type Handler struct {
	tracker *server.Tracker
	cfg     Config
	buffers sync.Pool
}

var _ http.Handler = (*Handler)(nil)

// New returns a handler.
func New(t *server.Tracker, cfg Config) *Handler {
	if cfg.Next == nil {
		cfg.Next = http.NotFoundHandler()
	}
	return &Handler{tracker: t, cfg: cfg, buffers: sync.Pool{New: func() any { return new(buffer) }}}
}

// buffer is what answering a request needs.
type buffer struct {
	q      request.Query
	reply  server.Reply
	hashes [][20]byte
	totals []peerstore.Totals
	body   []byte
}

// ServeHTTP answers announces and scrapes, and leaves the rest to the next handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to, ok := h.cfg.route(r.URL.Path)
	alone := !ok && h.cfg.alone(r)
	from, known := h.cfg.caller(r)
	if !ok && !alone || !known || r.Method != http.MethodGet {
		h.cfg.Next.ServeHTTP(w, r)
		return
	}
	c := server.Caller{Addr: from, Over: server.HTTP, Private: r.TLS != nil, Listed: alone, Now: h.cfg.Clock.Now()}
	b := h.buffers.Get().(*buffer)
	defer h.buffers.Put(b)
	b.answer(r.Context(), h.tracker, &c, to, r.URL.RawQuery)
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", strconv.Itoa(len(b.body)))
	_, _ = w.Write(b.body) // who has gone asks again
}

// InClear reports whether a request that came without TLS is for the tracker, rather
// than to be sent to HTTPS: clients that do not know the certificate of a node cannot
// go there.
func (h *Handler) InClear(r *http.Request) bool {
	_, ok := h.cfg.route(r.URL.Path)
	return ok && r.Method == http.MethodGet
}

// route is what a path means.
type route struct {
	scrape  bool
	passkey string
}

// route reads a path: /KEY/announce, or /KEY/PASSKEY/announce, and the same for
// scrape. Where there is no key its part is missing.
func (c *Config) route(path string) (r route, ok bool) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return r, false
	}
	if c.Key != "" {
		key, after, more := strings.Cut(rest, "/")
		if !more || subtle.ConstantTimeCompare([]byte(key), []byte(c.Key)) == 0 {
			return r, false
		}
		rest = after
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		r.passkey, rest = rest[:i], rest[i+1:]
	}
	r.scrape = rest == "scrape"
	return r, r.scrape || rest == "announce"
}

// alone reports whether a request announces a torrent by the key that opens it alone.
func (c *Config) alone(r *http.Request) bool {
	key, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), "/announce")
	if c.Alone == nil || r.TLS == nil || !ok || strings.Contains(key, "/") {
		return false
	}
	var q request.Query
	return request.Announce(r.URL.RawQuery, &q) == nil && c.Alone(key, q.InfoHash)
}

// caller returns who asks; ok is false if nobody can tell.
func (c *Config) caller(r *http.Request) (from netip.Addr, ok bool) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return from, false
	}
	return c.behind(at.Addr().Unmap(), strings.Join(r.Header.Values("X-Forwarded-For"), ",")), true
}

// behind returns who stands behind proxies that are believed.
func (c *Config) behind(from netip.Addr, forwarded string) netip.Addr {
	for forwarded != "" && c.proxy(from) {
		i := strings.LastIndexByte(forwarded, ',')
		ip, err := netip.ParseAddr(strings.TrimSpace(forwarded[i+1:]))
		if err != nil {
			return from
		}
		from, forwarded = ip.Unmap().WithZone(""), forwarded[:max(i, 0)]
	}
	return from
}

func (c *Config) proxy(ip netip.Addr) bool {
	for _, p := range c.Proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// answer makes the body of the answer to a request.
func (b *buffer) answer(ctx context.Context, t *server.Tracker, c *server.Caller, to route, query string) {
	b.body = b.body[:0]
	var f *message.Failure
	if to.scrape {
		f = b.scrape(ctx, t, c, to.passkey, query)
	} else {
		f = b.announce(ctx, t, c, to.passkey, query)
	}
	if f != nil {
		b.body = message.AppendFailure(b.body[:0], f)
	}
}

func (b *buffer) announce(ctx context.Context, t *server.Tracker, c *server.Caller, passkey, query string) *message.Failure {
	if err := request.Announce(query, &b.q); err != nil {
		return t.Malformed(err)
	}
	if passkey != "" {
		b.q.Passkey = passkey
	}
	if f := t.Announce(ctx, c, &b.q, &b.reply); f != nil {
		return f
	}
	b.body = AppendAnswer(b.body, &b.reply)
	return nil
}

func (b *buffer) scrape(ctx context.Context, t *server.Tracker, c *server.Caller, passkey, query string) *message.Failure {
	hashes, asked, err := request.Hashes(query, b.hashes[:0], message.MaxScrape)
	b.hashes = hashes
	if err == nil && len(hashes) == 0 {
		err = request.ErrInfoHash
	}
	if err != nil {
		return t.Malformed(err)
	}
	if passkey == "" {
		passkey = asked
	}
	totals, f := t.Scrape(ctx, c, passkey, hashes, b.totals[:0])
	b.totals = totals
	if f == nil {
		b.body = appendScrape(b.body, hashes, totals)
	}
	return f
}

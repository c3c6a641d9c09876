// Package gate decides who gets through to the management of a node, and how often.
//
// A browser of the owner has a cookie, which it got for the owner's URL, and must show
// with every change that one of our own pages asks (CSRF). Programs send a bearer
// token (RFC 6750), or the owner's key. Whatever one has to show, the request must have
// been made under our own name and from our own origin, as far as browsers tell.
package gate

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/clock"
)

// Config is what a gate needs.
type Config struct {
	Key    *access.Key
	Hosts  []string // names of this server beside those of this machine
	Tokens *access.Tokens
	Clock  clock.Clock
}

// Gate lets requests in. Its methods are safe for concurrent use.
type Gate struct {
	cfg      Config
	failures access.Backoff

	mu     sync.Mutex
	limits map[caller]*rate.Limiter
}

// caller is whom requests are counted for.
type caller struct {
	way   access.Way
	token int64
}

// New returns a gate.
func New(cfg Config) *Gate { return &Gate{cfg: cfg, limits: make(map[caller]*rate.Limiter)} }

// Bounds on what one principal may ask.
const (
	perSecond  = 1000
	burst      = 2000
	maxCallers = 2000 // counted at a time; with more all begin anew
)

// Errors of requests that do not get through. A *[LaterError] says that they may be
// tried again.
var (
	ErrNobody = errors.New("want a token: Authorization: Bearer TOKEN, or the node's own URL in a browser")
	ErrWrong  = errors.New("the token is not known, or has expired")
	ErrCSRF   = errors.New("a change by a browser needs the header X-CSRF-Token, as told by /api/v1/session")
)

// LaterError says that somebody asks too often.
type LaterError struct {
	After  time.Duration
	Reason string
}

func (e *LaterError) Error() string { return e.Reason }

// Principal returns who makes a request. The error says why nobody does.
func (g *Gate) Principal(r *http.Request) (access.Principal, error) {
	now := g.cfg.Clock.Now()
	p, err := g.identify(r, now)
	switch {
	case errors.Is(err, ErrWrong):
		if wait := g.failures.Wait(now); wait > 0 {
			return p, &LaterError{wait, "too many wrong tokens"}
		}
		g.failures.Failed(now)
		return p, err
	case err != nil:
		return p, err
	case !g.limit(p).AllowN(now, 1):
		return p, &LaterError{time.Second, "too many requests: 1,000 a second, and 2,000 at once, are let through"}
	}
	return p, nil
}

func (g *Gate) identify(r *http.Request, now time.Time) (p access.Principal, err error) {
	if header := r.Header.Values("Authorization"); len(header) > 0 {
		scheme, text, _ := strings.Cut(header[0], " ")
		if len(header) > 1 || !strings.EqualFold(scheme, "Bearer") {
			return p, ErrWrong
		}
		text = strings.TrimSpace(text)
		if g.cfg.Key.Is(text) {
			return access.Owner(access.ByKey), nil
		}
		if p, err = g.cfg.Tokens.Check(r.Context(), text); err != nil {
			return p, ErrWrong
		}
		return p, nil
	}
	if g.cookie(r, now) == "" {
		return p, ErrNobody
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !g.shown(r, r.Header.Get("X-CSRF-Token")) {
		return p, ErrCSRF
	}
	p = access.Owner(access.ByCookie)
	p.CSRF = g.CSRF(r)
	return p, nil
}

// shown reports whether text is what pages for the cookie of r must show.
func (g *Gate) shown(r *http.Request, text string) bool {
	want := g.CSRF(r)
	return want != "" && subtle.ConstantTimeCompare([]byte(text), []byte(want)) == 1
}

func (g *Gate) limit(p access.Principal) *rate.Limiter {
	g.mu.Lock()
	defer g.mu.Unlock()
	who := caller{p.Way, p.Token}
	l := g.limits[who]
	if l == nil {
		if len(g.limits) >= maxCallers {
			clear(g.limits)
		}
		l = rate.NewLimiter(perSecond, burst)
		g.limits[who] = l
	}
	return l
}

// Browser reports whether a request comes from the owner's browser, with a cookie that
// is good, and, if it changes something, from a form of one of our pages. The body is
// read if it is one.
func (g *Gate) Browser(r *http.Request) bool {
	if g.cookie(r, g.cfg.Clock.Now()) == "" {
		return false
	}
	return r.Method == http.MethodGet || r.Method == http.MethodHead || g.shown(r, r.PostFormValue("csrf"))
}

// Enter answers the owner's URL: a browser that knows the key gets a cookie, and is led
// to the first page. The error is [ErrWrong], or a *[LaterError].
func (g *Gate) Enter(w http.ResponseWriter, r *http.Request, key string) error {
	now := g.cfg.Clock.Now()
	if !g.cfg.Key.Is(key) {
		if wait := g.failures.Wait(now); wait > 0 {
			return &LaterError{wait, "too many wrong tokens"}
		}
		g.failures.Failed(now)
		return ErrWrong
	}
	http.SetCookie(w, g.newCookie(now))
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

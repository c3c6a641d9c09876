// Package session decides who may use the WebAPI of qBittorrent: programs of this
// machine without a password, unless one is set, and no page in a browser that is of
// another origin.
//
// Who logs in is given a cookie, SID; a key in an Authorization header does as well.
// That the request names this machine as its host keeps out pages whose name was
// made to mean this machine (DNS rebinding); an Origin or a Referer of another host
// is refused as qBittorrent refuses it.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// Bounds of sessions and of guesses at the password.
const (
	Lifetime    = time.Hour // of a session that is not used
	maxSessions = 1000
	maxFailures = 5           // different wrong passwords in a row,
	pause       = time.Minute // before none is looked at for so long
)

// Verdict is what is to be done with a request.
type Verdict int

// The verdicts.
const (
	Admitted  Verdict = iota
	Forbidden         // it must log in first
	Foreign           // it comes from a page of another origin, or means another host
)

// Config says who may come in.
type Config struct {
	Clock clock.Clock
	// Credentials are the user and the password that are asked for; none if both are
	// empty.
	Credentials func() (user, password string)
	// Key reports whether a key opens everything; nil if there are none.
	Key func(ctx context.Context, key string) bool
	// Hosts are names by which this machine may be asked for, beside those of loopback.
	Hosts func() []string
}

// Door admits requests. Its methods are safe for concurrent use.
type Door struct {
	cfg Config

	mu       sync.Mutex
	sessions map[string]session
	// wrong are the credentials that failed since the last that did not. All programs of
	// this machine come from the same address: one that goes on trying a password that
	// was changed must not keep out the others. That is no guess, as it learns nothing by
	// it, and does not count again; whoever guesses needs another one each time.
	wrong  map[[sha256.Size]byte]struct{}
	failed time.Time // when the last of them was
}

type session struct {
	used time.Time
	of   [sha256.Size]byte // the credentials it was opened with
}

// New returns a door.
func New(cfg Config) *Door {
	return &Door{cfg: cfg, sessions: make(map[string]session), wrong: make(map[[sha256.Size]byte]struct{})}
}

// Admit says whether a request may do what it wants.
func (d *Door) Admit(r *http.Request) Verdict {
	if !d.local(r.Host) || foreign(r) {
		return Foreign
	}
	of, open := d.credentials()
	if open || d.keyed(r) {
		return Admitted
	}
	cookie, err := r.Cookie("SID")
	if err != nil {
		return Forbidden
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Clock.Now()
	s, ok := d.sessions[cookie.Value]
	if !ok || s.of != of || now.Sub(s.used) > Lifetime {
		delete(d.sessions, cookie.Value)
		return Forbidden
	}
	s.used = now
	d.sessions[cookie.Value] = s
	return Admitted
}

// credentials returns what sessions are opened with now; open if nothing is asked for.
func (d *Door) credentials() (of [sha256.Size]byte, open bool) {
	user, password := d.cfg.Credentials()
	return digest(user, password), user == "" && password == ""
}

func digest(user, password string) [sha256.Size]byte {
	return sha256.Sum256([]byte(url.QueryEscape(user) + ":" + url.QueryEscape(password)))
}

func (d *Door) keyed(r *http.Request) bool {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && d.cfg.Key != nil && d.cfg.Key(r.Context(), key)
}

// Outcome is what came of a login.
type Outcome int

// The outcomes.
const (
	Welcome Outcome = iota
	Wrong           // the user or the password
	Banned          // too many were wrong: nothing is looked at for a while
)

// Login opens a session and sets its cookie, if user and password are right. Where
// none is asked for all are.
func (d *Door) Login(w http.ResponseWriter, user, password string) Outcome {
	of, open := d.credentials()
	given := digest(user, password)
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Clock.Now()
	differs := !open && subtle.ConstantTimeCompare(of[:], given[:]) != 1
	if _, again := d.wrong[given]; again && differs {
		return Wrong
	}
	if len(d.wrong) >= maxFailures {
		if now.Sub(d.failed) < pause {
			return Banned
		}
		clear(d.wrong)
	}
	if differs {
		d.wrong[given] = struct{}{}
		d.failed = now
		return Wrong
	}
	clear(d.wrong)
	id := rand.Text()
	d.makeRoom(now)
	d.sessions[id] = session{now, of}
	http.SetCookie(w, &http.Cookie{Name: "SID", Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return Welcome
}

// makeRoom forgets sessions that are over, or the one that was not used for longest.
// The caller holds d.mu.
func (d *Door) makeRoom(now time.Time) {
	if len(d.sessions) < maxSessions {
		return
	}
	oldest := ""
	for id, s := range d.sessions {
		switch {
		case now.Sub(s.used) > Lifetime:
			delete(d.sessions, id)
		case oldest == "" || s.used.Before(d.sessions[oldest].used):
			oldest = id
		}
	}
	if len(d.sessions) >= maxSessions {
		delete(d.sessions, oldest)
	}
}

// Logout ends the session of a request.
func (d *Door) Logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie("SID"); err == nil {
		d.mu.Lock()
		delete(d.sessions, cookie.Value)
		d.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: "SID", Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// local reports whether a Host header means this machine.
func (d *Door) local(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	if name == "localhost" || slices.ContainsFunc(d.cfg.Hosts(), func(h string) bool { return strings.EqualFold(h, name) }) {
		return true
	}
	a, err := netip.ParseAddr(name)
	return err == nil && a.Unmap().IsLoopback()
}

// foreign reports whether a request says that it was made by a page of another host.
func foreign(r *http.Request) bool {
	for _, name := range []string{"Origin", "Referer"} {
		from := r.Header.Get(name)
		if from == "" {
			continue
		}
		u, err := url.Parse(from)
		if err != nil || !strings.EqualFold(u.Host, r.Host) || u.Scheme != "http" && u.Scheme != "https" {
			return true
		}
	}
	return false
}

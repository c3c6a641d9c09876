package enrol

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/internal/roll"
	"github.com/warren-p2p/warren/btls/internal/guard"
)

// Handler answers what is for a service, and leaves the rest to the website. It
// must be reached over TLS.
type Handler struct {
	site  http.Handler
	log   *slog.Logger
	guard *guard.Guard

	mask     [32]byte
	mu       sync.RWMutex
	services map[[32]byte]*Service // by a MAC of the key: how long a look-up takes tells nothing of it
}

// NewHandler returns a handler without services before a website. What goes wrong
// with a request that had the key is logged, without addresses.
func NewHandler(site http.Handler, clock credential.Clock, log *slog.Logger) *Handler {
	h := &Handler{site: site, log: log, guard: guard.New(clock), services: map[[32]byte]*Service{}}
	_, _ = rand.Read(h.mask[:]) // never fails: crypto/rand
	return h
}

// Add makes a service answer under its key.
func (h *Handler) Add(s *Service) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.services[h.masked(s.Key)] = s
}

// Remove ends that.
func (h *Handler) Remove(s *Service) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.services, h.masked(s.Key))
}

func (h *Handler) masked(key string) [32]byte {
	m := hmac.New(sha256.New, h.mask[:])
	m.Write([]byte(key))
	return [32]byte(m.Sum(nil))
}

// ServeHTTP answers a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, what := split(r)
	if what != "" {
		if s := h.find(r, key); s != nil && h.serve(w, r, s, what) {
			return
		}
	}
	h.site.ServeHTTP(w, r)
}

// split returns the key and what is asked for, "" if nothing that a service has.
func split(r *http.Request) (key, what string) {
	if r.TLS == nil || r.URL.RawQuery != "" || r.URL.RawPath != "" {
		return "", ""
	}
	path, _ := strings.CutPrefix(r.URL.Path, "/")
	key, what, _ = strings.Cut(path, "/")
	switch {
	case !isKey(key):
	case what == enrolPath && r.Method == http.MethodPost, what == revokedPath && r.Method == http.MethodGet:
		return key, what
	}
	return "", ""
}

// isKey reports whether a segment may be the key of a service: 16 to 86
// characters of base64url.
func isKey(s string) bool {
	return len(s) >= 16 && len(s) <= 86 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// find returns the service with a key, if the network may still ask for one.
func (h *Handler) find(r *http.Request, key string) (s *Service) {
	h.guard.Try(guard.Subnet(r.RemoteAddr), func() bool {
		h.mu.RLock()
		defer h.mu.RUnlock()
		s = h.services[h.masked(key)]
		return s != nil
	})
	return s
}

// serve answers a request with the right key. It reports false if the website is
// to answer, for which the request is then as it was.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, s *Service, what string) bool {
	if what == revokedPath {
		list, err := s.Revocations()
		if err != nil {
			h.log.Warn("sign the list of revoked credentials", "err", err)
			return false
		}
		write(w, list.Append(nil), typeBinary)
		return true
	}
	request, token, ok := receive(r)
	if !ok {
		return false
	}
	answer, kind, err := s.enrol(request, token)
	if err != nil {
		h.note(r, err)
		return false
	}
	write(w, answer, kind)
	return true
}

// note logs why somebody was not admitted, and counts it.
func (h *Handler) note(r *http.Request, err error) {
	h.guard.Try(guard.Subnet(r.RemoteAddr), func() bool { return false })
	level := slog.LevelWarn
	for _, usual := range []error{roll.ErrToken, errRequest, errKind, credential.ErrRevoked} {
		if errors.Is(err, usual) {
			level = slog.LevelInfo
		}
	}
	h.log.Log(r.Context(), level, "a peer was not enrolled", "err", err)
}

// receive reads a certificate request and the token that came with it.
func receive(r *http.Request) (request, token []byte, ok bool) {
	if r.Header.Get("Content-Type") != typeRequest || r.ContentLength > maxRequest {
		return nil, nil, false
	}
	if text, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); bears {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || len(b) > maxToken {
			return nil, nil, false
		}
		token = b
	}
	body := r.Body
	request, err := io.ReadAll(io.LimitReader(body, maxRequest+1))
	r.Body = restored{io.MultiReader(bytes.NewReader(request), body), body}
	return request, token, err == nil && len(request) <= maxRequest
}

// restored is a body of which a part was read, from its beginning again.
type restored struct {
	io.Reader
	io.Closer
}

func write(w http.ResponseWriter, b []byte, kind string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b) // who has gone asks again
}

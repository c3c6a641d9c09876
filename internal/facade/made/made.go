// Package made is a website that is made up: another one for each seed, the same
// one for the same seed.
//
// A page that all nodes show would tell them apart from all other servers. So kind
// (a page of a person, an album, a club, a box to sign in to, a server with nothing
// on it), text, layout, style, the way the markup is written, paths, headers and
// answers to what is not there are drawn from the seed. Nothing claims to be a
// product, a firm or a place: names are put together from syllables.
//
// It is made of few parts all the same. Who has read this package, and looks at many
// of these sites, can learn to tell them from others; a folder or a site of the
// user's own has no such family.
package made

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Site answers visitors. It keeps nothing of what they send.
type Site struct {
	pages   map[string]*page
	missing page
	manner  manner
	form    string // path that a name and a password are sent to, "" if there is none
	refusal page
}

// page is what is at one path.
type page struct {
	kind     string // content type
	status   int
	content  func() []byte
	modified time.Time
}

func constant(b []byte) func() []byte { return func() []byte { return b } }

// New makes the site of a seed. Pictures are made when somebody first wants to see
// them.
func New(seed [32]byte) *Site { return newMaker(seed).site() }

// ServeHTTP answers a request as any server of files would.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p, known := s.pages[r.URL.Path]
	switch {
	case r.URL.Path == s.form && r.Method == http.MethodPost:
		s.write(w, r, &s.refusal)
	case !known && s.manner.slash && s.pages[r.URL.Path+"/"] != nil:
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
	case !known:
		s.write(w, r, &s.missing)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		s.write(w, r, p)
	}
}

func (s *Site) write(w http.ResponseWriter, r *http.Request, p *page) {
	content := p.content()
	h := w.Header()
	h.Set("Content-Type", p.kind)
	for name, value := range s.manner.always {
		h.Set(name, value)
	}
	if p.status != http.StatusOK {
		h.Set("Content-Length", strconv.Itoa(len(content)))
		w.WriteHeader(p.status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(content) // the visitor may have gone
		}
		return
	}
	if c := s.manner.cache; c != "" && (s.manner.cacheAll || !strings.HasPrefix(p.kind, "text/html")) {
		h.Set("Cache-Control", c)
	}
	if tag := s.manner.tag(content, p.modified); tag != "" {
		h.Set("Etag", tag)
	}
	modified := p.modified
	if !s.manner.dated {
		modified = time.Time{}
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(content))
}

// manner is how a server answers, whatever it is asked.
type manner struct {
	always   map[string]string // headers
	cache    string
	cacheAll bool // pages too
	dated    bool // Last-Modified
	tags     int
	slash    bool // paths end with one
}

// tag returns the entity tag of a page (RFC 9110, section 8.8.3), in the way of one
// kind of server.
func (m *manner) tag(content []byte, modified time.Time) string {
	sum := sha256.Sum256(content)
	switch m.tags {
	case 1:
		return fmt.Sprintf(`"%x-%x"`, modified.Unix(), len(content))
	case 2:
		return `"` + hex.EncodeToString(sum[:8]) + `"`
	case 3:
		return `W/"` + hex.EncodeToString(sum[:10]) + `"`
	case 4:
		return fmt.Sprintf(`"%x-%x"`, len(content), modified.UnixMicro())
	}
	return ""
}

func newManner(r *rand.Rand, token string) manner {
	m := manner{always: map[string]string{}, tags: r.IntN(5), slash: r.IntN(4) == 0}
	m.dated = m.tags == 0 || r.IntN(3) > 0
	sometimes := func(n int, name string, values ...string) {
		if r.IntN(n) == 0 {
			m.always[name] = values[r.IntN(len(values))]
		}
	}
	sometimes(4, "Server", token, "httpd", "web", token+"/"+strconv.Itoa(1+r.IntN(4))+"."+strconv.Itoa(r.IntN(20)))
	sometimes(2, "X-Content-Type-Options", "nosniff")
	sometimes(3, "X-Frame-Options", "SAMEORIGIN", "DENY")
	sometimes(3, "Referrer-Policy", "no-referrer", "same-origin", "strict-origin-when-cross-origin")
	sometimes(5, "Permissions-Policy", "interest-cohort=()", "geolocation=(), camera=(), microphone=()", "geolocation=()")
	sometimes(5, "Content-Language", "en")
	sometimes(6, "Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'", "frame-ancestors 'self'", "frame-ancestors 'none'")
	sometimes(6, "X-Robots-Tag", "noindex", "noindex, nofollow")
	if r.IntN(3) > 0 {
		ages := []int{60, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 172800, 604800, 2592000, 31536000}
		age := "max-age=" + strconv.Itoa(ages[r.IntN(len(ages))])
		m.cache = []string{age, "public, " + age, "no-cache", age + ", must-revalidate", "private, " + age}[r.IntN(5)]
		m.cacheAll = r.IntN(2) == 0
	}
	return m
}

package bundle_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/warren-p2p/warren/internal/webui/bundle"
	"github.com/warren-p2p/warren/web"
)

func served(t *testing.T) *bundle.Bundle {
	t.Helper()
	b, err := bundle.New(fstest.MapFS{
		"index.html":               {Data: []byte("<!doctype html><script>first()</script>" + strings.Repeat("page ", 200))},
		"assets/index-D3adB33f.js": {Data: []byte(strings.Repeat("let x;", 1000))},
		"icon.png":                 {Data: bytes.Repeat([]byte{0x89}, 1000)},
		"sw.js":                    {Data: []byte("short")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Files come with their type, packed for whom can unpack them, and are kept as long as
// their name says.
func TestServe(t *testing.T) {
	b := served(t)
	for _, c := range []struct {
		method, path, accept string
		status               int
		kind, coding, cache  string
	}{
		{"GET", "/", "gzip, deflate, br", 200, "text/html; charset=utf-8", "gzip", "private, no-cache"},
		{"GET", "/index.html", "", 200, "text/html; charset=utf-8", "", "private, no-cache"},
		{"GET", "/", "br, gzip;q=0", 200, "text/html; charset=utf-8", "", "private, no-cache"},
		{"GET", "/", "GZIP;q=0.5", 200, "text/html; charset=utf-8", "gzip", "private, no-cache"},
		{"HEAD", "/assets/index-D3adB33f.js", "gzip", 200, "text/javascript; charset=utf-8", "gzip", "private, max-age=31536000, immutable"},
		{"GET", "/icon.png", "gzip", 200, "image/png", "", "private, no-cache"},
		{"GET", "/sw.js", "gzip", 200, "text/javascript; charset=utf-8", "", "private, no-cache"},
		{"GET", "/assets/", "gzip", 404, "text/plain; charset=utf-8", "", ""},
		{"GET", "/../index.html", "", 404, "text/plain; charset=utf-8", "", ""},
		{"POST", "/", "", 405, "text/plain; charset=utf-8", "", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, "/", nil)
		r.URL.Path = c.path
		if c.accept != "" {
			r.Header.Set("Accept-Encoding", c.accept)
		}
		rec := httptest.NewRecorder()
		b.ServeHTTP(rec, r)
		h := rec.Header()
		if rec.Code != c.status || h.Get("Content-Type") != c.kind || h.Get("Content-Encoding") != c.coding || h.Get("Cache-Control") != c.cache {
			t.Errorf("%s %s for %q: %d, %v", c.method, c.path, c.accept, rec.Code, h)
		}
		if c.status != 200 {
			continue
		}
		if (rec.Body.Len() == 0) != (c.method == "HEAD") || !strings.Contains(h.Get("Content-Security-Policy"), "require-trusted-types-for 'script'") {
			t.Errorf("%s %s: %d bytes, %v", c.method, c.path, rec.Body.Len(), h)
		}
		// Whoever has it is told so, and whoever has it in the other form gets it anew.
		for tag, want := range map[string]int{h.Get("ETag"): 304, `"x", W/` + h.Get("ETag"): 304, "*": 304, `"x"`: 200, strings.ReplaceAll(h.Get("ETag")+"-gzip", `-gzip"-gzip`, `"`): 200} {
			r.Header.Set("If-None-Match", tag)
			rec := httptest.NewRecorder()
			if b.ServeHTTP(rec, r); rec.Code != want || want == 304 && rec.Body.Len() > 0 {
				t.Errorf("%s with %s: %d", c.path, tag, rec.Code)
			}
		}
	}
}

// The script that stands in the page may run, and no other that somebody could put there.
// The sum is what OpenSSL says: printf 'first()' | openssl dgst -sha256 -binary | base64.
func TestPolicy(t *testing.T) {
	rec := httptest.NewRecorder()
	served(t).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if got := rec.Header().Get("Content-Security-Policy"); !strings.Contains(got, " script-src 'self' 'sha256-fDYmfWjvur9AxjhDbjHe6RvExc05MbXhhrbgz2vvy/A='; ") {
		t.Errorf("policy %q", got)
	}
}

// What is packed is the file, and it is packed once.
func TestPacked(t *testing.T) {
	b := served(t)
	var bodies [2]bytes.Buffer
	for i := range bodies {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/assets/index-D3adB33f.js", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		rec := httptest.NewRecorder()
		rec.Body = &bodies[i]
		b.ServeHTTP(rec, r)
	}
	z, err := gzip.NewReader(bytes.NewReader(bodies[0].Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil || string(text) != strings.Repeat("let x;", 1000) || bodies[0].Len() > 600 || !bytes.Equal(bodies[0].Bytes(), bodies[1].Bytes()) {
		t.Errorf("%d bytes of %d, %v", len(text), bodies[0].Len(), err)
	}
}

// A build that cannot be served whole is none.
func TestRefused(t *testing.T) {
	for _, dist := range []fstest.MapFS{{"main.js": {}}, {"index.html": {}, "secret.map": {}}, {"index.html": {}, "noext": {}}} {
		if _, err := bundle.New(dist); err == nil {
			t.Errorf("%v is taken", dist)
		}
	}
}

// What is committed is served, and leads whoever has no JavaScript to the plain pages.
func TestBuilt(t *testing.T) {
	b, err := bundle.New(web.Dist())
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	page := rec.Body.String()
	if rec.Code != 200 || !strings.Contains(page, `href="/plain/"`) || !strings.Contains(page, `url=/plain/`) {
		t.Errorf("%d: %s", rec.Code, page)
	}
	for _, bad := range []string{"http://", "https://", "//cdn", "<style", " style=", " onload="} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

package made

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func seeded(n uint64) *Site { return New(seedOf(n)) }

func ask(s *Site, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// account is all that can be had of a site without guessing.
func account(t testing.TB, s *Site) string {
	var b strings.Builder
	for _, path := range append(slices.Sorted(maps.Keys(s.pages)), "/not/there") {
		r := ask(s, http.MethodGet, path)
		fmt.Fprintf(&b, "%s %d %v\n%s\n", path, r.StatusCode, r.Header, body(t, r))
	}
	return b.String()
}

// TestSame: a node that starts again shows the same site.
func TestSame(t *testing.T) {
	for n := range uint64(2) {
		first, again := account(t, seeded(n)), account(t, seeded(n))
		if first != again {
			t.Errorf("seed %d: two sites", n)
		}
	}
}

// TestDifferent: no two of many sites have a page, a set of paths or a set of headers
// in common.
func TestDifferent(t *testing.T) {
	const sites = 400
	seen := map[string]uint64{}
	once := func(what, value string, n uint64) {
		if first, ok := seen[what+value]; ok {
			t.Errorf("seeds %d and %d have the same %s:\n%.300s", first, n, what, value)
		}
		seen[what+value] = n
	}
	names := map[string]int{}
	for n := range uint64(sites) {
		s := seeded(n)
		front := ask(s, http.MethodGet, "/")
		once("front page", body(t, front), n)
		once("style", newMaker(seedOf(n)).look.css(), n)
		var paths []string
		for path := range s.pages {
			paths = append(paths, path)
		}
		slices.Sort(paths)
		once("paths", strings.Join(paths, " "), n)
		header := front.Header
		once("headers", fmt.Sprint(header), n)
		names[fmt.Sprint(slices.Sorted(maps.Keys(header)))]++
	}
	for set, n := range names {
		if n > sites/8 {
			t.Errorf("%d of %d sites send the headers %s", n, sites, set)
		}
	}
	if len(names) < 40 {
		t.Errorf("only %d sets of headers", len(names))
	}
}

func seedOf(n uint64) (seed [32]byte) {
	binary.BigEndian.PutUint64(seed[:], n)
	return seed
}

// TestNothingInCommon: there is no line that many of these sites have and that could
// be looked for, but what all the web has.
func TestNothingInCommon(t *testing.T) {
	const sites = 200
	lines := map[string]int{}
	for n := range uint64(sites) {
		mine := map[string]bool{}
		for _, p := range seeded(n).pages {
			if !strings.HasPrefix(p.kind, "text/") {
				continue
			}
			for line := range strings.Lines(strings.ReplaceAll(string(p.content()), ">", ">\n")) {
				mine[strings.TrimSpace(line)] = true
			}
		}
		for line := range mine {
			lines[line]++
		}
	}
	common := regexp.MustCompile(`^(<meta (name=.?viewport|charset)|<link rel=|<!)`)
	for line, n := range lines {
		if len(line) > 16 && n > sites/4 && !common.MatchString(line) {
			t.Errorf("%d of %d sites have %q", n, sites, line)
		}
	}
}

// TestLinks: whatever a page refers to is there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`(?:href|src)=["']?(/[^"' >]*)`)
	kinds := map[string]int{}
	for n := range uint64(10) {
		s := seeded(n)
		for path, p := range s.pages {
			r := ask(s, http.MethodGet, path)
			content := body(t, r)
			if r.StatusCode != http.StatusOK || content == "" {
				t.Errorf("seed %d: %s: status %d, %d bytes", n, path, r.StatusCode, len(content))
			}
			kinds[p.kind]++
			if strings.HasPrefix(p.kind, "image/") {
				if _, _, err := image.Decode(bytes.NewReader([]byte(content))); err != nil {
					t.Errorf("seed %d: %s: %v", n, path, err)
				}
			}
			for _, m := range link.FindAllStringSubmatch(content, -1) {
				if s.pages[m[1]] == nil {
					t.Errorf("seed %d: %s refers to %s, which is not there", n, path, m[1])
				}
			}
		}
	}
	if len(kinds) < 6 {
		t.Errorf("kinds of files: %v", kinds)
	}
}

// TestAnswers: what is not asked for as it should be is answered as servers do.
func TestAnswers(t *testing.T) {
	forms, redirects, notModified := 0, 0, 0
	for n := range uint64(40) {
		s := seeded(n)
		for _, path := range []string{"/no/such/page", "/..%2fetc", "/%00", "/index.php"} {
			if r := ask(s, http.MethodGet, path); r.StatusCode != http.StatusNotFound {
				t.Errorf("seed %d: %s: status %d", n, path, r.StatusCode)
			}
		}
		if r := ask(s, http.MethodHead, "/"); r.StatusCode != http.StatusOK || body(t, r) != "" {
			t.Errorf("seed %d: HEAD: status %d or a body", n, r.StatusCode)
		}
		if r := ask(s, http.MethodDelete, "/"); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") == "" {
			t.Errorf("seed %d: DELETE: status %d", n, r.StatusCode)
		}
		if s.form != "" {
			forms++
			if r := ask(s, http.MethodPost, s.form); r.StatusCode != s.refusal.status || !strings.Contains(body(t, r), "<form") {
				t.Errorf("seed %d: POST: status %d", n, r.StatusCode)
			}
		}
		r := ask(s, http.MethodGet, "/")
		if tag := r.Header.Get("Etag"); tag != "" {
			notModified++
			if again := ask(s, http.MethodGet, "/", "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
				t.Errorf("seed %d: the same page again: status %d", n, again.StatusCode)
			}
		} else if r.Header.Get("Last-Modified") == "" {
			t.Errorf("seed %d: neither tag nor date", n)
		}
		for path := range s.pages {
			if s.manner.slash && len(path) > 1 && strings.HasSuffix(path, "/") {
				redirects++
				if r := ask(s, http.MethodGet, strings.TrimSuffix(path, "/")); r.StatusCode != http.StatusMovedPermanently {
					t.Errorf("seed %d: %s without its slash: status %d", n, path, r.StatusCode)
				}
			}
		}
	}
	if forms == 0 || redirects == 0 || notModified == 0 {
		t.Errorf("%d forms, %d redirects, %d tags: nothing was tried", forms, redirects, notModified)
	}
}

// TestClaimsNothing: no product or firm is named that somebody could look for.
func TestClaimsNothing(t *testing.T) {
	names := strings.Fields("nginx apache caddy synology qnap fritz openwrt truenas nextcloud wordpress google microsoft cisco netgear torrent warren")
	for n := range uint64(100) {
		s := seeded(n)
		for path, p := range s.pages {
			if strings.HasPrefix(p.kind, "image/") {
				continue
			}
			r := ask(s, http.MethodGet, path)
			said := strings.ToLower(path + fmt.Sprint(r.Header) + body(t, r))
			for _, name := range names {
				if strings.Contains(said, name) {
					t.Errorf("seed %d says %q at %s", n, name, path)
				}
			}
		}
	}
}

func TestHexColour(t *testing.T) {
	for _, c := range []struct {
		h, s, l int
		want    string
	}{{0, 100, 50, "#ff0000"}, {120, 100, 25, "#008000"}, {240, 100, 50, "#0000ff"}, {77, 0, 100, "#ffffff"}, {360, 50, 0, "#000000"}} {
		if got := hexColour(c.h, c.s, c.l); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

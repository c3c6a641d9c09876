// Package bundle serves the browser UI as it was built: a page, its scripts and styles,
// and nothing else. What a file is called decides how long browsers keep it: those below
// assets have the hash of their content in their name and never change; browsers ask for
// all others each time, and are told if they have them already.
package bundle

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// policy is what the page may do: load its own scripts, styles and pictures, speak with
// the node, and nothing beyond. The one script that stands in it may run, by its hash. No
// script can make markup or code of a text: that would need a policy of Trusted Types, and
// the only one is for the worker that keeps the frame of the pages (web/public/sw.js).
// Svelte builds its pages node by node (web/vite.config.ts says so).
const policy = "default-src 'none'; script-src 'self'%s; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types warren-worker"

// How long browsers keep files. What they keep tells nothing that a download of warren
// does not.
const (
	keep = "private, max-age=31536000, immutable"
	ask  = "private, no-cache"
)

// kinds are the media types of the files that a build makes.
func kinds() map[string]string {
	return map[string]string{
		".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".webmanifest": "application/manifest+json",
	}
}

// Bundle serves files. It is safe for concurrent use.
type Bundle struct {
	dist   fs.FS
	files  map[string]*file // by their paths in URLs
	policy string
}

// file is one of them. It is compressed when it is first asked for, and kept so.
type file struct {
	name, kind, cache string
	sum               string
	packed            func() ([]byte, error) // nil if that makes it no smaller
}

// minPacked is the size in bytes from which on compressing is worth it.
const minPacked = 512

// New returns what serves the files of a build. There must be an index.html, which is
// served as /, and no file of a kind that is not known.
func New(dist fs.FS) (*Bundle, error) {
	b := &Bundle{dist: dist, files: map[string]*file{}}
	known := kinds()
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f := &file{name: name, kind: known[path.Ext(name)], cache: ask}
		if f.kind == "" {
			return fmt.Errorf("%s: no media type is known for it", name)
		}
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		f.sum = hex.EncodeToString(sum[:16])
		if strings.HasPrefix(name, "assets/") {
			f.cache = keep
		}
		if len(content) >= minPacked && f.kind != "image/png" {
			f.packed = sync.OnceValues(func() ([]byte, error) { return pack(dist, name) })
		}
		b.files["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the browser UI: %w", err)
	}
	if b.files["/"] = b.files["/index.html"]; b.files["/"] == nil {
		return nil, fmt.Errorf("read the browser UI: %w: index.html", fs.ErrNotExist)
	}
	page, err := fs.ReadFile(dist, "index.html")
	if err != nil {
		return nil, fmt.Errorf("read the browser UI: %w", err)
	}
	b.policy = fmt.Sprintf(policy, inline(page))
	return b, nil
}

// inline returns the sources that let the script that stands in a page run (CSP Level 3,
// section 2.3.1): it has no attributes.
func inline(page []byte) string {
	_, rest, _ := bytes.Cut(page, []byte("<script>"))
	script, _, ok := bytes.Cut(rest, []byte("</script>"))
	if !ok {
		return ""
	}
	sum := sha256.Sum256(script)
	return " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pack compresses a file.
func pack(dist fs.FS, name string) ([]byte, error) {
	content, err := fs.ReadFile(dist, name)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	return packed.Bytes(), err
}

// ServeHTTP implements http.Handler.
func (b *Bundle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := b.files[r.URL.Path]
	switch {
	case f == nil:
		http.Error(w, "there is nothing here", http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this can only be read", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", b.policy)
	h.Set("Cache-Control", f.cache)
	tag := `"` + f.sum + `"`
	packed := f.packed != nil && takesGzip(r.Header.Values("Accept-Encoding"))
	if f.packed != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	if packed {
		tag = `"` + f.sum + `-gzip"`
	}
	h.Set("ETag", tag)
	if has(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	var body []byte
	var err error
	if packed {
		h.Set("Content-Encoding", "gzip")
		body, err = f.packed()
	} else {
		body, err = fs.ReadFile(b.dist, f.name)
	}
	if err != nil {
		h.Del("Content-Encoding")
		http.Error(w, "the page cannot be read", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", f.kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // who has gone cannot be told
	}
}

// takesGzip reports whether an Accept-Encoding names gzip, and not with weight 0 (RFC
// 9110, section 12.5.3).
func takesGzip(headers []string) bool {
	for one := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			_, q, _ := strings.Cut(weight, "=")
			return strings.Trim(strings.TrimSpace(q), "0.") != "" || strings.TrimSpace(q) == ""
		}
	}
	return false
}

// has reports whether an If-None-Match names a tag, or everything (RFC 9110, section
// 13.1.2).
func has(headers []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

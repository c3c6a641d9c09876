package facade

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func ask(h http.Handler, method, path string) (int, string, http.Header) {
	r := httptest.NewRequest(method, "/", nil)
	r.URL = &url.URL{Path: path}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// TestFolder: files are served and nothing else is, whatever the path.
func TestFolder(t *testing.T) {
	base := t.TempDir()
	write(t, base, map[string]string{
		"outside.txt": "secret", "site/index.html": "front", "site/a/b.txt": "text", "site/a/c/index.html": "inner",
		"site/.git/config": "secret", "site/.env": "secret", "site/.well-known/x": "known", "site/empty/.keep": "",
	})
	root := filepath.Join(base, "site")
	if err := os.Symlink("../outside.txt", filepath.Join(root, "link.txt")); err != nil {
		t.Fatal(err)
	}
	dir, err := vfs.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	h := Folder(dir)
	for _, c := range []struct {
		path string
		code int
		text string
	}{
		{"/", 200, "front"}, {"/index.html", 200, "front"}, {"/a/b.txt", 200, "text"}, {"/a/c/", 200, "inner"}, {"/.well-known/x", 200, "known"},
		{"/a/c", 301, ""}, {"/a/../a/b.txt", 200, "text"},
		{"/a/", 404, ""}, {"/empty/", 404, ""}, {"/a/b.txt/", 404, ""}, {"/no", 404, ""},
		{"/.git/config", 404, ""}, {"/.env", 404, ""}, {"/empty/.keep", 404, ""}, {"/../outside.txt", 404, ""}, {"/link.txt", 404, ""},
		{"/a\\b.txt", 404, ""}, {"/a/b.txt\x00", 404, ""}, {"//etc/passwd", 404, ""},
	} {
		code, text, _ := ask(h, http.MethodGet, c.path)
		if code != c.code || c.text != "" && text != c.text || strings.Contains(text, "secret") {
			t.Errorf("%q: %d %q, want %d %q", c.path, code, text, c.code, c.text)
		}
	}
	if code, text, header := ask(h, http.MethodHead, "/a/b.txt"); code != 200 || text != "" || header.Get("Etag") == "" {
		t.Errorf("HEAD: %d, %q, %v", code, text, header)
	}
	if code, _, header := ask(h, http.MethodPost, "/"); code != 405 || header.Get("Allow") == "" {
		t.Errorf("POST: %d", code)
	}
	write(t, root, map[string]string{"404.html": "own words"})
	if code, text, _ := ask(h, http.MethodGet, "/no"); code != 404 || text != "own words" {
		t.Errorf("own page for what is missing: %d %q", code, text)
	}
}

// behind starts a server that tells what it was asked, and a proxy in front of it.
func behind(t *testing.T, path string, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	upstream := httptest.NewServer(answer)
	t.Cleanup(upstream.Close)
	p, err := NewProxy(upstream.URL+path, netpolicy.Direct{})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(p)
	t.Cleanup(func() { front.CloseClientConnections(); front.Close(); p.Close() })
	return front
}

func TestProxy(t *testing.T) {
	front := behind(t, "/base", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Keep-Alive") != "" || r.Header.Get("Te") != "" || r.Header.Get("X-Forwarded-For") == "" || r.Header.Get("X-Private") != "" {
			t.Errorf("headers %v", r.Header)
		}
		switch r.URL.Path {
		case "/base/inside":
			http.Redirect(w, r, "http://"+r.Host+"/base/there?a=b", http.StatusFound)
		case "/base/outside":
			http.Redirect(w, r, "http://192.0.2.1/latest/meta-data", http.StatusFound)
		default:
			w.Header().Set("Server", "upstream")
			_, _ = io.WriteString(w, r.Method+" "+r.URL.RequestURI())
		}
	})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, front.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []string{"Keep-Alive", "Te", "X-Private"} {
			r.Header.Set(h, "x")
		}
		r.Header.Set("Connection", "X-Private")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(b)
	}
	if resp, text := get("/a?b=c"); text != "GET /base/a?b=c" || resp.Header.Get("Server") != "upstream" {
		t.Errorf("%q %v", text, resp.Header)
	}
	if resp, _ := get("/inside"); resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/there?a=b" {
		t.Errorf("redirect within: %d %v", resp.StatusCode, resp.Header)
	}
	// Not followed: it is the visitor's to follow.
	if resp, _ := get("/outside"); resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "http://192.0.2.1/latest/meta-data" {
		t.Errorf("redirect elsewhere: %d %v", resp.StatusCode, resp.Header)
	}
}

// TestProxyWebSocket: a visitor whose request for a WebSocket proves nothing gets
// what the site makes of it.
func TestProxyWebSocket(t *testing.T) {
	front := behind(t, "", func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello")
	})
	c, err := net.Dial("tcp", front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(resp, err)
	}
	if b, err := io.ReadAll(in); err != nil || string(b) != "hello" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestProxyAsksNobodyElse: whatever a visitor asks for, one server is asked.
func TestProxyAsksNobodyElse(t *testing.T) {
	var mu sync.Mutex
	hosts := map[string]int{}
	front := behind(t, "", func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		hosts[r.Host]++
	})
	for _, line := range []string{"GET http://192.0.2.1/ HTTP/1.1\r\nHost: 192.0.2.1", "GET //192.0.2.1/ HTTP/1.1\r\nHost: x", "GET /@192.0.2.1/ HTTP/1.1\r\nHost: 192.0.2.1:80", "OPTIONS * HTTP/1.1\r\nHost: y"} {
		c, err := net.Dial("tcp", front.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, line+"\r\nConnection: close\r\n\r\n")
		_, _ = io.ReadAll(c)
		c.Close()
	}
	if len(hosts) != 1 {
		t.Errorf("asked for %v", hosts)
	}
}

func TestProxyDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	p, err := NewProxy("http://"+l.Addr().String(), netpolicy.Direct{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if code, text, _ := ask(p, http.MethodGet, "/"); code != http.StatusBadGateway || strings.Contains(text, "127.0.0.1") {
		t.Errorf("%d %q", code, text)
	}
}

func TestProxyURL(t *testing.T) {
	for _, bad := range []string{"", "ftp://h", "http://", "h.example", "http://u:p@h", "http://h?q", "http://h#f", "unix:/x", "http://h:x"} {
		if _, err := NewProxy(bad, netpolicy.Direct{}); !errors.Is(err, ErrURL) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

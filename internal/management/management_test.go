package management_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/management"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// world is a server in a network in memory, whose handlers say who asks.
type world struct {
	*management.Server
	Key    *access.Key
	net    *netpolicy.Mem
	client http.Client
	tokens *access.Tokens
	audit  *audit.Log
	store  *store.Store
}

func open(t *testing.T, change func(*management.Config)) *world {
	t.Helper()
	w := &world{net: netpolicy.NewMem()}
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	w.store = s
	if w.tokens, err = access.OpenTokens(context.Background(), s, clock.System{}); err != nil {
		t.Fatal(err)
	}
	w.audit = audit.Open(s, clock.System{}, slog.New(slog.DiscardHandler))
	if w.Key, err = access.OpenKey(memfs.New()); err != nil {
		t.Fatal(err)
	}
	cfg := management.Config{
		Listen: "127.0.0.1:9471", Hosts: []string{"warren.example"}, Metrics: "loopback",
		Key: w.Key, Policy: w.net, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Tokens: w.tokens, Audit: w.audit,
		Handlers: management.Handlers{
			API: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/api/v1/follow":
					<-r.Context().Done()
					fmt.Fprint(w, "ended")
					return
				case "/api/v1/long":
					_, _ = io.Copy(io.Discard, r.Body)
					select {
					case <-r.Context().Done():
						fmt.Fprint(w, "cut off")
					case <-time.After(100 * time.Second):
						fmt.Fprint(w, "whole")
					}
					return
				case "/api/v1/panic":
					panic("no")
				case "/api/v1/read":
					if _, err := io.Copy(io.Discard, r.Body); err != nil {
						http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
						return
					}
				}
				p, _ := access.From(r.Context())
				audit.Say(r.Context(), "do", r.URL.Path)
				fmt.Fprintf(w, "%s by %s", p.Name, p.Way)
			}),
			Transmission: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "transmission") }),
			QBittorrent:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "qbittorrent") }),
			Stream: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(time.Hour)
				fmt.Fprint(w, "film")
			}),
			Prometheus: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "metrics") }),
			Health:     http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }),
			Pages: func(csrf func(*http.Request) string) (http.Handler, error) {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "page ", csrf(r)) }), nil
			},
		},
	}
	if change != nil {
		change(&cfg)
	}
	if w.Server, err = management.Open(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	w.client = http.Client{
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext:       func(ctx context.Context, _, addr string) (net.Conn, error) { return w.net.Dial(ctx, addr) },
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w
}

func (w *world) close(t *testing.T) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if err := w.audit.Close(); err != nil {
		t.Error(err)
	}
	if err := w.store.Close(); err != nil {
		t.Error(err)
	}
}

// do asks with headers "Name: value".
func (w *world) do(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.Base()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			r.Host = value
		} else {
			r.Header.Add(name, value)
		}
	}
	resp, err := w.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// key returns the owner's key.
func (w *world) key() string { return strings.TrimPrefix(w.URL(), w.Base()+"/management/") }

// enter returns the owner's cookie, as a header.
func (w *world) enter(t *testing.T) string {
	t.Helper()
	resp, _ := w.do(t, "GET", strings.TrimPrefix(w.URL(), w.Base()), "")
	cookies := resp.Cookies()
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/" || len(cookies) != 1 {
		t.Fatalf("the owner's URL: %s, %v", resp.Status, resp.Header)
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || strings.Contains(c.Value, w.key()) {
		t.Errorf("cookie %+v", c)
	}
	return "Cookie: " + c.Name + "=" + c.Value
}

// inBubble runs a test in virtual time.
func inBubble(t *testing.T, change func(*management.Config), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := open(t, change)
		defer w.close(t)
		test(t, w)
	})
}

func TestWho(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		_, text, err := w.tokens.Create(t.Context(), "tv box", []access.Scope{access.Read}, time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		cookie := w.enter(t)
		_, page := w.do(t, "GET", "/", "", cookie)
		csrf, ok := strings.CutPrefix(page, "page ")
		if !ok || len(csrf) != 43 {
			t.Fatalf("the page is %q", page)
		}
		bearer := "Authorization: Bearer "
		for name, c := range map[string]struct {
			method, path string
			headers      []string
			body         string
			status       int
			want         string // part of the answer
		}{
			"nobody":            {"GET", "/api/v1/x", nil, "", 401, "urn:warren:problem:unauthorized"},
			"key":               {"POST", "/api/v1/x", []string{bearer + w.key()}, "", 200, "owner by key"},
			"token":             {"POST", "/api/v1/x", []string{bearer + text}, "", 200, "tv box by token"},
			"wrong token":       {"GET", "/api/v1/x", []string{bearer + text + "x"}, "", 401, "not known"},
			"wrong and cookie":  {"GET", "/api/v1/x", []string{bearer + text + "x", cookie}, "", 401, "not known"},
			"two tokens":        {"GET", "/api/v1/x", []string{bearer + text, bearer + w.key()}, "", 401, "not known"},
			"basic":             {"GET", "/api/v1/x", []string{"Authorization: Basic b3duZXI6"}, "", 401, "not known"},
			"cookie":            {"GET", "/api/v1/x", []string{cookie}, "", 200, "owner by cookie"},
			"cookie changed":    {"GET", "/api/v1/x", []string{cookie[:len(cookie)-1] + "!"}, "", 401, "unauthorized"},
			"cookie alone":      {"POST", "/api/v1/x", []string{cookie}, "", 403, "X-CSRF-Token"},
			"cookie and csrf":   {"POST", "/api/v1/x", []string{cookie, "X-CSRF-Token: " + csrf}, "", 200, "owner by cookie"},
			"csrf alone":        {"POST", "/api/v1/x", []string{"X-CSRF-Token: " + csrf}, "", 401, "unauthorized"},
			"other csrf":        {"DELETE", "/api/v1/x", []string{cookie, "X-CSRF-Token: " + strings.ToLower(csrf)}, "", 403, "X-CSRF-Token"},
			"page of nobody":    {"GET", "/", nil, "", 404, "nothing here"},
			"page by token":     {"GET", "/", []string{bearer + w.key()}, "", 404, "nothing here"},
			"form without csrf": {"POST", "/add", []string{cookie, "Content-Type: application/x-www-form-urlencoded"}, "a=b", 404, "nothing here"},
			"form":              {"POST", "/add", []string{cookie, "Content-Type: application/x-www-form-urlencoded"}, "csrf=" + csrf, 200, "page"},
			"csrf in the query": {"POST", "/add?csrf=" + csrf, []string{cookie}, "", 404, "nothing here"},
			"wrong url":         {"GET", "/management/" + strings.Repeat("A", 43), nil, "", 404, "nothing here"},
			"url by post":       {"POST", "/management/" + w.key(), nil, "", 404, "nothing here"},
			"healthz":           {"GET", "/healthz", nil, "", 200, "ok\n"},
			"metrics":           {"GET", "/metrics", nil, "", 200, "metrics"},
			"transmission":      {"POST", "/transmission/rpc", nil, "", 200, "transmission"},
			"qbittorrent":       {"POST", "/api/v2/app/version", nil, "", 200, "qbittorrent"},
			"panic":             {"GET", "/api/v1/panic", []string{bearer + w.key()}, "", 500, "urn:warren:problem:internal"},
			"huge":              {"POST", "/api/v1/read", []string{bearer + w.key()}, strings.Repeat("x", 64<<20+1), 413, "too large"},
		} {
			resp, got := w.do(t, c.method, c.path, c.body, c.headers...)
			if resp.StatusCode != c.status || !strings.Contains(got, c.want) {
				t.Errorf("%s: %s, %q", name, resp.Status, got)
			}
			for header, value := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if resp.Header.Get(header) != value {
					t.Errorf("%s: %s is %q", name, header, resp.Header.Get(header))
				}
			}
			if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") {
				t.Errorf("%s: policy %q", name, csp)
			}
			if resp.StatusCode >= 400 && c.status != 413 && resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: type %q", name, resp.Header.Get("Content-Type"))
			}
		}
		time.Sleep(time.Hour)
		if resp, _ := w.do(t, "GET", "/api/v1/x", "", bearer+text); resp.StatusCode != 401 {
			t.Error("an expired token gets in")
		}
		time.Sleep(30 * 24 * time.Hour)
		if resp, _ := w.do(t, "GET", "/", "", cookie); resp.StatusCode != 404 {
			t.Error("an old cookie gets in")
		}
	})
}

func TestOrigins(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		link := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}
		for name, c := range map[string]struct {
			method  string
			headers []string
			status  int
		}{
			"program":            {"POST", nil, 200},
			"localhost":          {"POST", []string{"Host: LocalHost:9471"}, 200},
			"other port":         {"POST", []string{"Host: 127.0.0.1:1234"}, 200}, // ssh -L
			"v6":                 {"POST", []string{"Host: [::1]:9471"}, 200},
			"v6 bare":            {"POST", []string{"Host: [::1]"}, 200},
			"127/8":              {"POST", []string{"Host: 127.1.2.3"}, 200},
			"known name":         {"POST", []string{"Host: Warren.Example"}, 200},
			"rebound":            {"POST", []string{"Host: evil.example:9471"}, 421},
			"in disguise":        {"POST", []string{"Host: 127.0.0.1.evil.example"}, 421},
			"below a known name": {"POST", []string{"Host: a.warren.example"}, 421},
			"below localhost":    {"POST", []string{"Host: a.localhost:9471"}, 421},
			"other address":      {"POST", []string{"Host: 192.0.2.1:9471"}, 421},
			"any address":        {"POST", []string{"Host: 0.0.0.0:9471"}, 421},
			"trailing dot":       {"POST", []string{"Host: localhost."}, 421},
			"no port":            {"POST", []string{"Host: localhost:"}, 421},
			"port of letters":    {"POST", []string{"Host: localhost:x"}, 421},
			"user":               {"POST", []string{"Host: evil@localhost"}, 421},
			"own origin":         {"POST", []string{"Origin: http://127.0.0.1:9471", "Sec-Fetch-Site: same-origin"}, 200},
			"own, over TLS":      {"POST", []string{"Host: warren.example", "Origin: https://warren.example"}, 200},
			"other origin":       {"POST", []string{"Origin: http://evil.example"}, 403},
			"null origin":        {"POST", []string{"Origin: null"}, 403},
			"other port of ours": {"POST", []string{"Origin: http://127.0.0.1:8080"}, 403},
			"localhost is none":  {"POST", []string{"Origin: http://localhost:9471"}, 403},
			"two origins":        {"POST", []string{"Origin: http://127.0.0.1:9471", "Origin: http://evil.example"}, 403},
			"no URL":             {"POST", []string{"Origin: ://"}, 403},
			"rebound origin":     {"POST", []string{"Host: evil.example", "Origin: http://evil.example"}, 403},
			"form of a site":     {"POST", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 403},
			"same site":          {"GET", []string{"Sec-Fetch-Site: same-site"}, 403},
			"picture":            {"GET", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"}, 403},
			"frame":              {"GET", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, 403},
			"link":               {"GET", link, 200},
			"link with origin":   {"GET", append(link, "Origin: http://evil.example"), 403},
		} {
			for _, path := range []string{"/transmission/rpc", "/api/v2/app/version", "/api/v1/x"} {
				resp, body := w.do(t, c.method, path, "", append(c.headers, "Authorization: Bearer "+w.key())...)
				if resp.StatusCode != c.status {
					t.Errorf("%s: %s: %s, %q", name, path, resp.Status, body)
				}
				if resp.Header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s: %s: other origins may read it", name, path)
				}
			}
		}
	})
}

// Who follows what happens is cut off when the token is revoked, or expires.
func TestFollowing(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		follow := func(expires time.Time) (access.Token, <-chan time.Duration) {
			token, text, err := w.tokens.Create(t.Context(), "tv box", []access.Scope{access.Read}, expires)
			if err != nil {
				t.Fatal(err)
			}
			began, ended := time.Now(), make(chan time.Duration, 1)
			go func() {
				w.do(t, "GET", "/api/v1/follow", "", "Authorization: Bearer "+text)
				ended <- time.Since(began)
			}()
			return token, ended
		}
		token, ended := follow(time.Time{})
		time.Sleep(time.Second)
		if err := w.tokens.Revoke(t.Context(), token.ID); err != nil {
			t.Fatal(err)
		}
		if took := <-ended; took != time.Second {
			t.Errorf("a token that is revoked is good for %v more", took-time.Second)
		}
		if _, ended = follow(time.Now().Add(30 * time.Second)); <-ended != 30*time.Second {
			t.Error("an expired token is good for what lasts")
		}
	})
}

// Who guesses waits, and who knows does not.
func TestGuessing(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		guess := func() *http.Response {
			resp, _ := w.do(t, "GET", "/api/v1/x", "", "Authorization: Bearer guess")
			return resp
		}
		for i := range 10 {
			if resp := guess(); resp.StatusCode != 401 {
				t.Fatalf("guess %d: %s", i, resp.Status)
			}
		}
		if resp := guess(); resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "1" {
			t.Errorf("%s, %v", resp.Status, resp.Header)
		}
		if resp, _ := w.do(t, "GET", "/management/guess", ""); resp.StatusCode != 429 {
			t.Errorf("by the URL: %s", resp.Status)
		}
		if resp, _ := w.do(t, "GET", "/api/v1/x", "", "Authorization: Bearer "+w.key()); resp.StatusCode != 200 {
			t.Errorf("the owner waits: %s", resp.Status)
		}
		w.enter(t)
		for range 100 {
			w.do(t, "GET", "/management/guess", "")
		}
		time.Sleep(time.Second)
		if resp := guess(); resp.StatusCode != 401 {
			t.Errorf("after a second: %s", resp.Status)
		}
		if resp := guess(); resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "2" {
			t.Errorf("%s, %v", resp.Status, resp.Header)
		}
		if err := w.audit.Close(); err != nil {
			t.Fatal(err)
		}
		list, err := w.audit.List(t.Context(), 0, 100)
		n := 0
		for _, e := range list {
			if e.What == "authenticate" && e.Status == 401 {
				n++
			}
		}
		if len(list) != 12 { // one of them is the owner's
			t.Errorf("%d entries: who asks too soon washes out what was noted", len(list))
		}
		if err != nil || n != 11 {
			t.Errorf("noted %d of 11: %v", n, err)
		}
	})
}

func TestTooMany(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		_, text, err := w.tokens.Create(t.Context(), "mad", []access.Scope{access.Read}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(token string) int {
			resp, _ := w.do(t, "GET", "/api/v1/x", "", "Authorization: Bearer "+token)
			return resp.StatusCode
		}
		n := 0
		for ask(text) == 200 {
			n++
		}
		if n != 2000 || ask(w.key()) != 200 {
			t.Errorf("%d were let through; the owner: %d", n, ask(w.key()))
		}
		time.Sleep(time.Second)
		if ask(text) != 200 {
			t.Error("turned away for good")
		}
	})
}

func TestSlow(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			send   string
			within time.Duration
		}{
			"says nothing":  {"", 11 * time.Second},
			"half a header": {"GET / HTTP/1.1\r\nHost: 127", 11 * time.Second},
			"half a body":   {"POST /api/v1/read HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + w.key() + "\r\nContent-Length: 100\r\n\r\nx", 61 * time.Second},
			"idle":          {"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 121 * time.Second},
			"long header":   {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10), time.Second},
		} {
			c2, err := w.net.Dial(t.Context(), strings.TrimPrefix(w.Base(), "http://"))
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			go func() { _, _ = io.WriteString(c2, c.send) }()
			_, _ = io.Copy(io.Discard, c2)
			if took := time.Since(began); took > c.within {
				t.Errorf("%s: served for %v", name, took)
			}
			c2.Close()
		}
		if resp, body := w.do(t, "GET", "/stream/secret/0", ""); resp.StatusCode != 200 || body != "film" {
			t.Errorf("a film of an hour: %s, %q", resp.Status, body)
		}
	})
}

// An answer may take longer to make than a request to come in: a backup, or a file that
// is fetched from a slow server.
func TestLong(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for method, body := range map[string]string{"GET": "", "POST": "x", "PUT": ""} {
			if resp, got := w.do(t, method, "/api/v1/long", body, "Authorization: Bearer "+w.key()); resp.StatusCode != 200 || got != "whole" {
				t.Errorf("%s: %s, %q", method, resp.Status, got)
			}
		}
	})
}

func TestMetrics(t *testing.T) {
	for who, want := range map[string][2]int{"loopback": {200, 200}, "token": {401, 200}, "off": {404, 404}} {
		inBubble(t, func(cfg *management.Config) { cfg.Metrics = who }, func(t *testing.T, w *world) {
			without, _ := w.do(t, "GET", "/metrics", "")
			with, _ := w.do(t, "GET", "/metrics", "", "Authorization: Bearer "+w.key())
			if got := [2]int{without.StatusCode, with.StatusCode}; got != want {
				t.Errorf("%s: %v", who, got)
			}
		})
	}
}

// With a new key, what the one before opened is shut, and what was followed with it ends.
func TestReplacedKey(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		cookie, old := w.enter(t), w.key()
		_, token, err := w.tokens.Create(t.Context(), "tv box", []access.Scope{access.Admin}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		bearer := "Authorization: Bearer "
		followed := make(chan string, 2)
		for _, by := range []string{bearer + old, cookie} {
			go func() {
				_, text := w.do(t, "GET", "/api/v1/follow", "", by)
				followed <- text
			}()
		}
		ended := make(chan string, 1)
		go func() {
			_, text := w.do(t, "GET", "/api/v1/follow", "", bearer+token)
			ended <- text
		}()
		synctest.Wait()
		made, err := w.Key.Replace()
		if err != nil || made == old || w.key() != made {
			t.Fatalf("%q, %v", made, err)
		}
		for range 2 {
			if text := <-followed; text != "ended" {
				t.Errorf("followed: %q", text)
			}
		}
		for name, c := range map[string]struct {
			path, header string
			status       int
		}{
			"old key": {"/api/v1/x", bearer + old, 401}, "old cookie": {"/api/v1/x", cookie, 401}, "old cookie, page": {"/", cookie, 404},
			"old url": {"/management/" + old, "X: y", 404}, "new key": {"/api/v1/x", bearer + made, 200}, "token": {"/api/v1/x", bearer + token, 200},
			"new cookie": {"/", w.enter(t), 200},
		} {
			if resp, text := w.do(t, "GET", c.path, "", c.header); resp.StatusCode != c.status {
				t.Errorf("%s: %s, %s", name, resp.Status, text)
			}
		}
		select {
		case text := <-ended:
			t.Errorf("what a token follows ended: %q", text)
		default:
		}
	})
}

func TestNotForOthers(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:9471", ":9471", "[::]:0", "192.0.2.1:1", "example:1", "127.0.0.1"} {
		if _, err := management.Open(t.Context(), management.Config{Listen: addr, Policy: netpolicy.NewMem()}); err == nil {
			t.Errorf("%s is served", addr)
		}
	}
}

// A form that is too large is told from one that another page has sent.
func TestGiantForm(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		cookie := w.enter(t)
		_, page := w.do(t, "GET", "/", "", cookie)
		csrf := strings.TrimPrefix(page, "page ")
		const kind = "Content-Type: multipart/form-data; boundary=x"
		part := func(name, text string) string {
			return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"f\"\r\n\r\n" + text + "\r\n"
		}
		field := strings.Replace(part("csrf", csrf), "; filename=\"f\"", "", 1)
		for name, c := range map[string]struct {
			body, cookie string
			want         int
		}{
			"small":          {field + part("file", "x") + "--x--\r\n", cookie, 200},
			"of nobody":      {field + part("file", "x") + "--x--\r\n", "X: y", 404},
			"without a word": {part("file", "x") + "--x--\r\n", cookie, 404},
		} {
			if resp, text := w.do(t, "POST", "/add", c.body, kind, c.cookie); resp.StatusCode != c.want {
				t.Errorf("%s: %s, %.200s", name, resp.Status, text)
			}
		}
		c, err := w.net.Dial(t.Context(), strings.TrimPrefix(w.Base(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /add HTTP/1.1\r\nHost: %s\r\n%s\r\n%s\r\nContent-Length: %d\r\n\r\n", strings.TrimPrefix(w.Base(), "http://"), kind, cookie, 65<<20)
		answer := make([]byte, 12) // comes before the body is sent
		if _, err := io.ReadFull(c, answer); err != nil || string(answer) != "HTTP/1.1 413" {
			t.Errorf("a giant: %q, %v", answer, err)
		}
	})
}

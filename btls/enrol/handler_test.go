package enrol

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
	"time"
)

// visit makes a request and returns the whole answer as text, but for the date.
func (w *world) visit(t *http.Transport, method, path string, header http.Header, body []byte) string {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, "https://"+w.addr+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	resp, err := t.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	resp.Header.Del("Date")
	b, err := httputil.DumpResponse(resp, true)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func bearer(token []byte) http.Header {
	return http.Header{"Content-Type": {typeRequest}, "Authorization": {"Bearer " + base64.RawURLEncoding.EncodeToString(token)}}
}

// What is not exactly right is answered as if there were no service, whatever it
// brings along.
func TestWebsiteForOthers(t *testing.T) {
	w := newWorld(t)
	good := request(t, newPeer(t))
	long := append(bytes.Clone(good), make([]byte, maxRequest)...)
	i := 0
	for name, c := range map[string]struct {
		method, path string
		header       http.Header
		body         []byte
	}{
		"wrong key":        {"POST", "/" + strings.Repeat("A", 22) + "/enrol", bearer(w.token), good},
		"short key":        {"POST", "/AAAA/enrol", bearer(w.token), good},
		"GET":              {"GET", "/" + pathKey + "/enrol", bearer(w.token), nil},
		"query":            {"POST", "/" + pathKey + "/enrol?a", bearer(w.token), good},
		"longer path":      {"POST", "/" + pathKey + "/enrol/", bearer(w.token), good},
		"escaped":          {"POST", "/" + pathKey + "/%65nrol", bearer(w.token), good},
		"wrong token":      {"POST", "/" + pathKey + "/enrol", bearer(make([]byte, 16)), good},
		"no token":         {"POST", "/" + pathKey + "/enrol", bearer(nil), good},
		"bad base64":       {"POST", "/" + pathKey + "/enrol", http.Header{"Content-Type": {typeRequest}, "Authorization": {"Bearer !"}}, good},
		"other type":       {"POST", "/" + pathKey + "/enrol", http.Header{"Authorization": bearer(w.token)["Authorization"]}, good},
		"no request":       {"POST", "/" + pathKey + "/enrol", bearer(w.token), []byte("nonsense")},
		"long":             {"POST", "/" + pathKey + "/enrol", bearer(w.token), long},
		"POST for revoked": {"POST", "/" + pathKey + "/revoked", bearer(w.token), nil},
		"something else":   {"GET", "/" + pathKey + "/members", nil, nil},
	} {
		i++
		tr := w.transport(fmt.Sprintf("198.51.%d.1", i))
		got := w.visit(tr, c.method, c.path, c.header, c.body)
		if !strings.Contains(got, fmt.Sprintf("no such page: %s %s, %d bytes", c.method, c.path, len(c.body))) {
			t.Errorf("%s: %s", name, got)
		}
		w.handler.Remove(w.service)
		if want := w.visit(tr, c.method, c.path, c.header, c.body); got != want {
			t.Errorf("%s: it differs from what a website without a service says:\n%s\n%s", name, got, want)
		}
		w.handler.Add(w.service)
	}
	if _, err := w.enrol(newPeer(t), w.token); err != nil {
		t.Errorf("the right request: %v", err)
	}
}

// After twenty wrong keys within a minute a network gets the website for the right
// one too; others do not.
func TestTwentyWrongKeysAMinute(t *testing.T) {
	w := newWorld(t)
	near, far := w.transport("198.51.100.77"), w.transport("203.0.113.1")
	served := func(tr *http.Transport) bool {
		return strings.HasPrefix(w.visit(tr, "GET", "/"+pathKey+"/revoked", nil, nil), "HTTP/2.0 200")
	}
	for i := range 20 {
		if !served(near) {
			t.Fatalf("after %d wrong ones", i)
		}
		w.visit(near, "GET", fmt.Sprintf("/%022d/revoked", i), nil, nil)
	}
	if served(near) {
		t.Error("the right key is served after twenty wrong ones")
	}
	if !served(far) {
		t.Error("another network is not served")
	}
	w.clock.Pass(time.Minute)
	if !served(near) {
		t.Error("a minute later it is not served")
	}
}

// Without TLS there is no service.
func TestNoTLS(t *testing.T) {
	w := newWorld(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/"+pathKey+"/revoked", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	rec := &recorder{header: http.Header{}}
	w.handler.ServeHTTP(rec, r)
	if rec.status != http.StatusNotFound {
		t.Errorf("status %d", rec.status)
	}
}

type recorder struct {
	header http.Header
	status int
	bytes.Buffer
}

func (r *recorder) Header() http.Header    { return r.header }
func (r *recorder) WriteHeader(status int) { r.status = status }

// Nothing is sent to a service that has not the right key.
func TestPin(t *testing.T) {
	w := newWorld(t)
	c := w.client()
	c.Pins = [][32]byte{{1}}
	if _, err := c.Enrol(t.Context(), newPeer(t), w.token); !errors.Is(err, ErrPin) {
		t.Errorf("another key: %v", err)
	}
	c.Pins = nil
	if _, err := c.Enrol(t.Context(), newPeer(t), w.token); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	if list, err := w.service.Invites(); err != nil || list[0].Uses != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestURL(t *testing.T) {
	key := strings.Repeat("k", 22)
	for _, good := range []string{"https://host/" + key + "/enrol", "https://[::1]:7/" + key + "/enrol"} {
		if err := CheckURL(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "http://host/" + key + "/enrol", "https://host/enrol", "https://host/" + key, "https:///" + key + "/enrol",
		"https://u@host/" + key + "/enrol", "https://host/" + key + "/enrol?q", "https://host/" + key + "/enrol#f",
		"https://host/" + key + "/enrol/", "https://host/short/enrol", "https://host/" + key + "/%65nrol", "https://host/admin/" + key + "/enrol", "%",
	} {
		if err := CheckURL(bad); !errors.Is(err, ErrURL) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if at, err := (&Client{URL: "https://host/" + key + "/enrol"}).Host(); at != "host:443" || err != nil {
		t.Errorf("%s, %v", at, err)
	}
}

// A service that never answers holds a client no longer than its context, and one
// that never ends no further than its bound.
func TestHostileService(t *testing.T) {
	w := newWorld(t)
	hang := make(chan struct{})
	w.handler.site = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/"+strings.Repeat("h", 22)+"/revoked" {
			<-hang
			return
		}
		rw.Header().Set("Content-Type", typeBinary)
		for {
			if _, err := rw.Write(make([]byte, 1<<10)); err != nil {
				return
			}
		}
	})
	c := w.client()
	c.URL = "https://" + w.addr + "/" + strings.Repeat("h", 22) + "/enrol"
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	done := make(chan error)
	go func() {
		_, err := c.Revoked(ctx)
		done <- err
	}()
	cancel(enough)
	if err := <-done; !errors.Is(err, enough) {
		t.Error(err)
	}
	close(hang)
	c.URL = "https://" + w.addr + "/" + strings.Repeat("e", 22) + "/enrol"
	if _, err := c.Revoked(t.Context()); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without end: %v", err)
	}
}

package courier

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a network with a web server on the Internet, one beside us and one on
// this machine.
func world(t *testing.T, answer http.HandlerFunc) *Courier {
	t.Helper()
	mem := netpolicy.NewMem()
	for name, ip := range map[string]string{"public.example": "9.9.9.9", "beside.example": "192.168.1.9", "here.example": "127.0.0.1"} {
		addr := netip.MustParseAddr(ip)
		mem.Name(name, addr)
		l, err := mem.Host(addr).Listen(t.Context(), ip+":80")
		if err != nil {
			t.Fatal(err)
		}
		s := http.Server{Handler: answer, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
		done := make(chan struct{})
		go func() { defer close(done); _ = s.Serve(l) }()
		t.Cleanup(func() { _ = s.Close(); <-done })
	}
	return New(Config{Net: mem.Host(netip.MustParseAddr("9.9.9.8")), Clock: clock.System{}, Client: "test/1"})
}

// site answers by path.
func site(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/hello":
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = fmt.Fprintf(w, "hello %s at %s%s", r.UserAgent(), r.Host, r.Referer())
	case "/to":
		http.Redirect(w, r, r.URL.Query().Get("url"), http.StatusFound)
	case "/bomb":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.CopyN(z, zeros{}, 8<<20)
		_ = z.Close()
	case "/busy":
		w.Header().Set("Retry-After", r.URL.Query().Get("after"))
		w.WriteHeader(http.StatusTooManyRequests)
	case "/never":
		<-r.Context().Done()
	case "/drip":
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, "drip")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-time.After(10 * time.Second):
			case <-r.Context().Done():
			}
		}
	case "/take":
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || string(body) != "{}" || r.Header.Get("Content-Type") != "application/json" {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.CopyN(w, zeros{}, 1<<20)
	default:
		http.NotFound(w, r)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := world(t, site)
		for _, v := range []struct {
			name, url, near string
			want            string // body, or part of the error
			err             error
		}{
			{"public", "http://public.example/hello", "", "hello test/1 at public.example", nil},
			{"beside us", "http://beside.example/hello", "", "", netpolicy.ErrNotPublic},
			{"this machine", "http://127.0.0.1/hello", "", "", netpolicy.ErrNotPublic},
			{"typed", "http://beside.example/hello", "http://beside.example/feed", "hello test/1 at beside.example", nil},
			{"typed, another port", "http://beside.example/hello", "http://beside.example:81/", "", netpolicy.ErrNotPublic},
			{"typed, another host", "http://here.example/hello", "http://beside.example/", "", netpolicy.ErrNotPublic},
			{"redirected", "http://public.example/to?url=/hello", "", "hello test/1 at public.example", nil},
			{"redirected elsewhere", "http://beside.example/to?url=http://public.example/hello", "http://beside.example/", "hello test/1 at public.example", nil},
			{"redirected inside", "http://public.example/to?url=http://127.0.0.1/hello", "http://public.example/", "", netpolicy.ErrNotPublic},
			{"redirected inside from what was typed", "http://beside.example/to?url=http://here.example/hello", "http://beside.example/", "", netpolicy.ErrNotPublic},
			{"redirected without end", "http://public.example/to?url=/to%3Furl=/to%3Furl=/to", "", "", nil},
			{"redirected to a file", "http://public.example/to?url=file:///etc/passwd", "", "", ErrURL},
			{"no URL", "ftp://public.example/", "", "", ErrURL},
			{"no host", "http:///x", "", "", ErrURL},
			{"endless", "http://public.example/" + strings.Repeat("x", maxURL), "", "", ErrURL},
			{"bomb", "http://public.example/bomb", "", "", ErrTooLong},
			{"never", "http://public.example/never", "", "", nil},
			{"drip", "http://public.example/drip", "", "", nil},
			{"missing", "http://public.example/no", "", "", nil},
		} {
			start := time.Now()
			a, err := c.Get(t.Context(), Request{URL: v.url, Near: []string{v.near}, Max: 1 << 20})
			switch {
			case v.want != "" && (err != nil || string(a.Body) != v.want):
				t.Errorf("%s: %v, %v", v.name, a, err)
			case v.want == "" && (err == nil || v.err != nil && !errors.Is(err, v.err)):
				t.Errorf("%s: %v", v.name, err)
			case time.Since(start) > wholeTimeout:
				t.Errorf("%s: took %v", v.name, time.Since(start))
			}
		}
	})
}

func TestSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := world(t, site)
		a, err := c.Get(t.Context(), Request{URL: "http://public.example/hello", Max: 100})
		if err != nil || a.Same || a.ETag != `"1"` {
			t.Fatal(a, err)
		}
		if a, err = c.Get(t.Context(), Request{URL: "http://public.example/hello", Max: 100, ETag: a.ETag}); err != nil || !a.Same {
			t.Error(a, err)
		}
	})
}

func TestMagnet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := world(t, site)
		a, err := c.Get(t.Context(), Request{URL: "http://public.example/to?url=magnet%3A%3Fxt%3Durn%3Abtih%3Aab", Max: 100})
		if err != nil || a.Magnet != "magnet:?xt=urn:btih:ab" || a.Body != nil {
			t.Error(a, err)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := world(t, site)
		for after, want := range map[string]time.Duration{
			"": 0, "120": 2 * time.Minute, "99999999": maxRetry, "-1": 0, "soon": 0, "99999999999999999999": 0,
			"Sat, 01 Jan 2000 00:05:00 GMT": 5 * time.Minute, "Fri, 31 Dec 1999 00:05:00 GMT": 0,
		} {
			_, err := c.Get(t.Context(), Request{URL: "http://public.example/busy?after=" + strings.ReplaceAll(after, " ", "+"), Max: 100})
			status, ok := errors.AsType[*StatusError](err)
			if !ok || status.Code != 429 || status.Retry != want {
				t.Errorf("%q: %+v, %v", after, status, err)
			}
		}
	})
}

func TestPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := world(t, site)
		if err := c.Post(t.Context(), "http://beside.example/take", "application/json", []byte("{}")); err != nil {
			t.Error(err)
		}
		if err := c.Post(t.Context(), "http://beside.example/take", "application/json", []byte("[]")); err == nil {
			t.Error("a refusal goes unnoticed")
		}
		if err := c.Post(t.Context(), "http://public.example/to?url=http://127.0.0.1/take", "application/json", []byte("{}")); !errors.Is(err, netpolicy.ErrNotPublic) {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Post(ctx, "http://beside.example/never", "application/json", nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// What goes wrong is said without the URL.
func TestNoKeys(t *testing.T) {
	c := New(Config{Net: netpolicy.NewMem(), Clock: clock.System{}})
	for _, u := range []string{"http://nobody.example/?key=secret", "http://[::1/secret", "secret://x", "http://secret@:80/"} {
		if _, err := c.Get(t.Context(), Request{URL: u, Max: 1}); err == nil || strings.Contains(err.Error(), "key=secret") || strings.Contains(err.Error(), "/secret") {
			t.Errorf("%s: %v", u, err)
		}
	}
}

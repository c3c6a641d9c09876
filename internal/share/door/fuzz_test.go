package door_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/booktest"
	"github.com/warren-p2p/warren/internal/share/door"
)

// FuzzServe: whatever is asked for, nobody without a token gets more than the website.
func FuzzServe(f *testing.F) {
	w := booktest.New(f)
	w.Write(map[string]string{"set/a": "one"})
	site := made.New([32]byte{5})
	d, err := door.New(site, w.Clock, nil)
	if err != nil {
		f.Fatal(err)
	}
	d.Open(w.Book)
	n := w.Draft("set", "Birds")
	n.Direct = true
	open := w.Share(n)
	n = w.Draft("set", "Birds")
	n.Passphrase = "x"
	guarded := w.Share(n)
	// TOKEN and GATE stand for the tokens, which are others each time.
	tokens := strings.NewReplacer("TOKEN", open.Token.Text(), "GATE", guarded.Token.Text())
	for _, path := range []string{"/private/TOKEN", "/private/TOKEN/file/0", "/private/TOKEN/record", "/private/GATE", "/private/GATE/AAAAAAAAAAAAAAAAAAAAAA", "/public/TOKEN", "/private//TOKEN", "/", "*"} {
		f.Add("GET", path, "page=1", "")
		f.Add("POST", path, "", "passphrase=y")
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		path = tokens.Replace(path)
		ask := func(h http.Handler) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "https://h/", strings.NewReader(body))
			r.Method, r.URL = method, &url.URL{Path: path, RawQuery: query}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.TLS = &tls.ConnectionState{}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		got := ask(d)
		if strings.HasPrefix(path, page(&open)) || strings.HasPrefix(path, page(&guarded)) {
			if strings.HasPrefix(path, page(&guarded)) && strings.Contains(got.Body.String(), "Birds") {
				t.Error("what has to be redeemed is shown")
			}
			return
		}
		if want := ask(site); got.Code != want.Code || got.Body.String() != want.Body.String() || got.Header().Get(door.Header) != "" {
			t.Errorf("%s %q is answered with %d", method, path, got.Code)
		}
		if s, err := w.Book.Find(guarded.ID); err != nil || s.Used != 0 || s.State != book.Active {
			t.Errorf("the link was used: %v", err)
		}
	})
}

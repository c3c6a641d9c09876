package webui_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/webui"
)

func TestPages(t *testing.T) {
	w := apitest.With(t, 101)
	defer w.Close(t)
	ui, err := webui.New(webui.Config{Library: w.Library, Courier: w.Courier, Logs: w.Logs, Running: w.Running()}, func(*http.Request) string { return "shown" })
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		ui.ServeHTTP(rec, r)
		return rec
	}
	key := "0000000000000000000000000000000000000001"
	for path, want := range map[string]string{
		"/": "torrent 100", "/?offset=100": "torrent 101", "/?offset=x": "Next page", "/torrent/" + key: "torrent 1", "/reachability": "port 6881",
		"/log": "Message", "/settings": "management.listen", "/style.css": "prefers-color-scheme",
	} {
		rec := ask("GET", path, nil)
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("%s: %d, %.300s", path, rec.Code, rec.Body)
		}
		if strings.Contains(rec.Body.String(), "<script") {
			t.Errorf("%s has a script", path)
		}
	}
	if rec := ask("GET", "/torrent/none", nil); rec.Code != 404 {
		t.Errorf("of no torrent: %d", rec.Code)
	}
	for _, c := range []struct {
		path string
		form url.Values
		said bool // something went wrong
	}{
		{"/do", url.Values{"key": {key}, "action": {"resume"}}, false},
		{"/do", url.Values{"key": {key}, "action": {"pause"}}, false},
		{"/do", url.Values{"key": {key}, "action": {"explode"}}, true},
		{"/do", url.Values{"key": {"none"}, "action": {"pause"}}, true},
		{"/do", url.Values{"key": {key}, "action": {"remove"}}, false},
		{"/add", url.Values{"source": {"magnet:?xt=urn:btih:" + strings.Repeat("a", 40) + "&dn=<b>bold</b>"}}, false},
		{"/add", url.Values{"source": {"http://127.0.0.1/x.torrent"}}, true},
		{"/add", url.Values{"source": {""}}, true},
	} {
		rec := ask("POST", c.path, c.form)
		if at := rec.Header().Get("Location"); rec.Code != 303 || strings.HasPrefix(at, "/?said=") != c.said {
			t.Errorf("%s %v: %d, %s", c.path, c.form, rec.Code, at)
		}
	}
	if body := ask("GET", "/?offset=99", nil).Body.String(); strings.Contains(body, "<b>") || !strings.Contains(body, "&lt;b&gt;bold") {
		t.Error("a name is taken for markup")
	}
}

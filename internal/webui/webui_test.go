package webui_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/tracking"
	"github.com/warren-p2p/warren/internal/webui"
)

func open(t *testing.T, w *apitest.World) *webui.UI {
	t.Helper()
	ui, err := webui.New(webui.Config{
		Library: w.Library, Courier: w.Courier, Logs: w.Logs, Running: w.Running(), Identities: w.Identities, Key: w.Key, Streams: w.Streams,
		Syndication: w.Syndication, Automation: w.Automation, Tracker: tracking.Service{Tracker: w.Tracker, Library: w.Library},
	}, func(*http.Request) string { return "shown" })
	if err != nil {
		t.Fatal(err)
	}
	return ui
}

func TestPages(t *testing.T) {
	w := apitest.With(t, 101)
	defer w.Close(t)
	ui := open(t, w)
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, webui.Prefix+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		ui.ServeHTTP(rec, r)
		return rec
	}
	key := "0000000000000000000000000000000000000001"
	for path, want := range map[string]string{
		"/": "torrent 100", "/?offset=100": "torrent 101", "/?offset=x": "Next page", "/torrent/" + key: "torrent 1", "/reachability": "port 6881",
		"/add": "multipart/form-data", "/tracker": "Nobody has announced yet", "/log": "worth a line", "/settings": "management.listen", "/style.css": "prefers-color-scheme",
		"/network": "wg0 is not there", "/identities": "wr1", "/backup": "Make a new key",
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
		if at := rec.Header().Get("Location"); rec.Code != 303 || strings.Contains(at, "did+not+work") != c.said {
			t.Errorf("%s %v: %d, %s", c.path, c.form, rec.Code, at)
		}
	}
	if body := ask("GET", "/?offset=99", nil).Body.String(); strings.Contains(body, "<b>") || !strings.Contains(body, "&lt;b&gt;bold") {
		t.Error("a name is taken for markup")
	}
}

// Where the UI is served as it was built, it is at /, and the plain pages below theirs;
// without it everybody is led there.
func TestRoot(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	csrf := func(*http.Request) string { return "shown" }
	cfg := webui.Config{Library: w.Library, Logs: w.Logs, Running: w.Running(), Dist: fstest.MapFS{"index.html": {Data: []byte("the UI")}}}
	with, err := webui.New(cfg, csrf)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Dist = nil
	without, err := webui.New(cfg, csrf)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ui          *webui.UI
		path        string
		code        int
		want, leads string
	}{
		{with, "/", 200, "the UI", ""},
		{with, "/plain/", 200, "There are no torrents yet", ""},
		{with, "/plain", 307, "", "/plain/"},
		{with, "/plain/none", 404, "", ""},
		{with, "/settings", 404, "", ""},
		{without, "/", 303, "", "/plain/"},
		{without, "/plain/", 200, "There are no torrents yet", ""},
		{without, "/index.html", 404, "", ""},
	} {
		rec := httptest.NewRecorder()
		c.ui.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", c.path, nil))
		if rec.Code != c.code || !strings.Contains(rec.Body.String(), c.want) || rec.Header().Get("Location") != c.leads {
			t.Errorf("%s: %d, %v, %.200s", c.path, rec.Code, rec.Header(), rec.Body)
		}
	}
	cfg.Dist = fstest.MapFS{"main.js": {}}
	if _, err := webui.New(cfg, csrf); err == nil {
		t.Error("a UI without a page is served")
	}
}

// What the owner does on the pages about what is his alone is done.
func TestOwner(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	ui, err := webui.New(webui.Config{
		Library: w.Library, Courier: w.Courier, Logs: w.Logs, Running: w.Running(), Identities: w.Identities, Key: w.Key, Streams: w.Streams,
	}, func(*http.Request) string { return "shown" })
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, webui.Prefix+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		ui.ServeHTTP(rec, r)
		return rec
	}
	for _, c := range []struct {
		form url.Values
		want string // of what is said, "" if nothing went wrong
	}{
		{url.Values{"action": {"make"}, "name": {"<b>"}, "new": {"one"}}, ""},
		{url.Values{"action": {"make"}, "name": {"me"}}, "another identity has this name"},
		{url.Values{"action": {"choose"}, "identity": {"<b>"}}, ""},
		{url.Values{"action": {"lock"}, "identity": {"<b>"}}, ""},
		{url.Values{"action": {"lock"}, "identity": {"me"}}, "no passphrase"},
		{url.Values{"action": {"unlock"}, "identity": {"<b>"}, "passphrase": {"two"}}, "wrong passphrase"},
		{url.Values{"action": {"seal"}, "identity": {"<b>"}, "passphrase": {"one"}}, ""},
		{url.Values{"action": {"rename"}, "identity": {"me"}, "name": {"I"}}, ""},
		{url.Values{"action": {"rename"}, "identity": {"me"}, "name": {"x"}}, "no such identity"},
		{url.Values{"action": {"eat"}, "identity": {"I"}}, "nothing that can be done"},
	} {
		rec := ask("POST", "/identities", c.form)
		at, err := url.Parse(rec.Header().Get("Location"))
		if said := at.Query().Get("said"); err != nil || rec.Code != 303 || at.Path != "/plain/identities" || (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%v: %d, %s", c.form, rec.Code, at)
		}
	}
	page := ask("GET", "/identities?said=%3Ci%3E", nil).Body.String()
	if strings.Contains(page, "<b>") || strings.Contains(page, "<i>") || !strings.Contains(page, "&lt;b&gt; <span class=\"dim\">(default)") || strings.Contains(page, ">locked<") {
		t.Errorf("the page is %s", page)
	}
	old := w.Key.Text()
	if rec := ask("POST", "/key", nil); rec.Code != 303 || w.Key.Is(old) || rec.Header().Get("Location") != "/management/"+w.Key.Text() {
		t.Errorf("a new key: %d, %v", rec.Code, rec.Header())
	}
	if rec := ask("POST", "/backup", nil); rec.Code != 200 || !strings.HasPrefix(rec.Header().Get("Content-Disposition"), "attachment") || rec.Body.Len() < 1000 {
		t.Errorf("a backup: %d, %v", rec.Code, rec.Header())
	}
	var film struct{ Key string }
	w.Must(t, 201, "POST", "/api/v1/torrents", map[string]any{"file": []byte("d4:infod6:lengthi9e4:name8:film.mkv12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee")}, &film)
	page = ask("GET", "/torrent/"+film.Key, nil).Body.String()
	if !strings.Contains(page, `/1/0/film.mkv" aria-label="Play film.mkv"`) || !strings.Contains(page, `/1/playlist.m3u8"`) {
		t.Errorf("nothing can be played: %s", page)
	}
}

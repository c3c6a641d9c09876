package webui_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/webui"
)

// browser is one without JavaScript.
type browser struct {
	t  *testing.T
	ui http.Handler
}

// get returns a page; a redirect is an error.
func (b browser) get(path string, status int) string {
	b.t.Helper()
	rec := httptest.NewRecorder()
	owner := access.With(context.Background(), access.Owner(access.ByCookie))
	b.ui.ServeHTTP(rec, httptest.NewRequestWithContext(owner, "GET", webui.Prefix+path, nil))
	if rec.Code != status {
		b.t.Fatalf("%s: %d to %s: %.300s", path, rec.Code, rec.Header().Get("Location"), rec.Body)
	}
	if status == http.StatusSeeOther {
		return strings.TrimPrefix(rec.Header().Get("Location"), webui.Prefix)
	}
	return rec.Body.String()
}

// post sends a form and returns where it leads, or the page that it is answered with.
func (b browser) post(path string, form url.Values) (to, page string) {
	b.t.Helper()
	rec := httptest.NewRecorder()
	owner := access.With(context.Background(), access.Owner(access.ByCookie))
	r := httptest.NewRequestWithContext(owner, "POST", webui.Prefix+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.ui.ServeHTTP(rec, r)
	return strings.TrimPrefix(rec.Header().Get("Location"), webui.Prefix), rec.Body.String()
}

// has fails unless a page has all of some texts, each as it stands in HTML.
func (b browser) has(page string, texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.t.Errorf("no %q in %s", text, page)
		}
	}
}

// TestGiving goes the whole way without JavaScript: choose, read, share, publish, end.
func TestGiving(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	if err := vfs.WriteFileAtomic(w.Folder(apitest.Disk), "disk/birds/<b>.key", []byte("\x89PNG\r\n\x1a\nbroken"), 0o644); err != nil {
		t.Fatal(err)
	}
	ui, err := webui.New(webui.Config{Library: w.Library, Logs: w.Logs, Running: w.Running(), Sharing: w.Sharing}, func(*http.Request) string { return "csrf-word" })
	if err != nil {
		t.Fatal(err)
	}
	b := browser{t, ui}
	b.has(b.get("/shares", 200), "Nothing is shared yet", `href="/plain/share"`)
	b.has(b.get("/share", 200), `value="/disk/birds"`, `value="csrf-word"`, `href="/plain/share?path=%2f"`)
	b.has(b.get("/share?path=/disk/birds", 200), "&lt;b&gt;.key", `value="/disk/birds/song"`)
	if to := b.get("/share?path=/nowhere", 303); !strings.HasPrefix(to, "/share?said=") {
		t.Errorf("to %s", to)
	}
	if to, _ := b.post("/share", url.Values{"path": {"/state"}}); !strings.Contains(to, "never+shared") {
		t.Errorf("the keys of the node: %s", to)
	}
	at, _ := b.post("/share", url.Values{"path": {"/disk/birds"}})
	if !strings.HasPrefix(at, "/share/draft/") {
		t.Fatalf("to %s", at)
	}
	id := strings.TrimPrefix(at, "/share/draft/")
	apitest.Until(t, w, "/api/v1/shares/drafts/"+id, func(d sharing.Draft) bool { return d.State == "ready" })
	b.has(b.get(at, 200), "What others learn", "&lt;b&gt;.key</code></bdi>: It looks like a key", "Nobody can say what it tells", `name="confirmed" value="yes" required`, "Nothing was found in the files")
	_, page := b.post(at, url.Values{"do": {"share-draft"}, "title": {"<Birds>"}, "description": {"at\r\ndawn"}, "tags": {"a, b,"}, "days": {"7"}, "licence": {"CC-BY-4.0"}})
	b.has(page, "That is not enough yet: confirmed", `value="&lt;Birds&gt;"`, "at\ndawn</textarea>", `value="a, b"`, `value="7" selected`, `value="CC-BY-4.0" selected`)
	if to, _ := b.post(at, url.Values{"do": {"share-draft"}, "title": {"<Birds>"}, "confirmed": {"yes"}, "tags": {"a, b,"}, "days": {"7"}, "uses": {"2"}, "direct": {"yes"}, "direct-limit": {"5MB"}}); to != at {
		t.Fatalf("to %s", to)
	}
	apitest.Until(t, w, "/api/v1/shares/drafts/"+id, func(d sharing.Draft) bool { return d.State == "done" })
	to, _, _ := strings.Cut(b.get(at, 303), "?")
	page = b.get(to, 200)
	b.has(page, "&lt;Birds&gt;", "https://node.example:51413/private/", `src="/plain`+to+`/qr/private"`, "0 so far, 2 left", "files of up to 5.00 MB", "<dd>a, b</dd>")
	b.has(b.get(to+"/qr/private", 200), "<svg")
	b.get(to+"/qr/public", 404)
	if said, _ := b.post(to, url.Values{"do": {"publish-share"}, "confirmed": {"yes"}}); !strings.Contains(said, "licence") {
		t.Errorf("published without a licence: %s", said)
	}
	b.post(to, url.Values{"do": {"publish-share"}, "confirmed": {"yes"}, "licence": {"CC0-1.0"}})
	b.has(b.get(to, 200), "Make it private again", `/qr/public"`)
	b.has(b.get("/shares", 200), "https://node.example:51413/public/", "&lt;Birds&gt;")
	b.post(to, url.Values{"do": {"unpublish-share"}})
	b.has(b.get(to, 200), "Make it public")
	b.post(to, url.Values{"do": {"revoke-share"}})
	b.has(b.get(to, 200), "Forget that there was one")
	if w.Seeds.Len() > 0 {
		t.Error("something is still seeded")
	}
	b.post(to, url.Values{"do": {"revoke-share"}})
	b.get(to, 404)
	if to, _ := b.post("/share/draft/"+id, url.Values{"do": {"drop-draft"}}); to != "/share" {
		t.Errorf("dropped: to %s", to)
	}
	for _, path := range []string{"/share/draft/" + id, "/shares/x"} {
		if to, _ := b.post(path, url.Values{"do": {"explode"}}); !strings.Contains(to, "nothing+that+can+be+done") {
			t.Errorf("%s: to %s", path, to)
		}
	}
}

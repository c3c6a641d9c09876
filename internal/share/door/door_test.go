package door_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/booktest"
	"github.com/warren-p2p/warren/internal/share/door"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/metainfo"
)

// house is a world with a door before a website.
type house struct {
	*booktest.World
	door *door.Handler
	site http.Handler
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{World: booktest.New(t), site: made.New([32]byte{5})}
	h.Write(map[string]string{"set/a": "one", "set/b.html": strings.Repeat("<script>two</script>", 5_000), "set/empty": ""})
	var err error
	if h.door, err = door.New(h.site, h.Clock, nil); err != nil {
		t.Fatal(err)
	}
	h.door.Open(h.Book)
	return h
}

// ask asks over TLS, and returns the answer.
func ask(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://node.example:6881"+path, strings.NewReader(body))
	r.TLS = &tls.ConnectionState{}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (h *house) get(path string, header ...string) *httptest.ResponseRecorder {
	return ask(h.door, http.MethodGet, path, "", header...)
}

func page(s *book.Share) string { return link.PrivatePath + s.Token.Text() }

// asked returns what is asked for of a share, below its page.
func asked() []string { return []string{"", "/record", "/torrent", "/file/0"} }

// likeTheSite reports how an answer differs from that of the website behind for the same
// request.
func (h *house) likeTheSite(method, path, body string) error {
	got, want := ask(h.door, method, path, body), ask(h.site, method, path, body)
	if got.Code != want.Code || got.Body.String() != want.Body.String() || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
		return fmt.Errorf("%s %s: %d %v, the site says %d %v", method, path, got.Code, got.Header(), want.Code, want.Header())
	}
	return nil
}

// TestNothingToFind: a token that is wrong, expired, used up or revoked is answered as if
// nobody had ever shared anything here, whatever is asked for and by whichever method.
func TestNothingToFind(t *testing.T) {
	h := newHouse(t)
	draft := func(change func(*book.New)) book.Share {
		n := h.Draft("set", "Birds")
		n.Direct, n.Licence.ID = true, "MIT"
		change(&n)
		return h.Share(n)
	}
	expired := draft(func(n *book.New) { n.Expires = booktest.Begin().Add(time.Minute) })
	used := draft(func(n *book.New) { n.Uses = 1 })
	revoked := draft(func(n *book.New) {})
	guarded := draft(func(n *book.New) { n.Passphrase = "x" })
	public := draft(func(n *book.New) {})
	ticket, err := h.Book.Redeem(t.Context(), used.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	lost, err := h.Book.Redeem(t.Context(), guarded.Token, "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Book.Publish(t.Context(), public.ID, book.Publication{Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	list, err := h.Book.PublicLink(record.ID{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Book.Unpublish(t.Context(), public.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.Book.Revoke(t.Context(), revoked.ID, false); err != nil {
		t.Fatal(err)
	}
	h.Clock.Pass(time.Minute)
	for name, base := range map[string]string{
		"expired": page(&expired), "used up": page(&used), "revoked": page(&revoked), "made up": "/private/" + link.NewToken().Text(),
		"somebody else's ticket": page(&used) + "/" + lost.Text(), "a ticket made up": page(&guarded) + "/" + link.NewToken().Text(),
		"a ticket without a token": "/private/" + link.NewToken().Text() + "/" + ticket.Text(), "not redeemed": page(&guarded) + "/x",
		"nothing public any more": "/public/" + list.Token.Text(), "not public": "/public/" + list.Token.Text() + "/" + guarded.ID.String(),
		"private as public": "/public/" + guarded.Token.Text(), "public as private": "/private/" + list.Token.Text(),
		"no token": "/private", "empty": "/private/", "short": "/private/AAAA", "slash": page(&guarded) + "/", "slashes": page(&guarded) + "//record",
		"escaped": strings.Replace(page(&guarded), "/private/", "/private%2F", 1), "another case": strings.Replace(page(&guarded), "private", "PRIVATE", 1),
	} {
		for _, what := range asked() {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodOptions} {
				if err := h.likeTheSite(method, base+what, ""); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	for _, what := range asked()[1:] { // below a link that is to be redeemed first
		if err := h.likeTheSite(http.MethodGet, page(&guarded)+what, ""); err != nil {
			t.Error(err)
		}
	}
	if w := h.get(page(&used) + "/" + ticket.Text()); w.Code != http.StatusOK {
		t.Errorf("who has redeemed a link that is used up: %d", w.Code)
	}
	open := draft(func(*book.New) {})
	r := httptest.NewRequest(http.MethodGet, page(&open), nil) // without TLS
	w := httptest.NewRecorder()
	h.door.ServeHTTP(w, r)
	if w.Header().Get(door.Header) != "" {
		t.Error("a share is shown in clear")
	}
	h.door.Open(nil)
	if err := h.likeTheSite(http.MethodGet, page(&open), ""); err != nil {
		t.Errorf("a closed door: %v", err)
	}
}

// TestPage: what a share is, in a page that fetches nothing and runs nothing.
func TestPage(t *testing.T) {
	h := newHouse(t)
	n := h.Draft("set", "Birds & bees")
	n.Description, n.Tags, n.Licence, n.Expires = "one\ntwo", []string{"sound"}, record.Licence{ID: "CC-BY-4.0", Text: "Name me."}, booktest.Begin().Add(48*time.Hour)
	n.Provenance = record.Provenance{Author: "A. Author", Source: "https://example.org/birds", Derived: "tapes"}
	s := h.Share(n)
	w := h.get(page(&s))
	body, key := w.Body.String(), s.Key.Bytes()
	for _, want := range []string{
		"Birds &amp; bees", "one\ntwo", "sound", "CC-BY-4.0", "Name me.", "A. Author", `href="https://example.org/birds"`, "tapes", "1 December 2026",
		"b.html", "100 kB", "3 files", s.Hashes.V1.String(), s.Hashes.V2.String(), fmt.Sprintf("%x", key[:]), "warren get 'ADDRESS'", "<svg",
		page(&s) + "/record", page(&s) + "/torrent",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, no := range []string{"<script", "src=", "/file/", "style=", "@import", "url(", s.Secret.String()} {
		if strings.Contains(body, no) {
			t.Errorf("the page has %q", no)
		}
	}
	for name, want := range map[string]string{
		"Warren-Share": "open", "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow, noarchive", "X-Frame-Options": "DENY",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the policy is %s", policy)
	}
	if got, err := h.Book.Find(s.ID); err != nil || got.Visits != 1 {
		t.Errorf("%d visits, %v", got.Visits, err)
	}
	if w := ask(h.door, http.MethodPut, page(&s), ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", w.Code)
	}
	if w := ask(h.door, http.MethodPost, page(&s), ""); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page(&s) {
		t.Errorf("POST where there is nothing to redeem: %d", w.Code)
	}
}

// TestPreviews: programs that look at links, as chats do, use nothing up and learn
// nothing of what has to be redeemed.
func TestPreviews(t *testing.T) {
	h := newHouse(t)
	n := h.Draft("set", "Birds")
	n.Uses, n.Description = 1, "secret words"
	s := h.Share(n)
	for range 20 {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(h.door, method, page(&s), "")
			if w.Code != http.StatusOK || w.Header().Get(door.Header) != "redeem" {
				t.Fatalf("%s: %d", method, w.Code)
			}
			for _, no := range []string{"Birds", "secret words", "set/", s.Hashes.V1.String()} {
				if strings.Contains(w.Body.String(), no) {
					t.Errorf("the page tells %q before it is redeemed", no)
				}
			}
		}
	}
	w := ask(h.door, http.MethodPost, page(&s), "")
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, page(&s)+"/") || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("redeemed: %d, %s", w.Code, at)
	}
	for range 3 {
		if w := h.get(at); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Birds") || w.Header().Get(door.Header) != "open" {
			t.Errorf("after redeeming: %d", w.Code)
		}
	}
	h.Restart()
	h.door.Open(h.Book)
	for _, what := range []string{"/record", "/torrent"} {
		if w := h.get(at + what); w.Code != http.StatusOK {
			t.Errorf("%s after a restart: %d", what, w.Code)
		}
	}
	if err := h.likeTheSite(http.MethodPost, page(&s), ""); err != nil {
		t.Errorf("a second use: %v", err)
	}
}

func TestPassphrase(t *testing.T) {
	h := newHouse(t)
	n := h.Draft("set", "Birds")
	n.Passphrase = "open & shut"
	s := h.Share(n)
	if w := h.get(page(&s)); w.Header().Get(door.Header) != "passphrase" || !strings.Contains(w.Body.String(), `type="password"`) {
		t.Error("nothing asks for the passphrase")
	}
	for i := range 12 {
		w := ask(h.door, http.MethodPost, page(&s), "passphrase=wrong")
		want := http.StatusForbidden
		if i >= 10 {
			want = http.StatusTooManyRequests
		}
		if w.Code != want || (w.Header().Get("Retry-After") != "") != (i >= 10) {
			t.Errorf("guess %d: %d", i, w.Code)
		}
	}
	h.Clock.Pass(time.Hour)
	for name, body := range map[string]string{"none": "", "empty": "passphrase=", "too much": "passphrase=" + strings.Repeat("x", 1<<20)} {
		if w := ask(h.door, http.MethodPost, page(&s), body); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := ask(h.door, http.MethodPost, page(&s), url.Values{"passphrase": {n.Passphrase}}.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("the right one: %d", w.Code)
	}
}

// TestPapers: the record and the torrent are what a visitor needs, and have no secret.
func TestPapers(t *testing.T) {
	h := newHouse(t)
	s := h.Share(h.Draft("set", "Birds"))
	r, err := record.Parse(h.get(page(&s) + "/record").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	w := h.get(page(&s) + "/torrent")
	m, err := metainfo.Parse(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Match(m); err != nil {
		t.Error(err)
	}
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename=Birds.torrent" {
		t.Error(got)
	}
	if w := ask(h.door, http.MethodHead, page(&s)+"/record", ""); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d", w.Code)
	}
}

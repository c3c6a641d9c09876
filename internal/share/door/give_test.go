package door_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/door"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
)

func (h *house) direct(change func(*book.New)) book.Share {
	n := h.Draft("set", "Birds")
	n.Direct = true
	if change != nil {
		change(&n)
	}
	return h.Share(n)
}

// TestFile: files are sent to be saved, in ranges if that is asked for, and nothing is
// made of them by a browser.
func TestFile(t *testing.T) {
	h := newHouse(t)
	s := h.direct(nil)
	script := strings.Repeat("<script>two</script>", 5_000)
	at := page(&s) + "/file/"
	w := h.get(at + "1")
	if w.Code != http.StatusOK || w.Body.String() != script {
		t.Fatalf("%d, %d bytes", w.Code, w.Body.Len())
	}
	tag := w.Header().Get("Etag")
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename=b.html",
		"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive", "Content-Length": "100000", "Accept-Ranges": "bytes",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, c := range []struct {
		name, file string
		header     []string
		status     int
		body       string
	}{
		{"a range", "1", []string{"Range", "bytes=40000-40007"}, 206, script[40000:40008]},
		{"the end", "1", []string{"Range", "bytes=-3"}, 206, script[len(script)-3:]},
		{"a range of the same", "1", []string{"Range", "bytes=0-1", "If-Range", tag}, 206, "<s"},
		{"a range of another", "0", []string{"Range", "bytes=0-1", "If-Range", tag}, 200, "one"},
		{"what is there", "1", []string{"If-None-Match", tag}, 304, ""},
		{"beyond", "0", []string{"Range", "bytes=3-"}, 416, "invalid range: failed to overlap\n"},
		{"empty", "2", nil, 200, ""},
	} {
		if w := h.get(at+c.file, c.header...); w.Code != c.status || w.Body.String() != c.body {
			t.Errorf("%s: %d %.60q", c.name, w.Code, w.Body)
		}
	}
	if got, err := h.Book.Find(s.ID); err != nil || got.Downloads != 5 { // that in which the whole begins
		t.Errorf("%d downloads, %v", got.Downloads, err)
	}
	for _, no := range []string{"3", "-1", "01", "1/x", "", "x", "99999999999999999999", "+1"} {
		if err := h.likeTheSite(http.MethodGet, at+no, ""); err != nil {
			t.Errorf("file %q: %v", no, err)
		}
	}
	if !strings.Contains(h.get(page(&s)).Body.String(), `href="`+at+`1"`) {
		t.Error("the page has no link to the file")
	}
	small := h.direct(func(n *book.New) { n.DirectLimit = 1000 })
	if err := h.likeTheSite(http.MethodGet, page(&small)+"/file/1", ""); err != nil {
		t.Errorf("a file that is too large: %v", err)
	}
	if body := h.get(page(&small)).Body.String(); strings.Contains(body, "/file/1") || !strings.Contains(body, "/file/0") {
		t.Error("the page names the wrong files to be saved")
	}
}

// TestChangedFile: what is not as it was shared is not served, wherever it was changed,
// whatever it was changed into.
func TestChangedFile(t *testing.T) {
	h := newHouse(t)
	h.Write(map[string]string{"private": "one"})
	for name, change := range map[string]func() error{
		"gone":    func() error { return h.Disk.Remove("set/a") },
		"longer":  func() error { return h.write("set/a", "two") },
		"shorter": func() error { return h.write("set/a", "on") },
		"a link": func() error {
			if err := h.write("private", "key"); err != nil {
				return err
			}
			return h.Disk.Symlink("../private", "set/a")
		},
	} {
		h.Write(map[string]string{"set/a": "one"})
		s := h.direct(nil)
		if w := h.get(page(&s) + "/file/0"); w.Code != http.StatusOK {
			t.Fatalf("%s: before: %d", name, w.Code)
		}
		if name == "a link" {
			if err := h.Disk.Remove("set/a"); err != nil {
				t.Fatal(err)
			}
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if w := h.get(page(&s) + "/file/0"); w.Code != http.StatusGone || strings.Contains(w.Body.String(), "key") || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
		if err := h.Disk.Remove("set/a"); err != nil && name != "gone" {
			t.Fatal(err)
		}
	}
}

func (h *house) write(name, text string) error {
	f, err := h.Disk.OpenFile(name, os.O_WRONLY|os.O_TRUNC|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt([]byte(text), 0); err != nil {
		return err
	}
	return f.Close()
}

// TestChangedInside: of a file that was changed in the middle only what is before that
// piece is sent, the visitor sees that it is not all, and the owner is told, without the
// token.
func TestChangedInside(t *testing.T) {
	h := newHouse(t)
	s := h.direct(nil)
	var log strings.Builder
	d, err := door.New(h.site, h.Clock, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	h.door = d
	h.door.Open(h.Book)
	f, err := h.Disk.OpenFile("set/b.html", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("X"), 50_000); err != nil {
		t.Fatal(err)
	}
	w := h.get(page(&s) + "/file/1")
	if w.Header().Get("Content-Length") != "100000" || w.Body.Len() != 32<<10 || strings.Contains(w.Body.String(), "X") {
		t.Errorf("%d bytes of %s were sent", w.Body.Len(), w.Header().Get("Content-Length"))
	}
	if said := log.String(); !strings.Contains(said, s.ID.String()) || strings.Contains(said, s.Token.Text()) {
		t.Errorf("the log says %q", said)
	}
}

// ending revokes a share when the first bytes of an answer are written.
type ending struct {
	http.ResponseWriter
	end func()
	n   int
}

func (e *ending) Write(b []byte) (int, error) {
	e.end()
	e.n += len(b)
	return e.ResponseWriter.Write(b)
}

// TestRevokedMeanwhile: to revoke a share ends what is being sent of it.
func TestRevokedMeanwhile(t *testing.T) {
	h := newHouse(t)
	s := h.direct(nil)
	var sent *ending
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = &ending{ResponseWriter: w, end: func() {
			if err := h.Book.Revoke(t.Context(), s.ID, false); err != nil && sent.n == 0 {
				t.Error(err)
			}
		}}
		h.door.ServeHTTP(sent, r)
	})
	w := ask(handler, http.MethodGet, page(&s)+"/file/1", "")
	if w.Body.Len() == 0 || w.Body.Len() >= 100_000 {
		t.Errorf("%d bytes were sent", w.Body.Len())
	}
}

// TestNames: names and words that could do something do nothing.
func TestNames(t *testing.T) {
	h := newHouse(t)
	h.Write(map[string]string{
		"evil/<img src=x onerror=alert(1)>.txt": "1",
		"evil/\x1b[31mred\r\nSet-Cookie: a=b":   "2",
		"evil/invoice\u202egpj.exe":             "3",
		"evil/'\"><script>alert(1)</script>":    "4",
		"evil/javascript:alert(1){{.}}":         "5",
		"evil/" + strings.Repeat("ö", 100):      "6",
	})
	n := h.Draft("evil", `"><svg onload=alert(1)>`)
	n.Direct, n.Description, n.Tags, n.Licence.Text = true, "</p><script>x</script>", []string{"<b>"}, "</details><iframe src=x>"
	n.Provenance.Source = `https://example.org/"onmouseover="x`
	s := h.Share(n)
	body := h.get(page(&s)).Body.String()
	for _, no := range []string{"<script", "<img", "<iframe", "onload=alert(1)>", `"onmouseover`, "<b>", "\x1b", "\u202e", "\r", `href="javascript`} {
		if strings.Contains(body, no) {
			t.Errorf("the page has %q", no)
		}
	}
	for i := range 6 {
		w := h.get(fmt.Sprintf("%s/file/%d", page(&s), i))
		got := w.Header().Get("Content-Disposition")
		if w.Code != http.StatusOK || !strings.HasPrefix(got, "attachment; filename") || strings.ContainsAny(got, "\r\n\x1b<>/\u202e") {
			t.Errorf("file %d: %d, %q", i, w.Code, got)
		}
	}
}

// TestPublic: what is public is listed, found, and had without a secret.
func TestPublic(t *testing.T) {
	h := newHouse(t)
	var last book.Share
	for i := range 30 {
		n := h.Draft("set", fmt.Sprintf("Share <%d>", i))
		n.Licence.ID, n.Tags, n.Direct = "MIT", []string{"a&b", fmt.Sprint(i % 2)}, true
		s := h.Share(n)
		var err error
		if last, err = h.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true}); err != nil {
			t.Fatal(err)
		}
	}
	l, err := h.Book.PublicLink(last.ID)
	if err != nil {
		t.Fatal(err)
	}
	list := link.PublicPath + l.Token.Text()
	for query, want := range map[string]int{"": 25, "?page=2": 5, "?page=3": 0, "?q=share+%3C7%3E": 1, "?tag=1": 15, "?tag=a%26b&page=2": 5, "?q=nothing": 0, "?page=x": 25, "?q=" + strings.Repeat("x", 1000): 25} {
		w := h.get(list + query)
		if got := strings.Count(w.Body.String(), "<h2 dir"); w.Code != http.StatusOK || got != want || w.Header().Get(door.Header) != "list" {
			t.Errorf("%.30s: %d with %d shares", query, w.Code, got)
		}
	}
	at := list + "/" + last.ID.String()
	body := h.get(at).Body.String()
	for _, want := range []string{"warren get '" + strings.ReplaceAll(l.Text(), "+", "&#43;") + "'", "magnet:?xt=urn:btih:" + last.PublicHashes.V1.String(), last.PublicHashes.V2.String(), at + "/file/0", list + "?tag=a%26b"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(body, last.Hashes.V1.String()) || strings.Contains(body, last.Token.Text()) {
		t.Error("the public page tells of the private link")
	}
	r, err := record.Parse(h.get(at + "/record").Body.Bytes())
	if err != nil || r.Hashes != last.PublicHashes {
		t.Errorf("the record: %v", err)
	}
	if w := h.get(at + "/file/0"); w.Body.String() != "one" {
		t.Errorf("a file: %d", w.Code)
	}
	if w := ask(h.door, http.MethodPost, at, ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

package feeds

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/feeds/document"
)

// page is a feed with an item.
func page(title string) string {
	return `<rss version="2.0"><channel><item><guid>bad</guid><title>` + title + `</title><link>/bad.torrent</link></item></channel></rss>`
}

// Entities of a feed's own mean nothing: neither a tree of a thousand million words, nor
// a file of ours, nor something beside us.
func TestEntities(t *testing.T) {
	laughs := `<!ENTITY a "ha">`
	for name := 'b'; name <= 'z'; name++ {
		laughs += `<!ENTITY ` + string(name) + ` "` + strings.Repeat("&"+string(name-1)+";", 10) + `">`
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		for name, own := range map[string]string{
			"a tree": laughs, "a file": `<!ENTITY z SYSTEM "file:///etc/passwd">`, "a server": `<!ENTITY z SYSTEM "` + beside + `">`,
			"by parameter": `<!ENTITY % p SYSTEM "` + beside + `"> %p;`,
		} {
			w.mu.Lock()
			w.feed, w.asked = `<?xml version="1.0"?><!DOCTYPE rss [`+own+`]>`+page("One &z;"), nil
			w.mu.Unlock()
			feed := follow(t, f, onTheInternet)
			items, err := f.Items(t.Context(), 0, 10)
			must(t, err)
			if len(items) != 1 || items[0].Title != "One &z;" || w.count("/rss") != 1 {
				t.Errorf("%s: %+v", name, items)
			}
			must(t, f.RemoveFeed(t.Context(), feed.ID))
		}
	})
}

// A feed that turned hostile says what is wrong, gets nothing added, and leaves what was
// there; once it is one again, it is read as before.
func TestHostile(t *testing.T) {
	pages := map[string]struct {
		body, to string
		says     string
	}{
		"huge":                {page(strings.Repeat("x", document.MaxBytes)), "", "too long"},
		"without end":         {"<rss><channel>" + strings.Repeat("<item>", 100_000), "", "deep"},
		"a page":              {"<html><body>Log in</body></html>", "", ""},
		"nothing":             {"", "", ""},
		"to a file":           {"", "file:///etc/passwd", "not a URL of the web"},
		"beside us":           {"", beside, "not an address on the Internet"},
		"to this machine":     {"", "http://127.0.0.1/rss", "not an address on the Internet"},
		"to its metadata":     {"", "http://169.254.169.254/latest/meta-data", "not an address on the Internet"},
		"to this machine, v6": {"", "http://[::ffff:127.0.0.1]/rss", "not an address on the Internet"},
		"in a circle":         {"", "/rss", "redirect"},
		"to a magnet link":    {"", "magnet:?xt=urn:btih:" + strings.Repeat("c", 40), ""},
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		f := w.open(t)
		w.say([2]string{"one", "/one.torrent"})
		must(t, f.SetRule(t.Context(), Rule{Name: "all", Enabled: true}))
		follow(t, f, onTheInternet)
		if got := w.took(); got != "one   []" {
			t.Fatal(got)
		}
		good := w.feed
		turn := func(body, to string) Feed {
			t.Helper()
			w.mu.Lock()
			w.feed, w.to, w.status = body, to, http.StatusOK
			if to != "" {
				w.status = http.StatusFound
			}
			w.mu.Unlock()
			time.Sleep(time.Second)
			must(t, f.Refresh(t.Context(), 0))
			synctest.Wait()
			list, err := f.Feeds(t.Context())
			must(t, err)
			items, err := f.Items(t.Context(), 0, 10)
			must(t, err)
			if got := w.took(); got != "" || len(items) != 1 || items[0].Title != "one" {
				t.Errorf("got %q, items %+v", got, items)
			}
			return list[0]
		}
		for name, page := range pages {
			if feed := turn(page.body, page.to); feed.Failures != 1 || feed.Problem == "" || !strings.Contains(feed.Problem, page.says) ||
				strings.Contains(feed.Problem, "secret") || strings.Contains(feed.Problem, "root:") || len(feed.Problem) > 500 {
				t.Errorf("%s: %d failures: %.600q", name, feed.Failures, feed.Problem)
			}
			if feed := turn(good, ""); feed.Failures != 0 || feed.Problem != "" {
				t.Errorf("after %s: %+v", name, feed)
			}
		}
	})
}

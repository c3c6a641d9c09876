package browser

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/api/apitest"
)

// TestErrands: what is in a feed is seen, and fetched by hand; torrents get other places in
// the queue; a backup is saved, an identity exported and one imported. All without a mouse.
func TestErrands(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>All of it</title>`)
		for i, title := range []string{"A harbour at night", "Birds & bees", "Nothing to fetch"} {
			link := html.EscapeString(apitest.Link(i + 1))
			if i == 2 {
				link = ""
			}
			_, _ = fmt.Fprintf(w, `<item><title>%s</title><link>%s</link><guid>%d</guid></item>`, html.EscapeString(title), link, i)
		}
		_, _ = fmt.Fprint(w, `</channel></rss>`)
	}))
	defer site.Close()
	n := start(t, nil)
	n.ask("PUT", "/feed-rules/Harbours", map[string]any{"include": "harbour"}, nil)
	n.ask("POST", "/feeds", map[string]any{"url": site.URL}, nil)
	var list struct{ Feeds []struct{ Items int } }
	for end := time.Now().Add(time.Minute); len(list.Feeds) == 0 || list.Feeds[0].Items < 3; time.Sleep(20 * time.Millisecond) {
		if n.ask("GET", "/feeds", nil, &list); time.Now().After(end) {
			t.Fatalf("the feed is not read: %+v", list)
		}
	}
	n.script("errands.mjs")
}

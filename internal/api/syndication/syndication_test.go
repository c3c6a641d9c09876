package syndication_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/syndication"
)

const feedURL = "http://tracker.example/rss?key=secret"

// serve puts a feed with items on the network in memory.
func serve(t *testing.T, w *apitest.World, items string) {
	t.Helper()
	w.Net.Name("tracker.example", netip.MustParseAddr("9.9.9.9"))
	l, err := w.Net.Host(netip.MustParseAddr("9.9.9.9")).Listen(t.Context(), "9.9.9.9:80")
	if err != nil {
		t.Fatal(err)
	}
	s := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>All of it</title>%s</channel></rss>`, items)
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
}

func item(title, link string) string {
	return fmt.Sprintf(`<item><title>%s</title><link>%s</link><guid>%s</guid></item>`, title, strings.ReplaceAll(link, "&", "&amp;"), title)
}

func TestFeeds(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	serve(t, w, item("Show S01E02 1080p", apitest.Link(2))+item("Show S01E01 1080p", apitest.Link(1))+item("Other", "")+item("Gone", "http://tracker.example.invalid/x.torrent"))
	var made syndication.Feed
	w.Must(t, 201, "POST", "/api/v1/feeds", syndication.NewFeed{URL: feedURL, Name: "mine", Every: 600}, &made)
	if made.ID != 1 || made.URL != feedURL || made.Name != "mine" || made.Every != 600 {
		t.Errorf("made %+v", made)
	}
	list := apitest.Until(t, w, "/api/v1/feeds", func(l syndication.FeedList) bool { return l.Feeds[0].Items > 0 })
	if f := list.Feeds[0]; !list.On || f.Title != "All of it" || f.Items != 4 || f.Unread != 4 || f.Problem != "" || f.Checked.IsZero() || f.Due.Before(f.Checked) {
		t.Errorf("read %+v", f)
	}
	var items syndication.FeedItems
	w.Must(t, 200, "GET", "/api/v1/feed-items?feed=1&limit=3", nil, &items)
	if len(items.Items) != 3 || items.Items[0].Title != "Show S01E02 1080p" || items.Items[0].State != "new" || items.Items[0].Link != apitest.Link(2) {
		t.Fatalf("items %+v", items)
	}

	// A rule can be tried before it is kept, and counts at once.
	wants := syndication.FeedRuleSettings{Include: "show", Episodes: "S01E02-", Once: true, Category: "tv", Feeds: []string{feedURL}}
	var tried syndication.FeedVerdicts
	w.Must(t, 200, "POST", "/api/v1/feed-rules/try", syndication.FeedTrial{Rule: &wants}, &tried)
	if len(tried.Verdicts) != 4 || !tried.Verdicts[0].Wanted || tried.Verdicts[1].Wanted || !strings.Contains(tried.Verdicts[1].Why, "S01E01") {
		t.Errorf("tried %+v", tried)
	}
	if n := len(w.Library.All()); n != 0 {
		t.Errorf("trying has added %d", n)
	}
	var rules syndication.FeedRules
	w.Must(t, 200, "PUT", "/api/v1/feed-rules/a%2Fb", wants, &rules)
	if len(rules.Rules) != 1 || rules.Rules[0].Name != "a/b" || rules.Rules[0].Rule.Off || rules.Rules[0].Rule.Episodes != "S01E02-" {
		t.Errorf("rules %+v", rules)
	}
	items = apitest.Until(t, w, "/api/v1/feed-items", func(l syndication.FeedItems) bool { return l.Items[0].State == "added" })
	if it := items.Items[0]; it.Rule != "a/b" || it.Problem != "" || items.Items[1].State != "new" {
		t.Errorf("by rule: %+v", items)
	}
	if all := w.Library.All(); len(all) != 1 || all[0].View().Category != "tv" {
		t.Errorf("added %+v", all)
	}
	w.Must(t, 200, "POST", "/api/v1/feed-rules/a%2Fb/rename", syndication.FeedRuleName{Name: "c"}, &rules)
	w.Must(t, 200, "POST", "/api/v1/feed-rules/try", syndication.FeedTrial{Name: "c"}, &tried)
	if rules.Rules[0].Name != "c" || rules.Rules[0].Last.IsZero() || tried.Verdicts[0].Wanted {
		t.Errorf("renamed %+v; tried %+v", rules, tried)
	}

	// By hand anything can be added, as far as there is something.
	id := items.Items[1].ID
	w.Must(t, 204, "POST", fmt.Sprintf("/api/v1/feed-items/%d/fetch", id), syndication.FetchOptions{Category: "hand", Paused: new(true)}, nil)
	w.Must(t, 409, "POST", "/api/v1/feed-items/2/fetch", syndication.FetchOptions{}, nil)
	w.Must(t, 502, "POST", "/api/v1/feed-items/1/fetch", syndication.FetchOptions{}, nil)
	w.Must(t, 422, "POST", "/api/v1/feed-items/3/fetch", syndication.FetchOptions{Dir: "elsewhere"}, nil)
	w.Must(t, 204, "PATCH", "/api/v1/feed-items/1", syndication.FeedItemPatch{Read: true}, nil)
	w.Must(t, 200, "GET", "/api/v1/feeds", nil, &list)
	if list.Feeds[0].Unread >= 4 {
		t.Errorf("unread %+v", list)
	}
	w.Must(t, 204, "POST", "/api/v1/feeds/1/read", nil, nil)
	w.Must(t, 204, "POST", "/api/v1/feeds/1/refresh", nil, nil)
	w.Must(t, 204, "POST", "/api/v1/feeds/refresh", nil, nil)
	made = syndication.Feed{}
	w.Must(t, 200, "PATCH", "/api/v1/feeds/1", syndication.FeedPatch{Name: new("other"), Every: new(int64(0))}, &made)
	if made.Name != "other" || made.Every != 0 || made.URL != feedURL || made.Unread != 0 {
		t.Errorf("changed to %+v", made)
	}
	w.Must(t, 204, "DELETE", "/api/v1/feed-rules/c", nil, nil)
	w.Must(t, 204, "DELETE", "/api/v1/feeds/1", nil, nil)
	w.Must(t, 200, "GET", "/api/v1/feed-items", nil, &items)
	if len(items.Items) != 0 {
		t.Errorf("left %+v", items)
	}
}

// Keys in URLs are for those who may change them.
func TestKeysAreKept(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	serve(t, w, item("One", "http://tracker.example/dl/1.torrent?key=secret"))
	w.Must(t, 201, "POST", "/api/v1/feeds", syndication.NewFeed{URL: feedURL}, nil)
	w.Must(t, 200, "PUT", "/api/v1/feed-rules/r", syndication.FeedRuleSettings{Feeds: []string{feedURL}, Include: "nothing"}, nil)
	apitest.Until(t, w, "/api/v1/feed-items", func(l syndication.FeedItems) bool { return len(l.Items) > 0 })
	for _, path := range []string{"/feeds", "/feed-items", "/feed-rules"} {
		for scope, want := range map[access.Scope]bool{access.Read: false, access.Control: false, access.Settings: true, access.Admin: true} {
			rec := w.As(access.Principal{Name: "x", Scopes: []access.Scope{scope}}, "GET", "/api/v1"+path, nil)
			if rec.Code != 200 || bytes.Contains(rec.Body.Bytes(), []byte("secret")) != want {
				t.Errorf("%s as %s: %d, %s", path, scope, rec.Code, rec.Body)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	w.Must(t, 201, "POST", "/api/v1/feeds", syndication.NewFeed{URL: "http://a.example/"}, nil)
	w.Must(t, 201, "POST", "/api/v1/feeds", syndication.NewFeed{URL: "http://b.example/"}, nil)
	for _, name := range []string{"a", "b"} {
		w.Must(t, 200, "PUT", "/api/v1/feed-rules/"+name, syndication.FeedRuleSettings{Off: true}, nil)
	}
	type body = map[string]any
	for _, c := range []struct {
		method, path string
		in           any
		status       int
		kind         problem.Kind
	}{
		{"POST", "/feeds", body{"url": "http://a.example/"}, 409, problem.Duplicate},
		{"POST", "/feeds", body{"url": "file:///etc/passwd"}, 422, problem.Invalid},
		{"POST", "/feeds", body{"url": "http://c.example/", "every": 1}, 422, problem.Invalid},
		{"PATCH", "/feeds/2", body{"url": "http://a.example/"}, 409, problem.Duplicate},
		{"PATCH", "/feeds/9", body{}, 404, problem.NotFound},
		{"DELETE", "/feeds/9", nil, 404, problem.NotFound},
		{"POST", "/feeds/9/refresh", nil, 404, problem.NotFound},
		{"POST", "/feeds/9/read", nil, 404, problem.NotFound},
		{"GET", "/feed-items?feed=9", nil, 404, problem.NotFound},
		{"POST", "/feed-items/9/fetch", body{}, 404, problem.NotFound},
		{"PATCH", "/feed-items/9", body{"read": true}, 404, problem.NotFound},
		{"PUT", "/feed-rules/c", body{"include": "(", "regexp": true}, 422, problem.Invalid},
		{"PUT", "/feed-rules/c", body{"dir": "here"}, 422, problem.Invalid},
		{"PUT", "/feed-rules/c", body{"episodes": "all"}, 422, problem.Invalid},
		{"POST", "/feed-rules/a/rename", body{"name": "b"}, 409, problem.Duplicate},
		{"POST", "/feed-rules/c/rename", body{"name": "d"}, 404, problem.NotFound},
		{"DELETE", "/feed-rules/c", nil, 404, problem.NotFound},
		{"POST", "/feed-rules/try", body{"name": "c"}, 404, problem.NotFound},
		{"POST", "/feed-rules/try", body{"rule": body{"min_size": 2, "max_size": 1}}, 422, problem.Invalid},
	} {
		var p struct{ Type string }
		w.Must(t, c.status, c.method, "/api/v1"+c.path, c.in, &p)
		if p.Type != problem.Prefix+string(c.kind) {
			t.Errorf("%s %s: %s", c.method, c.path, p.Type)
		}
	}
	w.Must(t, 200, "PATCH", "/api/v1/settings", map[string]any{"feeds.on": false}, nil)
	w.Must(t, 409, "POST", "/api/v1/feeds/1/refresh", nil, nil)
	for _, path := range []string{"/feeds", "/feed-rules/try"} {
		rec := w.As(access.Principal{Name: "x", Scopes: []access.Scope{access.Add, access.Control}}, "POST", "/api/v1"+path, strings.NewReader("{}"))
		if rec.Code != 403 {
			t.Errorf("%s without the scope: %d", path, rec.Code)
		}
	}
}

package rss

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/feeds"
)

// fakeFeeds keeps feeds and rules in memory.
type fakeFeeds struct {
	list  []feeds.Feed
	kept  []feeds.Kept
	fresh []int64 // feeds that were read again
}

func (f *fakeFeeds) Feeds(context.Context) ([]feeds.Feed, error) { return f.list, nil }

func (f *fakeFeeds) Items(_ context.Context, _ int64, _ int) ([]feeds.Item, error) {
	return []feeds.Item{{Key: "k", Title: "Show S01E02", Link: "magnet:?x", Page: "https://x/1", Published: time.Unix(0, 0), Read: true}}, nil
}

func (f *fakeFeeds) AddFeed(_ context.Context, feed feeds.Feed) (feeds.Feed, error) {
	feed.ID = int64(len(f.list) + 1)
	f.list = append(f.list, feed)
	return feed, nil
}

func (f *fakeFeeds) ChangeFeed(_ context.Context, feed feeds.Feed) error {
	for i := range f.list {
		if f.list[i].ID == feed.ID {
			f.list[i] = feed
			return nil
		}
	}
	return feeds.ErrNotFound
}

func (f *fakeFeeds) RemoveFeed(_ context.Context, id int64) error {
	f.list = slices.DeleteFunc(f.list, func(feed feeds.Feed) bool { return feed.ID == id })
	return nil
}

func (f *fakeFeeds) Refresh(_ context.Context, id int64) error {
	f.fresh = append(f.fresh, id)
	return nil
}

func (f *fakeFeeds) Rules(context.Context) ([]feeds.Kept, error) { return f.kept, nil }

func (f *fakeFeeds) SetRule(_ context.Context, r feeds.Rule) error {
	f.kept = slices.DeleteFunc(f.kept, func(k feeds.Kept) bool { return k.Name == r.Name })
	f.kept = append(f.kept, feeds.Kept{Rule: r})
	return nil
}

func (f *fakeFeeds) RenameRule(_ context.Context, from, to string) error {
	for i := range f.kept {
		if f.kept[i].Name == from {
			f.kept[i].Name = to
			return nil
		}
	}
	return feeds.ErrNotFound
}

func (f *fakeFeeds) RemoveRule(_ context.Context, name string) error {
	f.kept = slices.DeleteFunc(f.kept, func(k feeds.Kept) bool { return k.Name == name })
	return nil
}

func ask(t *testing.T, f *fakeFeeds, name, fields string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/api/v2/rss/"+name, strings.NewReader(fields))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	read, err := form.Read(w, r)
	if err != nil {
		t.Fatal(err)
	}
	method, ok := RSS{f}.Methods()[name]
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	method.Serve(&call.Call{Form: read, W: w, R: r}, slog.New(slog.DiscardHandler))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(b)
}

func TestItems(t *testing.T) {
	f := &fakeFeeds{}
	for _, fields := range []string{`url=http://a/rss&path=tv\one`, `url=http://b/rss&path=two`, "url=http://c/rss", `url=http://d/rss&path=two\in`, `url=http://e/rss&path=tv\one`} {
		if status, body := ask(t, f, "addFeed", fields); status != 200 {
			t.Fatalf("%s: %d %s", fields, status, body)
		}
	}
	_, body := ask(t, f, "items", "")
	want := `{"http:∕∕c∕rss":{"uid":"3","url":"http://c/rss"},"tv":{"one":{"uid":"1","url":"http://a/rss"},"one 5":{"uid":"5","url":"http://e/rss"}},"two":{"in":{"uid":"4","url":"http://d/rss"}}}`
	if body != want {
		t.Errorf("%s\nwant %s", body, want)
	}
	f.list = f.list[:1]
	_, body = ask(t, f, "items", "withData=true")
	want = `{"tv":{"one":{"articles":[{"id":"k","title":"Show S01E02","date":"Thu, 01 Jan 1970 00:00:00 +0000","link":"https://x/1","torrentURL":"magnet:?x","description":"","isRead":true}],"hasError":false,"isLoading":false,"lastBuildDate":"","title":"","uid":"1","url":"http://a/rss"}}}`
	if body != want {
		t.Errorf("%s\nwant %s", body, want)
	}
	ask(t, f, "refreshItem", `itemPath=tv\one`)
	ask(t, f, "moveItem", `itemPath=tv\one&destPath=films\x`)
	if f.list[0].Name != "films/x" || !slices.Equal(f.fresh, []int64{1}) {
		t.Errorf("moved: %+v, read again %v", f.list[0], f.fresh)
	}
	if status, _ := ask(t, f, "removeItem", "path=nothing"); status != 409 {
		t.Errorf("what is not there is removed: %d", status)
	}
	if status, _ := ask(t, f, "removeItem", `path=films\x`); status != 200 || len(f.list) != 0 {
		t.Errorf("removed: %d, %v", status, f.list)
	}
}

func TestRules(t *testing.T) {
	f := &fakeFeeds{list: []feeds.Feed{{ID: 1, URL: "http://a/rss"}}}
	set := func(name, def string) (int, string) {
		return ask(t, f, "setRule", url.Values{"ruleName": {name}, "ruleDef": {def}}.Encode())
	}
	if status, body := set("r", `{"enabled":true,"mustContain":"show","affectedFeeds":["http://a/rss"],"smartFilter":true,"episodeFilter":"1x1-;","addPaused":true,"assignedCategory":"tv"}`); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if r := f.kept[0].Rule; !r.Enabled || r.Include != "show" || !r.Once || r.Episodes != "1x1-;" || r.Paused == nil || !*r.Paused || r.Category != "tv" {
		t.Errorf("%+v", r)
	}
	if status, _ := set("r", `{"mustNotContain":"720p"}`); status != 200 || f.kept[0].Include != "show" || f.kept[0].Exclude != "720p" {
		t.Errorf("what is not said has changed: %d %+v", status, f.kept)
	}
	if set("r", `{"affectedFeeds":[]}`); f.kept[0].Enabled {
		t.Error("a rule for no feed is one for all")
	}
	f.kept = append(f.kept, feeds.Kept{Rule: feeds.Rule{Name: "all", Enabled: true}, Last: time.Unix(0, 0)})
	_, body := ask(t, f, "rules", "")
	var all map[string]Rule
	if err := json.Unmarshal([]byte(body), &all); err != nil || len(all["all"].AffectedFeeds) != 1 || all["all"].LastMatch == "" {
		t.Errorf("%v: %s", err, body)
	}
	const theirs = `{"addPaused":null,"affectedFeeds":[],"assignedCategory":"","enabled":true,"episodeFilter":"","ignoreDays":0,"lastMatch":"","mustContain":"x","mustNotContain":"","previouslyMatchedEpisodes":[],"savePath":"","smartFilter":false,"torrentContentLayout":null,"useRegex":false}`
	want, err := shape.Of([]byte(theirs))
	if err != nil {
		t.Fatal(err)
	}
	one, err := json.Marshal(all["all"])
	if err != nil {
		t.Fatal(err)
	}
	got, err := shape.Of(one)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range shape.Missing(want, got) {
		t.Error(l)
	}
	if status, _ := set("r", `nope`); status != 400 {
		t.Errorf("no rule is taken: %d", status)
	}
	if status, _ := ask(t, f, "renameRule", "ruleName=none&newRuleName=x"); status != 409 {
		t.Errorf("what is not there is renamed: %d", status)
	}
	ask(t, f, "renameRule", "ruleName=r&newRuleName=s")
	ask(t, f, "removeRule", "ruleName=all")
	if len(f.kept) != 1 || f.kept[0].Name != "s" {
		t.Errorf("left are %+v", f.kept)
	}
}

func FuzzSetRule(f *testing.F) {
	f.Add(`{"enabled":true,"mustContain":"x","affectedFeeds":["http://a/rss"],"addPaused":null}`)
	f.Add(`{"affectedFeeds":[],"ignoreDays":-1,"torrentContentLayout":"Original"}`)
	f.Add(`[1]`)
	f.Fuzz(func(t *testing.T, def string) {
		kept := &fakeFeeds{list: []feeds.Feed{{ID: 1, URL: "http://a/rss"}}}
		fields := url.Values{"ruleName": {"r"}, "ruleDef": {def}}.Encode()
		switch status, body := ask(t, kept, "setRule", fields); {
		case status == http.StatusOK && kept.kept[0].Enabled && len(kept.kept[0].Feeds) == 0:
			t.Errorf("%s: a rule for no feed is one for all", def)
		case status != http.StatusOK && status != http.StatusBadRequest:
			t.Errorf("%s: %d %s", def, status, body)
		}
	})
}

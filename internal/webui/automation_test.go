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
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/webui"
)

// What the page about automation offers does what it says, and what does not work is
// told on it.
func TestAutomation(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	ui, err := webui.New(webui.Config{
		Library: w.Library, Courier: w.Courier, Logs: w.Logs, Running: w.Running(), Syndication: w.Syndication, Automation: w.Automation,
	}, func(*http.Request) string { return "csrf-word" })
	if err != nil {
		t.Fatal(err)
	}
	owner := access.With(context.Background(), access.Owner(access.ByCookie))
	get := func(path string) (int, string) {
		rec := httptest.NewRecorder()
		ui.ServeHTTP(rec, httptest.NewRequestWithContext(owner, "GET", path, nil))
		return rec.Code, rec.Body.String()
	}
	w.Automation.Hooks.Emit(hook.Event{Kind: hook.Completed, Name: "<film>"})
	file := t.TempDir() + "/no-list"
	for _, c := range []struct {
		do   string
		form url.Values
		said string // why it does not work
		want string // on the page afterwards
	}{
		{"add-feed", url.Values{"name": {"http://tracker.example/rss"}, "title": {"<mine>"}}, "", "&lt;mine&gt;"},
		{"add-feed", url.Values{"name": {"http://tracker.example/rss"}}, "it is there already", ""},
		{"add-feed", url.Values{"name": {"file:///etc/passwd"}}, "not a URL", ""},
		{"refresh-feed", url.Values{"name": {"1"}}, "", ""},
		{"refresh-feed", url.Values{"name": {"9"}}, "there is no such feed", ""},
		{"refresh-feeds", nil, "", ""},
		{"fetch-feed-item", url.Values{"name": {"9"}}, "there is no such feed", ""},
		{"set-feed-rule", url.Values{"name": {"r & r"}, "include": {"<b>"}, "episodes": {"S01-"}, "once": {"1"}}, "", "with &#34;&lt;b&gt;&#34;, S01-, each once"},
		{"set-feed-rule", url.Values{"name": {"r"}, "episodes": {"all"}}, "is no range of episodes", ""},
		{"set-watch-folder", url.Values{"name": {"/in/<here>"}, "category": {"tv"}, "then": {"delete"}}, "", "/in/&lt;here&gt;"},
		{"set-watch-folder", url.Values{"name": {"in"}}, "full path", ""},
		{"add-block-list", url.Values{"name": {file}}, "", "Cannot be read"},
		{"add-block-list", url.Values{"name": {"list"}}, "neither the full path", ""},
		{"refresh-block-lists", nil, "", ""},
		{"change-settings", url.Values{"rules": {"daily 00:00-24:00 up 1MB\r\n\r\n daily 01:00-02:00 pause\r\n"}}, "", "daily 01:00-02:00 pause"},
		{"change-settings", url.Values{"rules": {"some day"}}, "is no rule", ""},
		{"switch-alternative", url.Values{"name": {"on"}}, "", "Switch the alternative limits off"},
		{"switch-alternative", url.Values{"name": {"off"}}, "", "Switch the alternative limits on"},
		{"explode", nil, "nothing that can be done", ""},
		{"remove-feed-rule", url.Values{"name": {"r & r"}}, "", "There are no rules"},
		{"remove-watch-folder", url.Values{"name": {"/in/<here>"}}, "", "What the node does"},
		{"remove-watch-folder", url.Values{"name": {"/in/<here>"}}, "not watched", ""},
		{"remove-block-list", url.Values{"name": {file}}, "", "the node speaks to everybody"},
	} {
		if c.form == nil {
			c.form = url.Values{}
		}
		c.form.Set("do", c.do)
		r := httptest.NewRequestWithContext(owner, "POST", "/plain/automation", strings.NewReader(c.form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		ui.ServeHTTP(rec, r)
		at, err := url.Parse(rec.Header().Get("Location"))
		said := ""
		if err == nil {
			said = at.Query().Get("said")
		}
		if rec.Code != 303 || err != nil || at.Path != "/plain/automation" || (said == "") != (c.said == "") || !strings.Contains(said, c.said) {
			t.Errorf("%s %v: %d, %v, %q", c.do, c.form, rec.Code, at, said)
			continue
		}
		code, body := get(at.String())
		for _, bad := range []string{"<mine>", "<b>", "<here>", "<film>", "<script", "<no value>"} {
			if strings.Contains(body, bad) {
				t.Errorf("after %s the page has %s", c.do, bad)
			}
		}
		if code != 200 || !strings.Contains(body, c.want) || !strings.Contains(body, "csrf-word") || said != "" && !strings.Contains(body, "That did not work") {
			t.Errorf("after %s: %d: %s", c.do, code, body)
		}
	}
	for path, want := range map[string]string{
		"/plain/automation/feed/1": "nothing in it yet", "/plain/automation/try?include=x&once=1": "It would fetch 0 of the newest 0 items",
	} {
		if code, body := get(path); code != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d: %s", path, code, body)
		}
	}
	for path, want := range map[string]int{"/plain/automation/feed/9": 404, "/plain/automation/feed/x": 404, "/plain/automation/try?episodes=all": 303} {
		if code, _ := get(path); code != want {
			t.Errorf("%s: %d", path, code)
		}
	}
}

package transmission

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// request sends something to the RPC as it stands.
func (w *world) request(method, session, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1"+Path, strings.NewReader(body))
	if session != "" {
		r.Header.Set(sessionHeader, session)
	}
	if change != nil {
		change(r)
	}
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	return out
}

func TestHTTP(t *testing.T) {
	w := newWorld(t)
	first := w.request(http.MethodGet, "", "", nil)
	id := first.Header().Get(sessionHeader)
	if first.Code != http.StatusConflict || len(id) != 48 || first.Header().Get("X-Transmission-Rpc-Version") != "6.0.0" {
		t.Errorf("without a session: %d, %v", first.Code, first.Header())
	}
	const stats = `{"method":"session-stats"}`
	for _, c := range []struct {
		name, method, session, body string
		want                        int
	}{
		{"the session", http.MethodPost, id, stats, http.StatusOK},
		{"another one", http.MethodPost, id[1:] + "x", stats, http.StatusConflict},
		{"asked by GET", http.MethodGet, id, "", http.StatusMethodNotAllowed},
		{"a notification", http.MethodPost, id, `{"jsonrpc":"2.0","method":"session_stats"}`, http.StatusNoContent},
		{"too much", http.MethodPost, id, strings.Repeat(" ", maxBody+1), http.StatusRequestEntityTooLarge},
		{"deep", http.MethodPost, id, strings.Repeat("[", 100_000), http.StatusOK},
	} {
		if got := w.request(c.method, c.session, c.body, nil); got.Code != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, got.Code, got.Body, c.want)
		}
	}
}

func TestPassword(t *testing.T) {
	w := newWorld(t)
	id := w.request(http.MethodGet, "", "", nil).Header().Get(sessionHeader)
	w.settings.RPC.Username, w.settings.RPC.Password = "anna", "secret"
	for _, c := range []struct {
		name, user, password string
		want                 int
	}{{"none", "", "", 401}, {"wrong", "anna", "Secret", 401}, {"another name", "bob", "secret", 401}, {"right", "anna", "secret", 200}} {
		got := w.request(http.MethodPost, id, `{"method":"session-stats"}`, func(r *http.Request) {
			if c.user != "" {
				r.SetBasicAuth(c.user, c.password)
			}
		})
		if got.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.Code, c.want)
		}
	}
	// A program that was not told of a new password locks nobody out.
	for range 20 {
		w.request(http.MethodPost, id, "", func(r *http.Request) { r.SetBasicAuth("anna", "old") })
	}
	if got := w.request(http.MethodPost, id, `{"method":"session-stats"}`, func(r *http.Request) { r.SetBasicAuth("anna", "secret") }); got.Code != 200 {
		t.Errorf("after one wrong password many times: %d", got.Code)
	}
	for i := range 20 {
		w.request(http.MethodPost, id, "", func(r *http.Request) { r.SetBasicAuth("anna", fmt.Sprint(i)) })
	}
	if got := w.request(http.MethodPost, id, "", func(r *http.Request) { r.SetBasicAuth("anna", "guess") }); got.Code != 429 || got.Header().Get("Retry-After") == "" {
		t.Errorf("after many wrong passwords: %d", got.Code)
	}
	if got := w.request(http.MethodPost, "", "", nil); got.Code != 401 || got.Header().Get(sessionHeader) != "" {
		t.Errorf("who has no password is told the session: %d, %v", got.Code, got.Header())
	}
}

// TestMuch asks for much with few bytes.
func TestMuch(t *testing.T) {
	w := newWorld(t)
	if got := w.ask(`{"method":"session-get","arguments":{"fields":["version"` + strings.Repeat(`,"version"`, 1000) + `]}}`); strings.Count(got, "version") != 1 {
		t.Errorf("%d times", strings.Count(got, "version"))
	}
	m := base64.StdEncoding.EncodeToString(w.torrent(t.TempDir(), "much", "").Bytes())
	w.ask(`{"method":"torrent-add","arguments":{"paused":true,"metainfo":"` + m + `"}}`)
	if got := w.ask(`{"method":"torrent-get","arguments":{"fields":["name"` + strings.Repeat(`,"name"`, 1000) + `],"ids":[1` + strings.Repeat(`,1`, 1000) + `]}}`); strings.Count(got, `"much"`) != 1 {
		t.Errorf("%d times in %.200s", strings.Count(got, `"much"`), got)
	}
	one := `{"jsonrpc":"2.0","id":1,"method":"session_get","params":{"fields":["version"]}}`
	if got := w.ask("[" + one + strings.Repeat(","+one, 999) + "]"); strings.Count(got, "version") != 1000 {
		t.Errorf("of 1000 requests %d are answered", strings.Count(got, "version"))
	}
	if got := w.ask("[" + one + strings.Repeat(","+one, 1000) + "]"); !strings.Contains(got, "1000 requests at most") {
		t.Errorf("more are answered with %.200s", got)
	}
}

// TestChanges asks for changes, and then for what has become of them.
func TestChanges(t *testing.T) {
	w := newWorld(t)
	s := w.setting()
	w.ask(`{"method":"torrent-add","arguments":{"metainfo":"` + s.Seed + `","download-dir":"` + s.Dir + `","files-unwanted":[1]}}`)
	w.wait(`{"method":"torrent-get","arguments":{"fields":["status"]}}`, `"status":6`)
	get := func(fields string) string {
		return w.ask(`{"method":"torrent-get","arguments":{"ids":1,"fields":[` + fields + `]}}`)
	}
	for _, c := range []struct{ set, fields, want string }{
		{``, `"wanted","priorities"`, `"wanted":[1,0,1],"priorities":[0,0,0]`},
		{`"files-wanted":[],"priority-high":[2],"priority-low":[0]`, `"wanted","priorities"`, `"wanted":[1,1,1],"priorities":[-1,0,1]`},
		{`"uploadLimit":60,"uploadLimited":true`, `"uploadLimit","uploadLimited"`, `"uploadLimit":60,"uploadLimited":true`},
		{`"uploadLimited":false`, `"uploadLimit","uploadLimited"`, `"uploadLimit":60,"uploadLimited":false`},
		{`"uploadLimited":true`, `"uploadLimit","uploadLimited"`, `"uploadLimit":60,"uploadLimited":true`},
		{`"downloadLimit":0,"downloadLimited":true`, `"downloadLimit","downloadLimited"`, `"downloadLimit":1,"downloadLimited":true`},
		{`"seedRatioLimit":3.5,"seedRatioMode":1`, `"seedRatioLimit","seedRatioMode"`, `"seedRatioLimit":3.5,"seedRatioMode":1`},
		{`"seedRatioMode":2`, `"seedRatioLimit","seedRatioMode"`, `"seedRatioLimit":3.5,"seedRatioMode":2`},
		{`"seedRatioMode":0`, `"seedRatioMode"`, `"seedRatioMode":0`},
		{`"seedIdleLimit":50,"seedIdleMode":1`, `"seedIdleLimit","seedIdleMode"`, `"seedIdleLimit":50,"seedIdleMode":1`},
		{`"bandwidthPriority":-1,"honorsSessionLimits":false`, `"bandwidthPriority","honorsSessionLimits"`, `"bandwidthPriority":-1,"honorsSessionLimits":false`},
		{`"labels":["b","a"]`, `"labels"`, `"labels":["a","b"]`},
		{`"group":"slow"`, `"group"`, `"group":"slow"`},
		{`"peer-limit":25`, `"peer-limit","maxConnectedPeers"`, `"peer-limit":25,"maxConnectedPeers":25`},
		{`"trackerList":"http://a.invalid/announce\nhttp://b.invalid/announce\n\nudp://c.invalid:1\n"`, `"trackers"`, `"http://a.invalid/announce"`},
		{`"trackerRemove":[0]`, `"trackerList"`, `"trackerList":"http://b.invalid/announce\n\nudp://c.invalid:1\n"`},
		{`"trackerReplace":[0,"https://d.invalid/announce"]`, `"trackerList"`, `"trackerList":"https://d.invalid/announce\n\nudp://c.invalid:1\n"`},
	} {
		if c.set != "" {
			if answer := w.ask(`{"method":"torrent-set","arguments":{"ids":[1],` + c.set + `}}`); !strings.Contains(answer, `"success"`) {
				t.Errorf("set %s: %s", c.set, answer)
			}
		}
		if got := get(c.fields); !strings.Contains(got, c.want) {
			t.Errorf("after %s: %s, want %s", c.set, got, c.want)
		}
	}
}

// TestPlaces moves content, finds it again, renames and removes it.
func TestPlaces(t *testing.T) {
	w := newWorld(t)
	s := w.setting()
	w.ask(`{"method":"torrent-add","arguments":{"metainfo":"` + s.Seed + `","download-dir":"` + s.Dir + `"}}`)
	const seeds = `{"method":"torrent-get","arguments":{"fields":["status","downloadDir","percentDone"]}}`
	w.wait(seeds, `"status":6`)
	w.ask(`{"method":"torrent-set-location","arguments":{"ids":1,"location":"` + s.Other + `","move":true}}`)
	w.wait(seeds, `"downloadDir":"`+s.Other+`"`)
	if _, err := os.Stat(filepath.Join(s.Other, "seed", "2.bin")); err != nil {
		t.Error(err)
	}
	elsewhere := t.TempDir()
	if err := os.Rename(filepath.Join(s.Other, "seed"), filepath.Join(elsewhere, "seed")); err != nil {
		t.Fatal(err)
	}
	w.ask(`{"method":"torrent-set-location","arguments":{"ids":1,"location":"` + elsewhere + `","move":false}}`)
	w.wait(seeds, `"status":6,"downloadDir":"`+elsewhere+`","percentDone":1`)
	if got := w.ask(`{"method":"torrent-rename-path","arguments":{"ids":1,"path":"seed/0.bin","name":"first.bin"}}`); !strings.Contains(got, `"success"`) {
		t.Error(got)
	}
	w.wait(`{"method":"torrent-get","arguments":{"fields":["files"]}}`, `"seed/first.bin"`)
	w.ask(`{"method":"torrent-remove","arguments":{"ids":1,"delete-local-data":true}}`)
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	w.wait(`{"method":"torrent-get","arguments":{"fields":["id"],"ids":"recently-active"}}`, `"removed":[1]`)
}

func TestQueue(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c"} {
		b := base64.StdEncoding.EncodeToString(w.torrent(t.TempDir(), name, "").Bytes())
		w.ask(`{"method":"torrent-add","arguments":{"paused":true,"metainfo":"` + b + `"}}`)
	}
	for _, c := range []struct{ method, ids, want string }{
		{"queue-move-top", "[2,3]", "312"}, // positions of 1, 2 and 3, plus one
		{"queue-move-bottom", "[2]", "231"},
		{"queue-move-up", "[2]", "321"},
		{"queue-move-down", "[3]", "312"},
	} {
		w.ask(`{"method":"` + c.method + `","arguments":{"ids":` + c.ids + `}}`)
		got := ""
		for _, torrent := range w.library.All() {
			got += string(rune('1' + torrent.Position()))
		}
		if got != c.want {
			t.Errorf("%s of %s: positions %s, want %s", c.method, c.ids, got, c.want)
		}
	}
}

// TestSession sets what programs set, and looks at what the node has become of it.
func TestSession(t *testing.T) {
	w := newWorld(t)
	set := func(args string) {
		t.Helper()
		if got := w.ask(`{"method":"session-set","arguments":{` + args + `}}`); !strings.Contains(got, `"success"`) {
			t.Errorf("set %s: %s", args, got)
		}
	}
	set(`"speed-limit-up":70,"speed-limit-up-enabled":true,"alt-speed-time-begin":1320,"alt-speed-time-end":360,"alt-speed-time-day":65,"alt-speed-time-enabled":true`)
	c := w.Settings()
	if c.Limits.Up != 70_000 || !c.Schedule.On || len(c.Schedule.Rules) != 1 || c.Schedule.Rules[0] != "sat,sun 22:00-06:00 alternative" {
		t.Errorf("limits %+v, schedule %+v", c.Limits, c.Schedule)
	}
	set(`"speed-limit-up-enabled":false,"seedRatioLimit":1.5,"seedRatioLimited":true,"download-queue-size":3`)
	if c = w.Settings(); c.Limits.Up != 0 || c.Seeding.Ratio != 1.5 || c.Queue.Downloads != 0 {
		t.Errorf("limits %+v, goals %+v, queue %+v", c.Limits, c.Seeding, c.Queue)
	}
	set(`"speed-limit-up-enabled":true,"download-queue-enabled":true,"alt-speed-enabled":true`)
	if c = w.Settings(); c.Limits.Up != 70_000 || c.Queue.Downloads != 3 || !w.Alternative() {
		t.Errorf("limits %+v, queue %+v", c.Limits, c.Queue)
	}
	if got := w.ask(`{"method":"session-set","arguments":{"default-trackers":"http://a.invalid/announce"}}`); strings.Contains(got, `"success"`) {
		t.Errorf("trackers for everything: %s", got)
	}
	// Rules that say something else stay.
	if err := w.ChangeSettings(context.Background(), map[string]any{"schedule.rules": []string{"daily 01:00-02:00 pause", "sat,sun 22:00-06:00 alternative"}}); err != nil {
		t.Fatal(err)
	}
	set(`"alt-speed-time-begin":60`)
	if got := strings.Join(w.Settings().Schedule.Rules, "; "); got != "daily 01:00-02:00 pause; sat,sun 01:00-06:00 alternative" {
		t.Errorf("rules: %s", got)
	}
}

package qbittorrent

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
)

// until asks until the answer contains text.
func (w *world) until(path, text string) string {
	w.t.Helper()
	var body string
	for range 1000 {
		if _, body = w.get(path); strings.Contains(body, text) {
			return body
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatalf("%s has no %q: %s", path, text, body)
	return ""
}

func (w *world) expect(status int, body string, wantStatus int, wantBody string) {
	w.t.Helper()
	if status != wantStatus || !strings.Contains(body, wantBody) {
		w.t.Errorf("%d %q, want %d %q", status, body, wantStatus, wantBody)
	}
}

// add adds a torrent of two files that lie in w.dir, and returns its info-hash.
func (w *world) add(name string, fields map[string]string) string {
	w.t.Helper()
	m := w.torrent(w.dir, name, map[string]int{"a.bin": 70_000, "sub/b.bin": 10})
	all := map[string]string{"savepath": w.dir}
	maps.Copy(all, fields)
	status, body := w.upload(all, map[string][]byte{"x.torrent": m.Bytes()})
	w.expect(status, body, 200, "Ok.")
	return m.Hashes().V1.String()
}

// What newer programs call it works as well.
func TestNewerNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hash := w.add("new", map[string]string{"stopped": "true", "tags": "a,b"})
	one := url.Values{"hashes": {hash}}
	w.until("torrents/info", "paused")
	for _, c := range []struct{ method, want string }{{"start", `"state":"stalledUP"`}, {"stop", `"state":"pausedUP"`}, {"resume", `"state":"stalledUP"`}} {
		status, body := w.post("torrents/"+c.method, one)
		w.expect(status, body, 200, "")
		w.until("torrents/info?filter=all", c.want)
	}
	if _, body := w.get("torrents/count"); body != "1" {
		t.Errorf("count %q", body)
	}
	status, body := w.post("torrents/setTags", url.Values{"hashes": {hash}, "tags": {"c"}})
	w.expect(status, body, 200, "")
	w.until("torrents/info?tag=c", `"tags":"c"`)
	status, body = w.post("torrents/setSavePath", url.Values{"id": {hash}, "path": {filepath.Join(w.dir, "there")}})
	w.expect(status, body, 200, "")
	w.until("torrents/info", filepath.Join(w.dir, "there", "new"))
	status, body = w.post("torrents/setDownloadPath", url.Values{"id": {hash}, "path": {""}})
	w.expect(status, body, 200, "")
}

// A torrent of both versions is known by its hash of version 1, and found by each.
func TestHashes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.torrent(w.dir, "both", map[string]int{"a.bin": 70_000})
	m := w.made(w.dir, "both", create.Options{Kind: create.Hybrid})
	status, body := w.upload(map[string]string{"savepath": w.dir}, map[string][]byte{"x.torrent": m.Bytes()})
	w.expect(status, body, 200, "Ok.")
	h := m.Hashes()
	cut := h.Truncated()
	for _, key := range []string{h.V1.String(), h.V2.String(), strings.ToUpper(h.V1.String()), metainfo.HashV1(cut).String()} {
		status, body := w.get("torrents/properties?hash=" + key)
		w.expect(status, body, 200, `"hash":"`+h.V1.String()+`"`)
	}
	w.expectFile("torrents/export?hash="+h.V1.String(), m.Bytes())
	status, body = w.post("torrents/add", url.Values{"urls": {strings.Repeat("ab", 20)}})
	w.expect(status, body, 200, "Ok.")
	w.until("torrents/info", strings.Repeat("ab", 20))
}

func (w *world) expectFile(path string, want []byte) {
	w.t.Helper()
	if status, body := w.get(path); status != 200 || body != string(want) {
		w.t.Errorf("%s: %d, %d bytes instead of %d", path, status, len(body), len(want))
	}
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := w.torrent(w.dir, "folder", map[string]int{"a.bin": 70_000, "sub/b.bin": 10})
	w.must(os.Rename(filepath.Join(w.dir, "folder"), filepath.Join(w.dir, "flat")))
	status, body := w.upload(map[string]string{"savepath": filepath.Join(w.dir, "flat"), "contentLayout": "NoSubfolder"}, map[string][]byte{"x": folder.Bytes()})
	w.expect(status, body, 200, "Ok.")
	hash := folder.Hashes().V1.String()
	w.until("torrents/info?hashes="+hash, `"state":"stalledUP"`)
	w.until("torrents/files?hash="+hash, `"name":"a.bin"`)
	w.until("torrents/info?hashes="+hash, `"content_path":"`+filepath.Join(w.dir, "flat")+`"`)

	// What lies where the torrent itself would have it is somebody else's.
	other := w.torrent(w.dir, "other", map[string]int{"c.bin": 80_000})
	status, body = w.upload(map[string]string{"savepath": w.dir, "contentLayout": "NoSubfolder"}, map[string][]byte{"x": other.Bytes()})
	w.expect(status, body, 200, "Ok.")
	hash = other.Hashes().V1.String()
	w.until("torrents/files?hash="+hash, `"name":"c.bin"`)
	w.until("torrents/info?hashes="+hash, `"state":"stalledDL"`)
	if _, err := os.Stat(filepath.Join(w.dir, "other", "c.bin")); err != nil {
		t.Errorf("a file was moved: %v", err)
	}

	single := w.torrent(filepath.Join(w.dir, "in", "single"), "single.bin", map[string]int{"": 70_000})
	status, body = w.upload(map[string]string{"savepath": filepath.Join(w.dir, "in"), "contentLayout": "Subfolder"}, map[string][]byte{"x": single.Bytes()})
	w.expect(status, body, 200, "Ok.")
	hash = single.Hashes().V1.String()
	w.until("torrents/info?hashes="+hash, `"state":"stalledUP"`)
	w.until("torrents/files?hash="+hash, `"name":"single/single.bin"`)
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status, body := w.post("app/setPreferences", url.Values{"json": {`{"up_limit":5000,"nonsense":1,"web_ui_password":"x"}`}})
	w.expect(status, body, 200, "")
	if _, body := w.get("transfer/uploadLimit"); body != "5000" {
		t.Errorf("upload limit %q", body)
	}
	status, body = w.post("app/setPreferences", url.Values{"json": {`{"save_path":""}`}})
	w.expect(status, body, 400, "paths.download")
	status, body = w.post("transfer/toggleSpeedLimitsMode", nil)
	w.expect(status, body, 200, "")
	status, body = w.post("transfer/setDownloadLimit", url.Values{"limit": {"7000"}})
	w.expect(status, body, 200, "")
	if c := w.settings.Settings(); c.Limits.Down != 0 || c.Limits.Alternative.Down != 7000 {
		t.Errorf("limits %+v", c.Limits)
	}
	if _, body := w.get("transfer/speedLimitsMode"); body != "1" {
		t.Errorf("mode %q", body)
	}
	status, body = w.get("log/main?info=false")
	w.expect(status, body, 200, "[]")
	status, body = w.get("log/main?last_known_id=5")
	w.expect(status, body, 200, `"message":"begun","timestamp":5,"type":2`)
}

func TestQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var hashes []string
	for i := range 3 {
		hashes = append(hashes, w.add(fmt.Sprint("t", i), map[string]string{"paused": "true"}))
	}
	status, body := w.post("torrents/topPrio", url.Values{"hashes": {hashes[2]}})
	w.expect(status, body, 409, "queueing")
	w.must(w.settings.ChangeSettings(t.Context(), map[string]any{"queue.downloads": 1}))
	order := func() (names string) {
		for place := range 3 {
			for _, one := range w.library.All() {
				if one.Position() == place {
					names += one.View().Name + " "
				}
			}
		}
		return names
	}
	for _, c := range []struct{ method, hashes, want string }{
		{"topPrio", hashes[2], "t2 t0 t1 "}, {"increasePrio", hashes[1], "t2 t1 t0 "}, {"bottomPrio", hashes[2], "t1 t0 t2 "},
		{"decreasePrio", hashes[1], "t0 t1 t2 "}, {"topPrio", hashes[2] + "|" + hashes[1], "t1 t2 t0 "}, {"increasePrio", hashes[1], "t1 t2 t0 "},
	} {
		status, body := w.post("torrents/"+c.method, url.Values{"hashes": {c.hashes}})
		w.expect(status, body, 200, "")
		if got := order(); got != c.want {
			t.Errorf("%s: %s, want %s", c.method, got, c.want)
		}
	}
}

func TestShareLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hash := w.add("limits", map[string]string{"paused": "true", "ratioLimit": "1.5", "seedingTimeLimit": "90"})
	w.until("torrents/info", `"ratio_limit":1.5`)
	for form, want := range map[string]string{
		"ratioLimit=0&seedingTimeLimit=-1":                              `"ratio_limit":0,`,
		"ratioLimit=-2&seedingTimeLimit=0":                              `"seeding_time_limit":0,`,
		"ratioLimit=-1&seedingTimeLimit=60&inactiveSeedingTimeLimit=-1": `"ratio_limit":-1,`,
	} {
		v, err := url.ParseQuery(form)
		w.must(err)
		v.Set("hashes", hash)
		status, body := w.post("torrents/setShareLimits", v)
		w.expect(status, body, 200, "")
		w.until("torrents/info", want)
	}
}

// The API says no in the words of the original, and nothing else happens.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hash := w.add("one", map[string]string{"paused": "true"})
	none := strings.Repeat("0", 40)
	outside := filepath.Join(w.dir, "outside")
	for _, c := range []struct {
		path   string
		form   string
		status int
		body   string
	}{
		{"torrents/renameFile", "hash=" + hash + "&oldPath=one/a.bin&newPath=../outside", 409, ""},
		{"torrents/renameFile", "hash=" + hash + "&oldPath=one/a.bin&newPath=one/../../outside", 409, ""},
		{"torrents/renameFile", "hash=" + hash + "&oldPath=one/a.bin&newPath=" + url.QueryEscape(outside), 409, ""},
		{"torrents/renameFile", "hash=" + hash + "&oldPath=../../etc/passwd&newPath=one/x", 409, ""},
		{"torrents/renameFile", "hash=" + hash + "&oldPath=one/a.bin&newPath=one/a%00b", 409, ""},
		{"torrents/renameFolder", "hash=" + hash + "&oldPath=one&newPath=../outside", 409, ""},
		{"torrents/renameFolder", "hash=" + hash + "&oldPath=one&newPath=", 409, ""},
		{"torrents/renameFile", "hash=" + hash + "&oldPath=one/a.bin", 400, ""},
		{"torrents/setLocation", "hashes=" + hash + "&location=../outside", 409, "leads out"},
		{"torrents/setLocation", "hashes=" + hash + "&location=" + url.QueryEscape("/proc/nothing"), 409, ""},
		{"torrents/createCategory", "category=x&savePath=../outside", 409, "leads out"},
		{"torrents/createCategory", "category=" + strings.Repeat("x", 300), 409, ""},
		{"torrents/createCategory", "category=a%0Ab", 409, ""},
		{"torrents/addTags", "hashes=" + hash + "&tags=a%01b", 409, ""},
		{"torrents/rename", "hash=" + hash + "&name=a%0Ab", 409, ""},
		{"torrents/addTrackers", "hash=" + hash + "&urls=file:///etc/passwd", 400, ""},
		{"torrents/add", "urls=x&savepath=../outside", 409, "leads out"},
		{"torrents/add", "urls=x&category=a//b", 409, ""},
		{"torrents/add", "urls=http://127.0.0.1/x.torrent", 200, "Fails."},
		{"torrents/add", "urls=" + strings.Repeat("zz", 20), 200, "Fails."},
		{"torrents/setDownloadPath", "id=" + hash + "&path=/x", 409, ""},
		{"torrents/delete", "", 400, ""},
		{"torrents/delete", "hashes=|||&deleteFiles=true", 200, ""},
		{"torrents/delete", "hashes=" + none + "|ALLES|..&deleteFiles=true", 200, ""},
		{"torrents/setUploadLimit", "hashes=" + hash, 400, ""},
		{"torrents/filePrio", "hash=" + hash + "&id=-1&priority=1", 409, ""},
		{"torrents/filePrio", "hash=" + hash + "&id=99999999999999999999&priority=1", 400, ""},
		{"torrents/addPeers", "hashes=" + hash + "&peers=example.com:1|1.2.3.4:0|1.2.3.4", 400, ""},
		{"app/setPreferences", "json=nope", 400, ""},
		{"app/setPreferences", "json=" + url.QueryEscape(`{"listen_port":"x","max_active_downloads":"many"}`), 400, ""},
		{"app/shutdown", "", 403, ""},
		{"search/start", "pattern=x", 409, ""},
		{"auth/other", "", 404, ""}, {"torrents/../app/version", "", 404, ""}, {"", "", 404, ""},
	} {
		v, err := url.ParseQuery(c.form)
		w.must(err)
		status, body := w.post(c.path, v)
		if status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s %s: %d %q, want %d %q", c.path, c.form, status, body, c.status, c.body)
		}
	}
	if _, err := os.Stat(outside); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written outside: %v", err)
	}
	if one, err := w.library.Find(hash); err != nil || one.View().Dir != w.dir {
		t.Errorf("the torrent: %v", err)
	}
	if n := len(w.library.All()); n != 1 {
		t.Errorf("%d torrents", n)
	}
}

func TestDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(header ...string) int {
		r := httptest.NewRequest(http.MethodGet, Root+"app/version", nil)
		r.Host = "127.0.0.1:9471"
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		rec := httptest.NewRecorder()
		w.api.ServeHTTP(rec, r)
		return rec.Code
	}
	if got := ask(); got != 200 {
		t.Errorf("without a password: %d", got)
	}
	if got := ask("Origin", "http://evil.example"); got != 401 {
		t.Errorf("from another origin: %d", got)
	}
	if got := ask("Referer", "http://evil.example/page"); got != 401 {
		t.Errorf("from another page: %d", got)
	}
	w.settings.flags = map[string]string{"management.hosts": "nas.lan", "rpc.username": "me", "rpc.password": "secret"}
	if got := ask(); got != 403 {
		t.Errorf("without having logged in: %d", got)
	}
	if got := ask("Authorization", "Bearer right"); got != 200 {
		t.Errorf("with a key: %d", got)
	}
	status, body := w.post("auth/login", url.Values{"username": {"me"}, "password": {strings.Repeat("x", 1<<20)}})
	w.expect(status, body, 413, "Too Large")
	status, body = w.post("auth/login", url.Values{"username": {"me"}, "password": {"wrong"}})
	w.expect(status, body, 200, "Fails.")
	status, body = w.get("app/version")
	w.expect(status, body, 403, "Forbidden")
	status, body = w.post("auth/login", url.Values{"username": {"me"}, "password": {"secret"}})
	w.expect(status, body, 200, "Ok.")
	status, body = w.get("app/version")
	w.expect(status, body, 200, "v4.6")
	status, body = w.post("auth/logout", nil)
	w.expect(status, body, 200, "")
	status, body = w.get("app/version")
	w.expect(status, body, 403, "")
	for i := range 5 {
		w.post("auth/login", url.Values{"username": {"me"}, "password": {fmt.Sprint("guess", i)}})
	}
	status, body = w.post("auth/login", url.Values{"username": {"me"}, "password": {"secret"}})
	w.expect(status, body, 403, "Too many")
}

// mainData asks what has changed.
func (w *world) mainData(rid int64) (answer map[string]any, size int) {
	w.t.Helper()
	status, body := w.get(fmt.Sprint("sync/maindata?rid=", rid))
	if status != 200 {
		w.t.Fatalf("%d %s", status, body)
	}
	w.must(json.Unmarshal([]byte(body), &answer))
	return answer, len(body)
}

func TestMainData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, _ := w.mainData(0)
	if all["full_update"] != true {
		t.Errorf("the first answer is %v", all)
	}
	rid := int64(all["rid"].(float64))
	hash := w.add("data", map[string]string{"category": "tv", "tags": "x"})
	w.until("torrents/info", `"state":"stalledUP"`)
	d, _ := w.mainData(rid)
	torrent, _ := d["torrents"].(map[string]any)[hash].(map[string]any)
	if d["full_update"] != nil || torrent["name"] != "data" || d["categories"].(map[string]any)["tv"] == nil || d["tags"].([]any)[0] != "x" {
		t.Fatalf("what was added: %v", d)
	}
	rid = int64(d["rid"].(float64))
	if d, size := w.mainData(rid); len(d) > 2 || size > 100 {
		t.Errorf("nothing has changed: %d bytes, %v", size, d)
	}
	w.post("torrents/addTrackers", url.Values{"hash": {hash}, "urls": {"http://127.0.0.1:9/a"}})
	w.post("torrents/setCategory", url.Values{"hashes": {hash}, "category": {""}})
	w.post("torrents/removeCategories", url.Values{"categories": {"tv"}})
	w.post("torrents/deleteTags", url.Values{"tags": {"x"}})
	d, _ = w.mainData(rid)
	torrent, _ = d["torrents"].(map[string]any)[hash].(map[string]any)
	if torrent["category"] != "" || torrent["tags"] != "" || torrent["name"] != nil || torrent["trackers_count"] != 1.0 {
		t.Errorf("what has changed of the torrent: %v", torrent)
	}
	if fmt.Sprint(d["trackers"], d["categories_removed"], d["tags_removed"]) != "map[http://127.0.0.1:9/a:["+hash+"]] [tv] [x]" {
		t.Errorf("what has changed: %v", d)
	}
	rid = int64(d["rid"].(float64))
	w.post("torrents/delete", url.Values{"hashes": {hash}, "deleteFiles": {"false"}})
	d, _ = w.mainData(rid)
	if fmt.Sprint(d["torrents_removed"], d["trackers_removed"]) != "["+hash+"] [http://127.0.0.1:9/a]" {
		t.Errorf("what is gone: %v", d)
	}
	for _, strange := range []int64{-1, 1, 1 << 62, int64(d["rid"].(float64)) + 1000} {
		if d, _ := w.mainData(strange); d["full_update"] != true {
			t.Errorf("revision %d: %v", strange, d)
		}
	}
	if _, err := os.Stat(filepath.Join(w.dir, "data", "a.bin")); err != nil {
		t.Errorf("the content: %v", err)
	}
}

// A thousand torrents are listed at once, and nothing is said again of those that
// stay as they are.
func TestThousand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 1000 {
		link := fmt.Sprintf("magnet:?xt=urn:btih:%040x&dn=torrent-%d&tr=http%%3A%%2F%%2F127.0.0.1%%3A9%%2Fannounce", i+1, i)
		status, body := w.post("torrents/add", url.Values{"urls": {link}, "paused": {"true"}})
		w.expect(status, body, 200, "Ok.")
	}
	begun := time.Now()
	all, size := w.mainData(0)
	t.Logf("all of it: %d bytes in %v", size, time.Since(begun))
	if n := len(all["torrents"].(map[string]any)); n != 1000 || size > 2_000_000 {
		t.Errorf("%d torrents in %d bytes", n, size)
	}
	for range 3 {
		all, _ = w.mainData(int64(all["rid"].(float64)))
	}
	begun = time.Now()
	all, size = w.mainData(int64(all["rid"].(float64)))
	t.Logf("nothing new: %d bytes in %v", size, time.Since(begun))
	if size > 100 {
		t.Errorf("%d bytes of nothing: %v", size, all)
	}
	one := fmt.Sprintf("%040x", 500)
	w.post("torrents/setUploadLimit", url.Values{"hashes": {one}, "limit": {"1000"}})
	d, size := w.mainData(int64(all["rid"].(float64)))
	if fmt.Sprint(d["torrents"]) != "map["+one+":map[up_limit:1000]]" || size > 300 {
		t.Errorf("one has changed: %d bytes, %v", size, d)
	}
	status, body := w.post("torrents/delete", url.Values{"hashes": {"all"}, "deleteFiles": {"true"}})
	w.expect(status, body, 200, "")
	if n := len(w.library.All()); n != 0 {
		t.Errorf("%d are left", n)
	}
}

//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// imported is a torrent as list tells of it, as far as it was brought along.
type imported struct {
	Name      string
	State     string
	Category  string
	Labels    []string
	Dir       string
	UpLimit   int64 `json:"up_limit"`
	DownLimit int64 `json:"down_limit"`
	Goal      struct{ Ratio float64 }
	Wanted    int64
	Done      int64
	Added     time.Time
}

// bring imports from a program that has ended, runs a node, and returns what it has once
// nothing is checked any more.
func bring(t *testing.T, program, state string) map[string]imported {
	t.Helper()
	home := t.TempDir()
	before := sums(t, state)
	if out := run(t, binary, "import", program, state, "--home", home); !strings.Contains(out, "Nothing was done yet") {
		t.Errorf("without --go: %s", out)
	}
	t.Log(run(t, binary, "import", program, state, "--go", "--home", home))
	after := sums(t, state)
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("%s was changed", name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files became %d", len(before), len(after))
	}
	node := start(t, binary, "run", "--home", home, "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap", "--json")
	node.event(60*time.Second, "ready")
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		list, busy := map[string]imported{}, false
		for line := range strings.Lines(run(t, binary, "list", "--json", "--home", home)) {
			var one imported
			if err := json.Unmarshal([]byte(line), &one); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			list[one.Name] = one
			busy = busy || one.State == "starting" || one.State == "checking"
		}
		if !busy || time.Now().After(end) {
			return list
		}
	}
}

// call makes one request, which must succeed.
func (s rpcServer) call(t *testing.T, body string) {
	t.Helper()
	session := ""
	for range 2 { // the first answer has what the second request needs
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("X-Transmission-Session-Id", session)
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		session = a.Header.Get("X-Transmission-Session-Id")
		if err := errors.Join(err, a.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"success"`) {
			return
		}
	}
	t.Fatalf("Transmission does not do %s", body)
}

// TestImportTransmission brings along what the real program has kept.
func TestImportTransmission(t *testing.T) {
	for _, program := range []string{"transmission-daemon", "transmission-remote"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no %s: install transmission-daemon and transmission-cli", program)
		}
	}
	state, dir, torrents := t.TempDir(), t.TempDir(), t.TempDir()
	content(t, dir, "whole", map[string]int{"a": 300000, "b": 200000})
	content(t, torrents, "missing.bin", map[string]int{"": 200000})
	content(t, dir, "renamed", map[string]int{"a": 100000, "b": 50000})
	for name, root := range map[string]string{
		"whole": filepath.Join(dir, "whole"), "missing": filepath.Join(torrents, "missing.bin"), "renamed": filepath.Join(dir, "renamed"),
	} {
		run(t, binary, "torrent", "create", root, "-o", filepath.Join(torrents, name+".torrent"), "--kind", "v1")
	}
	rpc := freePort(t)
	settings, err := json.Marshal(map[string]any{
		"rpc-bind-address": "127.0.0.1", "rpc-port": json.Number(rpc), "rpc-whitelist-enabled": false, "bind-address-ipv4": "127.0.0.1",
		"peer-port": json.Number(freePort(t)), "download-dir": dir, "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(state, "settings.json"), settings, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	daemon := start(t, "transmission-daemon", "-f", "-g", state, "--log-error")
	server := rpcServer{url: "http://127.0.0.1:" + rpc + "/transmission/rpc"}
	server.await(t)
	remote := func(args ...string) string {
		return run(t, "transmission-remote", append([]string{"127.0.0.1:" + rpc}, args...)...)
	}
	remote("-a", filepath.Join(torrents, "whole.torrent"))
	remote("-a", filepath.Join(torrents, "renamed.torrent"))
	remote("--start-paused", "-a", filepath.Join(torrents, "missing.torrent"))
	for _, id := range []string{"1", "2"} {
		for end := time.Now().Add(60 * time.Second); !strings.Contains(remote("-t", id, "-i"), "Percent Done: 100%"); time.Sleep(200 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("Transmission does not see what is there: %s", remote("-t", id, "-i"))
			}
		}
	}
	server.call(t, `{"method":"torrent-rename-path","arguments":{"ids":[2],"path":"renamed/a","name":"z"}}`)
	remote("-t", "1", "-L", "two,one", "-sr", "1.5", "-u", "100", "-d", "200")
	remote("--exit")
	<-daemon.done

	list := bring(t, "transmission", state)
	whole, missing := list["whole"], list["missing.bin"]
	if whole.State != "seeding" || whole.Done != 500000 || whole.Dir != dir || strings.Join(whole.Labels, ",") != "one,two" ||
		whole.UpLimit != 100000 || whole.DownLimit != 200000 || whole.Goal.Ratio != 1.5 || time.Since(whole.Added) > time.Hour {
		t.Errorf("%+v", whole)
	}
	if renamed := list["renamed"]; renamed.State != "seeding" || renamed.Done != 150000 {
		t.Errorf("%+v", renamed)
	}
	if _, err := os.Stat(filepath.Join(dir, "renamed", "z")); err != nil {
		t.Errorf("a file was moved: %v", err)
	}
	if len(list) != 3 || missing.State != "paused" || missing.Done != 0 {
		t.Errorf("%+v", list)
	}
}

// TestImportQBittorrent does so with qBittorrent, in both ways in which it keeps its
// torrents.
func TestImportQBittorrent(t *testing.T) {
	t.Run("files", func(t *testing.T) { importQBittorrent(t, "BT_backup") })
	t.Run("database", func(t *testing.T) { importQBittorrent(t, "", `Session\ResumeDataStorageType=SQLite`) })
}

func importQBittorrent(t *testing.T, folder string, settings ...string) {
	d := qbittorrent(t, settings...)
	dir, torrents := t.TempDir(), t.TempDir()
	content(t, dir, "whole", map[string]int{"a": 300000, "b": 200000})
	content(t, torrents, "missing.bin", map[string]int{"": 200000})
	flat := content(t, torrents, "flat", map[string]int{"a": 100000, "b": 50000})
	for name, root := range map[string]string{"whole": filepath.Join(dir, "whole"), "missing": filepath.Join(torrents, "missing.bin"), "flat": flat} {
		run(t, binary, "torrent", "create", root, "-o", filepath.Join(torrents, name+".torrent"), "--kind", "v1")
	}
	post := func(path, kind string, body io.Reader) {
		t.Helper()
		resp, err := http.Post(d.base+path, kind, body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s %v", path, resp.Status, text, err)
		}
	}
	form := func(path string, values url.Values) {
		t.Helper()
		post(path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	}
	add := func(name string, values map[string]string) {
		t.Helper()
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		file, err := w.CreateFormFile("torrents", name+".torrent")
		if err != nil {
			t.Fatal(err)
		}
		torrent, err := os.ReadFile(filepath.Join(torrents, name+".torrent"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write(torrent)
		for k, v := range values {
			_ = w.WriteField(k, v)
		}
		_ = w.Close()
		post("torrents/add", w.FormDataContentType(), &b)
	}
	form("torrents/createCategory", url.Values{"category": {"films"}, "savePath": {dir}})
	add("whole", map[string]string{"savepath": dir, "category": "films", "tags": "two,one", "upLimit": "100000", "dlLimit": "200000", "ratioLimit": "1.5", "autoTMM": "false"})
	add("flat", map[string]string{"savepath": flat, "contentLayout": "NoSubfolder", "autoTMM": "false"})
	add("missing", map[string]string{"savepath": dir, "paused": "true", "autoTMM": "false"})
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		resp, err := http.Get(d.base + "torrents/info?filter=completed")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"whole"`) && strings.Contains(string(text), `"flat"`) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("qBittorrent does not see what is there: %s", text)
		}
	}
	form("app/shutdown", nil)
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if _, err := http.Get(d.base + "app/version"); err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("qBittorrent does not end")
		}
	}
	time.Sleep(2 * time.Second) // it writes its state after it has closed the port

	list := bring(t, "qbittorrent", filepath.Join(d.profile, "qBittorrent", "data", folder))
	whole, missing := list["whole"], list["missing.bin"]
	if whole.State != "seeding" || whole.Done != 500000 || whole.Dir != dir || strings.Join(whole.Labels, ",") != "one,two" || whole.Category != "films" ||
		whole.UpLimit != 100000 || whole.DownLimit != 200000 || whole.Goal.Ratio != 1.5 || time.Since(whole.Added) > time.Hour {
		t.Errorf("%+v", whole)
	}
	if one := list["flat"]; one.State != "seeding" || one.Done != 150000 || one.Dir != flat {
		t.Errorf("%+v", one)
	}
	if _, err := os.Stat(filepath.Join(flat, "a")); err != nil {
		t.Errorf("a file was moved: %v", err)
	}
	if len(list) != 3 || missing.State != "paused" || missing.Done != 0 {
		t.Errorf("%+v", list)
	}
}

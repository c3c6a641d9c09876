//go:build linux

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/compat/script"
	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/metainfo"
)

const testdataOfQB = "../internal/compat/qbittorrent/testdata/"

var update = flag.Bool("update", false, "record anew what other programs answer")

// Clients ask qBittorrent and warren the same things, of real torrents that are
// seeded, fetched, renamed, moved and removed, and find the same keys and types in
// what they answer, and the same statuses. There are no exceptions.
func TestQBittorrentShapes(t *testing.T) {
	for _, name := range []string{"client", "sonarr", "autobrr"} {
		t.Run(name, func(t *testing.T) {
			var theirs, ours shape.Record
			t.Run("played", func(t *testing.T) {
				t.Run("qbittorrent", func(t *testing.T) {
					t.Parallel()
					theirs = playWebAPI(t, name, qbittorrent(t))
				})
				t.Run("warren", func(t *testing.T) {
					t.Parallel()
					ours = playWebAPI(t, name, warrenDaemon(t))
				})
			})
			for _, l := range theirs.Missing(ours) {
				t.Errorf("warren: %s", l)
			}
			if name != "client" {
				return
			}
			if *update {
				if err := os.WriteFile(testdataOfQB+"shapes.txt", theirs.Encode(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			golden, err := os.ReadFile(testdataOfQB + "shapes.txt")
			if err != nil {
				t.Fatal(err)
			}
			recorded, err := shape.Decode(golden)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range theirs.Missing(recorded) {
				t.Errorf("qBittorrent answers what is not recorded: %s", l)
			}
		})
	}
}

func playWebAPI(t *testing.T, name string, d daemon) shape.Record {
	t.Helper()
	b, err := os.ReadFile(testdataOfQB + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	steps, err := script.Read(string(b))
	if err != nil {
		t.Fatal(err)
	}
	r, err := script.Play(t.Context(), newWebAPI(t, d).world, steps)
	if err != nil {
		t.Fatalf("%s: %v", d.name, err)
	}
	return r
}

// @ctrl/qbittorrent is driven against both, and finds the same: no call throws with one
// alone, and what they return has the same keys and types.
func TestCtrlQBittorrent(t *testing.T) {
	theirs := ctrlQBittorrent(t, qbittorrent(t))
	ours := ctrlQBittorrent(t, warrenDaemon(t))
	for _, l := range theirs.Missing(ours) {
		t.Error(l)
	}
}

func ctrlQBittorrent(t *testing.T, d daemon) shape.Record {
	t.Helper()
	node, modules := npmModules(t)
	w := newWebAPI(t, d)
	cmd := exec.CommandContext(t.Context(), node, "npm/ctrl-qbittorrent.mjs", modules, strings.TrimSuffix(d.base, "/api/v2/"))
	cmd.Env = append(os.Environ(), "SHOW="+w.path("show"), "DIR="+w.dir, "MOVED="+w.world.Names["moved"],
		"MAGNET=magnet:?xt=urn:btih:"+w.world.Names["lost"]+"&dn=lost")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("@ctrl/qbittorrent with %s: %v: %s\n%s", d.name, err, stderr.Bytes(), out)
	}
	var failed []string
	record := shape.Record{}
	for line := range bytes.Lines(out) {
		var said struct {
			Call, Error string
			Answer      json.RawMessage
		}
		if err := json.Unmarshal(line, &said); err != nil {
			t.Fatalf("@ctrl/qbittorrent: %v: %s", err, line)
		}
		name := said.Call
		if said.Error != "" {
			name += " fails with " + said.Error
			failed = append(failed, said.Error)
			said.Answer = json.RawMessage("null")
		}
		if record[name], err = shape.Of(said.Answer); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(failed, []string{"409", "415", "404"}) || len(record) < 60 {
		t.Errorf("%s: of %d calls fail %v", d.name, len(record), failed)
	}
	return record
}

// daemon is a program that speaks the WebAPI, and where its peers find it.
type daemon struct {
	name, base, peers string
	profile           string // of qBittorrent
}

// warrenDaemon runs a node.
func warrenDaemon(t *testing.T) daemon {
	t.Helper()
	home := t.TempDir()
	p := start(t, binary, "run", "--home", home, "--json", "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0",
		"--no-dht", "--no-lsd", "--no-portmap", "--download", filepath.Join(home, "downloads"), "--set", "queue.downloads=5")
	var ready struct {
		Event, API string
		Listen     []string
	}
	p.line(time.Minute, func(l string) bool { return json.Unmarshal([]byte(l), &ready) == nil && ready.Event == "ready" })
	return daemon{"warren", ready.API + "/api/v2/", ready.Listen[0], ""}
}

// qbittorrent starts Debian's qbittorrent-nox on loopback, with nothing on that
// would leave it.
func qbittorrent(t *testing.T, settings ...string) daemon {
	t.Helper()
	if _, err := exec.LookPath("qbittorrent-nox"); err != nil {
		t.Skip("no qbittorrent-nox: install it")
	}
	home, web, peers := t.TempDir(), freePort(t), freePort(t)
	config := filepath.Join(home, "qBittorrent", "config", "qBittorrent.conf")
	if err := os.MkdirAll(filepath.Dir(config), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, fmt.Appendf(nil, `[LegalNotice]
Accepted=true

[BitTorrent]
Session\BTProtocol=TCP
Session\DHTEnabled=false
Session\LSDEnabled=false
Session\PeXEnabled=false
Session\Port=%s
Session\Interface=lo
Session\InterfaceName=lo
Session\QueueingSystemEnabled=true
%s

[Network]
PortForwardingEnabled=false

[Preferences]
General\UseRandomPort=false
WebUI\Enabled=true
WebUI\Address=127.0.0.1
WebUI\Port=%s
WebUI\UseUPnP=false
WebUI\LocalHostAuth=false
`, peers, strings.Join(settings, "\n"), web), 0o600); err != nil {
		t.Fatal(err)
	}
	qb := start(t, "env", "HOME="+home, "qbittorrent-nox", "--profile="+home)
	d := daemon{"qBittorrent", fmt.Sprintf("http://127.0.0.1:%s/api/v2/", web), fmt.Sprintf("127.0.0.1:%s", peers), home}
	for range 300 {
		resp, err := http.Get(d.base + "app/version")
		if err == nil {
			resp.Body.Close()
			return d
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("qbittorrent-nox does not answer: %s", qb.log())
	return d
}

// webAPI is what the scripts of clients are played in: torrents, their content, and
// other nodes that have or want it.
type webAPI struct {
	t     *testing.T
	d     daemon
	dir   string // with the content of "show", and of "film" below "film-home"
	world script.World
}

func newWebAPI(t *testing.T, d daemon) *webAPI {
	t.Helper()
	w := &webAPI{t: t, d: d, dir: t.TempDir()}
	show := content(t, w.dir, "show", map[string]int{"one.bin": 700_000, "sub/two.bin": 3_000, "three.bin": 200_000})
	film := content(t, filepath.Join(w.dir, "film-home"), "film", map[string]int{"film.bin": 6 << 20})
	movie := content(t, filepath.Join(w.dir, "film-home"), "movie", map[string]int{"movie.bin": 3 << 20, "sub/titles.srt": 7})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.world = script.World{
		Base: d.base, Do: (&http.Client{Jar: jar, Timeout: time.Minute}).Do,
		Names: map[string]string{
			"dir": w.dir, "down": filepath.Join(w.dir, "down"), "moved": filepath.Join(w.dir, "moved"),
			"none": strings.Repeat("0b", 20), "lost": strings.Repeat("1c", 20),
			"show": w.torrent("show", show, "--tracker", "http://127.0.0.1:9/announce"), "film": w.torrent("film", film), "movie": w.torrent("movie", movie), "other": filepath.Join(w.dir, "other"),
		},
		Files:    map[string][]byte{"show.torrent": w.file("show"), "film.torrent": w.file("film"), "movie.torrent": w.file("movie"), "junk": []byte("d3:fooi")},
		Patience: time.Minute, Pause: 50 * time.Millisecond,
		Acts: map[string]func(context.Context) error{
			"fetch": w.act(w.fetch), "connect": w.act(w.connect),
			"compare": w.act(func() { same(t, movie, filepath.Join(w.dir, "down", "movie")) }),
			"gone":    w.act(w.gone),
		},
	}
	_, addr := share(t, w.path("film"), filepath.Dir(film), "--limit-up", "300KB")
	w.world.Names["seeder"] = addr
	return w
}

func (w *webAPI) path(name string) string { return filepath.Join(w.dir, name+".torrent") }

func (w *webAPI) file(name string) []byte {
	w.t.Helper()
	b, err := os.ReadFile(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// torrent makes a torrent of version 1 and returns its info-hash.
func (w *webAPI) torrent(name, root string, args ...string) string {
	w.t.Helper()
	run(w.t, binary, append([]string{"torrent", "create", root, "-o", w.path(name), "--kind", "v1", "--piece-length", "65536"}, args...)...)
	m, err := metainfo.Parse(w.file(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return m.Hashes().V1.String()
}

func (w *webAPI) act(do func()) func(context.Context) error {
	return func(context.Context) error {
		w.t.Helper()
		do()
		return nil
	}
}

// gone waits until nothing is left of what was fetched.
func (w *webAPI) gone() {
	w.t.Helper()
	var left []os.DirEntry
	for range 200 {
		var err error
		if left, err = os.ReadDir(filepath.Join(w.dir, "down")); err == nil && len(left) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Errorf("%s leaves %v", w.d.name, left)
}

// connect has a node seed "movie", and tells the program of it.
func (w *webAPI) connect() {
	w.t.Helper()
	_, addr := share(w.t, w.path("movie"), filepath.Join(w.dir, "film-home"))
	form := url.Values{"hashes": {w.world.Names["movie"]}, "peers": {addr}}
	resp, err := http.PostForm(w.d.base+"torrents/addPeers", form)
	if err != nil {
		w.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		w.t.Fatalf("peers are not taken: %d", resp.StatusCode)
	}
}

// fetch is another node that has the largest file of "show" already, and fetches
// the rest from the program.
func (w *webAPI) fetch() {
	w.t.Helper()
	out := w.t.TempDir()
	content(w.t, out, "show", nil)
	b, err := os.ReadFile(filepath.Join(w.dir, "show", "one.bin"))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(out, "show"), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "show", "one.bin"), b, 0o644); err != nil {
		w.t.Fatal(err)
	}
	get := start(w.t, binary, "get", w.path("show"), "--dir", out, "--peer", w.d.peers, "--exit", "--json", "--home", w.t.TempDir(), "--no-lsd", "--no-trackers")
	get.event(time.Minute, "done")
	<-get.done
	same(w.t, filepath.Join(w.dir, "show"), filepath.Join(out, "show"))
}

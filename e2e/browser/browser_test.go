// Package browser has a browser look at the pages of a node that runs, and work with
// them: Debian's Chromium, driven by the scripts in web/test.
package browser

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// program is the node under test, built once.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "warren-browser")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "warren")
	build := exec.Command("go", "build", "-o", program, "../../cmd/warren")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// node is one that runs.
type node struct {
	t         *testing.T
	API, URL  string
	Listen    []string
	home, key string
}

// start runs a node that keeps to this machine. prepare fills its home before.
func start(t *testing.T, prepare func(home string)) *node {
	t.Helper()
	n := &node{t: t, home: t.TempDir()}
	if prepare != nil {
		prepare(n.home)
	}
	c := exec.Command(program, "run", "--home", n.home, "--json", "--set", "listen=127.0.0.1:0", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := c.Wait(); err != nil && c.ProcessState.ExitCode() != 130 {
			t.Errorf("the node ended with %v: %s", err, said.Bytes())
		}
	})
	if err := json.NewDecoder(out).Decode(n); err != nil || n.URL == "" {
		t.Fatalf("the node does not start: %v: %s", err, said.Bytes())
	}
	key, err := os.ReadFile(filepath.Join(n.home, "management-token"))
	if err != nil {
		t.Fatal(err)
	}
	n.key = strings.TrimSpace(string(key))
	return n
}

// ask makes a request that must be answered well.
func (n *node) ask(method, path string, in, out any) {
	n.t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		n.t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(n.t.Context(), method, n.API+"/api/v1"+path, bytes.NewReader(b))
	if err != nil {
		n.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+n.key)
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		n.t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode/100 != 2 {
		n.t.Fatalf("%s %s: %s", method, path, a.Status)
	}
	if out == nil {
		return
	}
	if err := json.NewDecoder(a.Body).Decode(out); err != nil {
		n.t.Fatal(err)
	}
}

// script runs one of web/test in a browser that is signed in at the node. Pictures go
// below the folder that WARREN_SHOTS names, if it does.
func (n *node) script(name string, env ...string) {
	n.t.Helper()
	n.drive("chromium", name, env...)
}

// drive runs one of web/test with a browser of Debian's.
func (n *node) drive(browser, name string, env ...string) {
	n.t.Helper()
	for _, needed := range []string{"npm", browser} {
		if _, err := exec.LookPath(needed); err != nil {
			n.t.Skipf("%s is not installed (apt-get install %s)", needed, needed)
		}
	}
	into, err := exec.Command("../../.ci/need-npm").Output()
	if err != nil {
		n.t.Fatalf("install what e2e/npm names: %v", err)
	}
	modules := filepath.Join(strings.TrimSpace(string(into)), "node_modules")
	args := []string{filepath.Join("..", "..", "web", "test", name), modules, n.URL}
	if shots := os.Getenv("WARREN_SHOTS"); shots != "" {
		args = append(args, filepath.Join(shots, strings.TrimSuffix(name, ".mjs")))
	}
	c := exec.CommandContext(n.t.Context(), filepath.Join(filepath.Dir(modules), "bin", "node"), args...)
	c.Env = append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	n.t.Logf("%s", out)
	if err != nil {
		n.t.Errorf("%s: %v", name, err)
	}
}

// share makes a torrent of random files in folders, has one node seed it, and the other
// fetch it slowly, so that pages have something to show.
func share(t *testing.T, from, to *node, name string, sizes ...int) {
	t.Helper()
	dir := t.TempDir()
	content := filepath.Join(dir, name)
	for i, size := range sizes {
		b := make([]byte, size)
		_, _ = rand.Read(b) // it does not fail
		folder := filepath.Join(content, []string{"", "Disc 2", "Disc 10/Side A", "Disc 2/Notes"}[i%4])
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "part "+strconv.Itoa(i+1)+".ogg"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "made.torrent")
	if out, err := exec.Command(program, "torrent", "create", "--out", file, content).CombinedOutput(); err != nil {
		t.Fatalf("make a torrent: %v: %s", err, out)
	}
	torrent, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	from.ask("POST", "/torrents", map[string]any{"file": torrent, "dir": dir}, nil)
	to.ask("POST", "/torrents", map[string]any{
		"file": torrent, "dir": t.TempDir(), "peers": from.Listen, "down_limit": 50_000, "category": "films", "labels": []string{"free"},
		"trackers": []string{"http://127.0.0.1:9/announce"},
	}, nil)
}

// lively runs a node with torrents in several states.
func lively(t *testing.T) *node {
	t.Helper()
	other, n := start(t, nil), start(t, nil)
	share(t, other, n, "Big film", 2<<20, 1<<20, 100_000, 200_000, 300_000, 1000, 2000, 3000, 4000, 0)
	share(t, other, n, "Small film", 10_000)
	for i := range 5 {
		n.ask("POST", "/torrents", map[string]any{"magnet": apitest.Link(i + 1), "paused": i%2 == 0}, nil)
	}
	return n
}

// TestPages: axe finds nothing on any page, light, dark and in high contrast, on a desk and
// on a phone; the policy of the page refuses nothing, and nothing leaves the node.
func TestPages(t *testing.T) { lively(t).script("pages.mjs") }

// TestKeyboard: what can be done can be done without a mouse.
func TestKeyboard(t *testing.T) { lively(t).script("keyboard.mjs") }

// TestFirefox: it is the same in another browser.
func TestFirefox(t *testing.T) {
	n := lively(t)
	n.drive("firefox-esr", "firefox.mjs", "HOME="+t.TempDir())
}

// TestAway: the frame of the pages is there while the node is not.
func TestAway(t *testing.T) { start(t, nil).script("away.mjs") }

// TestPseudo: every word comes from a catalogue, and pages may run from right to left.
func TestPseudo(t *testing.T) { start(t, nil).script("pseudo.mjs") }

// TestLarge: 20,000 torrents are no burden for a browser.
func TestLarge(t *testing.T) {
	n := start(t, func(home string) {
		if err := os.Mkdir(filepath.Join(home, "content"), 0o755); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), filepath.Join(home, "warren.db"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), func(q store.Querier) error {
			for i := range 20_000 {
				link, err := magnet.Parse(apitest.Link(i + 1))
				if err != nil {
					return err
				}
				r := record.Record{
					Hashes: link.Hashes, Name: link.Name, Magnet: link.String(), Dir: filepath.Join(home, "content"),
					Added: time.Unix(1e9+int64(i)*3600, 0), Paused: true, Place: i, Size: int64(i) << 20,
				}
				if err := record.Insert(t.Context(), q, &r, nil); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
	seconds := "30"
	if os.Getenv("WARREN_E2E") == "full" {
		seconds = "60" // and ten minutes in make pages
	}
	n.script("large.mjs", "SECONDS="+seconds)
}

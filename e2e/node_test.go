//go:build linux

package e2e

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// household is a node that runs as a process.
type household struct {
	*process
	api, token string
}

// startNode runs a node that keeps to this machine.
func startNode(t *testing.T, home string, args ...string) *household {
	t.Helper()
	p := start(t, binary, append([]string{
		"run", "--home", home, "--json", "--set", "listen=127.0.0.1:0", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap",
	}, args...)...)
	var ready struct{ Event, API string }
	p.line(60*time.Second, func(l string) bool { return json.Unmarshal([]byte(l), &ready) == nil && ready.Event == "ready" })
	token, err := os.ReadFile(filepath.Join(home, "management-token"))
	if err != nil {
		t.Fatal(err)
	}
	return &household{p, ready.API, strings.TrimSpace(string(token))}
}

// ask makes a request, and returns the status and the body; 0 if there was no answer.
func (h *household) ask(method, path string, body any) (int, []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	b, err := json.Marshal(body)
	if err != nil {
		return 0, nil
	}
	q, err := http.NewRequestWithContext(ctx, method, h.api+path, bytes.NewReader(b))
	if err != nil {
		return 0, nil
	}
	q.Header.Set("Authorization", "Bearer "+h.token)
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, nil
	}
	defer a.Body.Close()
	b, err = io.ReadAll(a.Body)
	if err != nil {
		return 0, nil
	}
	return a.StatusCode, b
}

// hold is what a node has been told of one torrent, and has acknowledged.
type hold struct {
	note    string
	removed bool
	unsure  bool // the last change was not answered: it may have happened or not
}

// add adds a torrent of which nothing but a hash is known, and returns the hash and
// the status.
func (h *household) add() (string, int) {
	id := make([]byte, 20)
	for i := range id {
		id[i] = byte(rand.Uint32())
	}
	key := hex.EncodeToString(id)
	status, _ := h.ask("POST", "/api/v1/torrents", map[string]any{"magnet": "magnet:?xt=urn:btih:" + key, "paused": true})
	return key, status
}

// all returns the notes of all torrents by their keys.
func (h *household) all() map[string]string {
	h.t.Helper()
	got := map[string]string{}
	for {
		status, b := h.ask("GET", fmt.Sprintf("/api/v1/torrents?limit=1000&offset=%d", len(got)), nil)
		var list struct {
			Total    int
			Torrents []struct{ Key, Note string }
		}
		if err := json.Unmarshal(b, &list); err != nil || status != http.StatusOK {
			h.t.Fatalf("list: %d, %v: %.300s", status, err, b)
		}
		for _, one := range list.Torrents {
			got[one.Key] = one.Note
		}
		if len(got) >= list.Total || len(list.Torrents) == 0 {
			return got
		}
	}
}

// press changes things as fast as it can until the node is gone.
func (h *household) press(told map[string]*hold) {
	for {
		key, status := h.add()
		if status != http.StatusCreated {
			told[key] = &hold{unsure: true}
			return
		}
		one := &hold{}
		told[key] = one
		note := fmt.Sprint(rand.Uint32())
		status, _ = h.ask("PATCH", "/api/v1/torrents/"+key, map[string]any{"note": note})
		if one.note = note; status != http.StatusOK {
			one.unsure = true
			return
		}
		if rand.IntN(3) > 0 {
			continue
		}
		status, _ = h.ask("DELETE", "/api/v1/torrents/"+key, nil)
		if one.removed = true; status/100 != 2 {
			one.unsure = true
			return
		}
	}
}

// expect compares what a node has with what was acknowledged.
func expect(t *testing.T, got map[string]string, told map[string]*hold) {
	t.Helper()
	for key, h := range told {
		note, there := got[key]
		switch {
		case h.unsure:
		case h.removed && there:
			t.Errorf("%s was removed, and is there", key)
		case !h.removed && !there:
			t.Errorf("%s was added, and is not there", key)
		case !h.removed && note != h.note:
			t.Errorf("%s: the note is %q, want %q", key, note, h.note)
		}
	}
}

// TestNodeIsKilled: whenever a node under load is killed, what it had acknowledged is
// there the next time.
func TestNodeIsKilled(t *testing.T) {
	rounds := 4
	if full() {
		rounds = 30
	}
	home := t.TempDir()
	told := map[string]*hold{}
	for range rounds {
		node := startNode(t, home)
		expect(t, node.all(), told)
		var wg sync.WaitGroup
		parts := make([]map[string]*hold, 4)
		for i := range parts {
			parts[i] = map[string]*hold{}
			wg.Go(func() { node.press(parts[i]) })
		}
		time.Sleep(200*time.Millisecond + time.Duration(rand.Int64N(int64(time.Second))))
		node.kill()
		wg.Wait()
		for _, part := range parts {
			maps.Copy(told, part)
		}
	}
	kept := 0
	for _, h := range told {
		if !h.unsure && !h.removed {
			kept++
		}
	}
	t.Logf("%d kills, %d torrents, %d of them to be kept for certain", rounds, len(told), kept)
	if kept < rounds {
		t.Error("hardly anything was acknowledged: the test proves too little")
	}
	expect(t, startNode(t, home).all(), told)
}

// TestNodeWithFullDisk: with no room for its state a node says so, loses nothing, and
// goes on by itself when there is room.
func TestNodeWithFullDisk(t *testing.T) {
	needRoot(t)
	home := t.TempDir()
	if err := unix.Mount("tmpfs", home, "tmpfs", 0, "size=6m,mode=0700"); err != nil {
		t.Skipf("no tmpfs can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(home, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	node := startNode(t, home)
	told := map[string]*hold{}
	add := func() int {
		key, status := node.add()
		told[key] = &hold{unsure: status != http.StatusCreated}
		return status
	}
	if got := add(); got != http.StatusCreated {
		t.Fatalf("add: %d", got)
	}
	ballast := filepath.Join(home, "ballast")
	fill(t, ballast)
	refused := 0
	for range 200 { // the log of the store may have had room of its own
		if got := add(); got == http.StatusInsufficientStorage {
			refused++
		} else if got != http.StatusCreated {
			t.Fatalf("add: %d", got)
		}
		fill(t, ballast)
	}
	if refused == 0 {
		t.Fatal("nothing was refused: the disk was not full")
	}
	status, b := node.ask("GET", "/healthz", nil)
	if status != http.StatusServiceUnavailable || !strings.Contains(string(b), "nothing new can be kept") {
		t.Errorf("health: %d %s", status, b)
	}
	expect(t, node.all(), told)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if got := add(); got != http.StatusCreated {
		t.Errorf("add, once there is room: %d", got)
	}
	if status, b := node.ask("GET", "/healthz", nil); status != http.StatusOK {
		t.Errorf("health, once there is room: %d %s", status, b)
	}
	if err := node.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-node.done
	if node.err != nil {
		t.Errorf("stop: %v", node.err)
	}
	expect(t, startNode(t, home).all(), told)
}

// fill appends to a file until the volume has no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := slices.Repeat([]byte{1}, 4096)
	for {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}

// TestNodeIsAdmitted: a node gets a torrent of level full-strict by its link, as get
// does, and has it the next time as well.
func TestNodeIsAdmitted(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	root := content(t, dir, "members.bin", map[string]int{"": 3 << 20})
	sharer := start(t, binary, "share", root, "--level", "full-strict", "--listen", "127.0.0.1:0", "--home", t.TempDir(), "--json", "--no-lsd", "--no-dht", "--no-portmap")
	link := sharer.event(30*time.Second, "ready").Magnet
	node := startNode(t, home)
	out := filepath.Join(dir, "out")
	status, b := node.ask("POST", "/api/v1/torrents", map[string]any{"magnet": link, "dir": out})
	if status != http.StatusCreated {
		t.Fatalf("add: %d %s", status, b)
	}
	node.complete(60 * time.Second)
	same(t, root, filepath.Join(out, "members.bin"))
	if err := node.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-node.done
	sharer.kill() // nobody is there to admit it once more
	startNode(t, home).complete(30 * time.Second)
}

// complete waits until the only torrent is.
func (h *household) complete(limit time.Duration) {
	h.t.Helper()
	var list struct {
		Torrents []struct {
			State, Reason string
		}
	}
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		_, b := h.ask("GET", "/api/v1/torrents", nil)
		if err := json.Unmarshal(b, &list); err != nil {
			h.t.Fatalf("%v: %.300s", err, b)
		}
		if len(list.Torrents) == 1 && list.Torrents[0].State == "seeding" {
			return
		}
	}
	h.t.Fatalf("after %v: %+v", limit, list)
}

// TestNodeAdmits: a node admits others to what was shared at level full-strict from its
// home, under the link of that time.
func TestNodeAdmits(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	root := content(t, dir, "ours.bin", map[string]int{"": 3 << 20})
	torrent, at := filepath.Join(dir, "ours.torrent"), free(t)
	sharer := start(t, binary, "share", root, "--level", "full-strict", "--listen", at, "--home", home, "--torrent", torrent, "--json", "--no-lsd", "--no-dht", "--no-portmap")
	link := sharer.event(30*time.Second, "ready").Magnet
	sharer.kill()
	b, err := os.ReadFile(torrent)
	if err != nil {
		t.Fatal(err)
	}
	node := startNode(t, home, "--set", "listen="+at)
	if status, b := node.ask("POST", "/api/v1/torrents", map[string]any{"file": b, "dir": dir}); status != http.StatusCreated {
		t.Fatalf("add: %d %s", status, b)
	}
	node.complete(60 * time.Second)
	out := filepath.Join(dir, "out")
	run(t, binary, "get", link, "--dir", out, "--listen", "127.0.0.1:0", "--home", t.TempDir(), "--no-lsd", "--no-dht", "--no-portmap", "--exit")
	same(t, root, filepath.Join(out, "ours.bin"))
}

// free returns an address of this machine that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

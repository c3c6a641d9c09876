//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A player reads the end of a film from the node, at the address that the API has given
// out, long before the film is there.
func TestPlayerAtNode(t *testing.T) {
	dir, name := t.TempDir(), "film.mkv"
	film := make([]byte, 24<<20)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(film)
	if err := os.WriteFile(filepath.Join(dir, name), film, 0o600); err != nil {
		t.Fatal(err)
	}
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", filepath.Join(dir, name), "-o", torrent, "--piece-length", "131072")
	_, addr := share(t, torrent, dir, "--limit-up", "1MB", "--no-lsd")
	node := startNode(t, t.TempDir())
	file, err := os.ReadFile(torrent)
	if err != nil {
		t.Fatal(err)
	}
	if status, b := node.ask("POST", "/api/v1/torrents", map[string]any{"file": file, "dir": t.TempDir(), "peers": []string{addr}}); status != http.StatusCreated {
		t.Fatalf("%d: %s", status, b)
	}
	var streams struct {
		Playlist string
		Files    []struct{ URL string }
	}
	status, b := node.ask("GET", "/api/v1/torrents/1/streams", nil)
	if err := json.Unmarshal(b, &streams); err != nil || status != http.StatusOK || len(streams.Files) != 1 {
		t.Fatalf("%d: %s", status, b)
	}
	for _, want := range []string{"bytes=25000000-", "bytes=100-1099"} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", streams.Files[0].URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Range", want)
		resp, err := http.DefaultClient.Do(r) // without a token
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		part := film[25000000:]
		if want != "bytes=25000000-" {
			part = film[100:1100]
		}
		if err != nil || resp.StatusCode != http.StatusPartialContent || !bytes.Equal(got, part) {
			t.Errorf("%s: %s, %d bytes that are not those of the film, %v", want, resp.Status, len(got), err)
		}
	}
	var now struct{ Progress float64 }
	if _, b := node.ask("GET", "/api/v1/torrents/1", nil); json.Unmarshal(b, &now) != nil || now.Progress >= 1 {
		t.Errorf("all of it was there before the player had ended: nothing is shown by this: %s", b)
	}
	resp, err := http.Get(streams.Playlist)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if list, err := io.ReadAll(resp.Body); err != nil || !strings.HasPrefix(string(list), "#EXTM3U") || !strings.Contains(string(list), "/stream/") {
		t.Errorf("%v: %s", err, list)
	}
	if resp, err = http.Get(strings.Replace(streams.Files[0].URL, "/stream/A", "/stream/B", 1)); err != nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("without the right to it: %v, %v", resp, err)
	}
}

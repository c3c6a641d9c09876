package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Both directions with libtorrent that has TCP switched off (BEP 29).
func TestUTPWithLibtorrent(t *testing.T) {
	t.Parallel()
	needLibtorrent(t)
	for _, encryption := range []string{"utp-plain", "utp-rc4"} {
		t.Run("to/"+encryption, func(t *testing.T) {
			dir, out := t.TempDir(), t.TempDir()
			root := content(t, dir, "over utp", map[string]int{"": 30_000_001})
			torrent := filepath.Join(t.TempDir(), "t.torrent")
			run(t, binary, "torrent", "create", root, "-o", torrent)
			_, addr := share(t, torrent, dir)
			get := start(t, python, "testdata/node.py", "get", torrent, out, encryption, addr)
			get.line(60*time.Second, func(l string) bool { return l == "done" })
			same(t, root, filepath.Join(out, "over utp"))
		})
		t.Run("from/"+encryption, func(t *testing.T) {
			dir, out := t.TempDir(), t.TempDir()
			root := content(t, dir, "over utp", map[string]int{"": 30_000_001})
			torrent := filepath.Join(t.TempDir(), "t.torrent")
			run(t, binary, "torrent", "create", root, "-o", torrent)
			seed := start(t, python, "testdata/node.py", "seed", torrent, dir, encryption)
			port := strings.Fields(seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
			get := start(t, binary, "get", torrent, "--dir", out, "--listen", "127.0.0.1:0", "--peer", "127.0.0.1:"+port, "--exit", "--json", "--home", t.TempDir())
			get.event(60*time.Second, "done")
			same(t, root, filepath.Join(out, "over utp"))
		})
	}
}

// Two of ours without TCP: TLS over uTP, and told to be so.
func TestUTPOnly(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	root := content(t, dir, "over utp", map[string]int{"": 60_000_001})
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent)
	_, addr := share(t, torrent, dir, "--utp", "only", "--tls", "require")
	get := start(t, binary, "get", torrent, "--dir", out, "--listen", "127.0.0.1:0", "--peer", addr,
		"--utp", "only", "--tls", "require", "--limit-down", "20MB", "--exit", "--json", "--home", t.TempDir())
	get.line(60*time.Second, func(l string) bool {
		var e struct {
			TLSPeers int `json:"tls_peers"`
			UTPPeers int `json:"utp_peers"`
		}
		return json.Unmarshal([]byte(l), &e) == nil && e.TLSPeers == 1 && e.UTPPeers == 1
	})
	get.event(60*time.Second, "done")
	same(t, root, filepath.Join(out, "over utp"))
}

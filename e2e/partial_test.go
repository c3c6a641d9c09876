package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Who fetches one of two files says so once it is done (BEP 21), and libtorrent,
// which wants both, understands it.
func TestPartialSeedToLibtorrent(t *testing.T) {
	needLibtorrent(t)
	dir := t.TempDir()
	root := content(t, dir, "parts", map[string]int{"a": 10 << 16, "b": 900_000})
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", "v1", "--piece-length", "65536")
	_, addr := share(t, torrent, dir, "--tls", "off")
	look := start(t, python, "testdata/node.py", "look", torrent, t.TempDir(), "plain")
	port := strings.Fields(look.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
	link := links(t, torrent)[0] + "&so=0"
	get := start(t, binary, "get", link, "--dir", t.TempDir(), "--peer", addr, "--peer", "127.0.0.1:"+port, "--limit-down", "200KB", "--no-lsd", "--no-dht", "--json", "--home", t.TempDir())
	get.event(60*time.Second, "done")
	look.line(30*time.Second, func(l string) bool { return l == "upload_only" })
}

package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// links returns the magnet links under which a torrent is known: of a hybrid, by
// both info-hashes and by each alone.
func links(t *testing.T, torrent string) (list []string) {
	t.Helper()
	var shown struct {
		V1 string `json:"info_hash"`
		V2 string `json:"info_hash_v2"`
	}
	if err := json.Unmarshal([]byte(run(t, binary, "torrent", "show", torrent, "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	v1, v2 := "xt=urn:btih:"+shown.V1, "xt=urn:btmh:1220"+shown.V2
	switch {
	case shown.V2 == "":
		list = []string{v1}
	case shown.V1 == shown.V2:
		list = []string{v2}
	default:
		list = []string{v1 + "&" + v2, v1, v2}
	}
	for i := range list {
		list[i] = "magnet:?" + list[i]
	}
	return list
}

// Nothing but a magnet link, with libtorrent as the one that knows.
func TestMagnetFromLibtorrent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c combination) {
		dir := t.TempDir()
		root := content(t, dir, "inter op", layouts[c.layout])
		torrent := filepath.Join(t.TempDir(), "t.torrent")
		run(t, python, "testdata/node.py", "make", root, torrent, "16384", c.kind)
		seed := start(t, python, "testdata/node.py", "seed", torrent, dir, c.encryption)
		port := strings.Fields(seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
		for _, link := range links(t, torrent) {
			out := t.TempDir()
			get := start(t, binary, "get", link, "--dir", out, "--peer", "127.0.0.1:"+port, "--exit", "--json", "--home", t.TempDir())
			get.event(60*time.Second, "done")
			same(t, root, filepath.Join(out, "inter op"))
		}
	})
}

// Nothing but a magnet link, with warren as the one that knows.
func TestMagnetToLibtorrent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c combination) {
		dir := t.TempDir()
		root := content(t, dir, "inter op", layouts[c.layout])
		torrent := filepath.Join(t.TempDir(), "t.torrent")
		run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", c.kind, "--piece-length", "16384")
		_, addr := share(t, torrent, dir)
		for _, link := range links(t, torrent) {
			out := t.TempDir()
			get := start(t, python, "testdata/node.py", "get", link, out, c.encryption, addr)
			get.line(60*time.Second, func(l string) bool { return l == "done" })
			same(t, root, filepath.Join(out, "inter op"))
			get.kill()
		}
	})
}

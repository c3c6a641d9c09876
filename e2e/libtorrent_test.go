package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// layouts are what is shared: one file, and a tree with empty, tiny and odd
// files, which hybrids pad.
var layouts = map[string]map[string]int{
	"single": {"": 3_000_001},
	"multi":  {"a/one": 1, "a/empty": 0, "b/c/big": 2_200_003, "b/c/mid": 70_000, "z": 16384, "ä ö": 12345},
}

type combination struct {
	kind, layout, encryption string
	short                    bool
}

// combinations are all of the matrix; the short run keeps every kind, layout
// and encryption at least once.
func combinations() []combination {
	var all []combination
	for _, kind := range []string{"v1", "v2", "hybrid"} {
		for _, layout := range []string{"single", "multi"} {
			for _, encryption := range []string{"plain", "rc4"} {
				short := (layout == "multi") == (encryption == "plain")
				all = append(all, combination{kind, layout, encryption, short})
			}
		}
	}
	return all
}

func each(t *testing.T, test func(*testing.T, combination)) {
	needLibtorrent(t)
	for _, c := range combinations() {
		if !c.short && !full() {
			continue
		}
		t.Run(c.kind+"/"+c.layout+"/"+c.encryption, func(t *testing.T) { test(t, c) })
	}
}

// A torrent made by warren and shared by it, fetched by libtorrent.
func TestToLibtorrent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c combination) {
		dir, out := t.TempDir(), t.TempDir()
		root := content(t, dir, "inter op", layouts[c.layout])
		torrent := filepath.Join(t.TempDir(), "t.torrent")
		run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", c.kind, "--piece-length", "65536")
		_, addr := share(t, torrent, dir)
		get := start(t, python, "testdata/node.py", "get", torrent, out, c.encryption, addr)
		get.line(60*time.Second, func(l string) bool { return l == "done" })
		same(t, root, filepath.Join(out, "inter op"))
	})
}

// A torrent made by libtorrent and seeded by it, fetched by warren with its
// default policy: TLS is tried first and given up.
func TestFromLibtorrent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c combination) {
		dir, out := t.TempDir(), t.TempDir()
		root := content(t, dir, "inter op", layouts[c.layout])
		torrent := filepath.Join(t.TempDir(), "t.torrent")
		run(t, python, "testdata/node.py", "make", root, torrent, "65536", c.kind)
		seed := start(t, python, "testdata/node.py", "seed", torrent, dir, c.encryption)
		port := strings.Fields(seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
		get := start(t, binary, "get", torrent, "--dir", out, "--peer", "127.0.0.1:"+port, "--exit", "--json", "--home", t.TempDir())
		get.event(60*time.Second, "done")
		same(t, root, filepath.Join(out, "inter op"))
	})
}

// What libtorrent and warren make of the same tree has the same info-hash.
func TestSameInfoHash(t *testing.T) {
	needLibtorrent(t)
	for _, kind := range []string{"v1", "v2", "hybrid"} {
		dir := t.TempDir()
		root := content(t, dir, "tree", layouts["multi"])
		theirs, ours := filepath.Join(dir, "theirs.torrent"), filepath.Join(dir, "ours.torrent")
		hashes := strings.Fields(run(t, python, "testdata/node.py", "make", root, theirs, "65536", kind))
		run(t, binary, "torrent", "create", root, "-o", ours, "--kind", kind, "--piece-length", "65536")
		shown := run(t, binary, "torrent", "show", ours, "--json")
		for _, h := range hashes {
			// v1 torrents of libtorrent are padded here, ours are not.
			if strings.Trim(h, "0") != "" && kind != "v1" && !strings.Contains(shown, h) {
				t.Errorf("%s: libtorrent has %s, we show %s", kind, h, shown)
			}
		}
		if _, err := os.Stat(ours); err != nil {
			t.Error(err)
		}
	}
}

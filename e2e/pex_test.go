package e2e

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lib starts a libtorrent node and returns its port.
func lib(t *testing.T, args ...string) (p *process, port string) {
	t.Helper()
	p = start(t, python, append([]string{"testdata/swarm.py"}, args...)...)
	ready := p.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") })
	return p, strings.Fields(ready)[1]
}

// Two nodes that know but a third come to know each other through it, each of
// the three a libtorrent node in turn. The one in the middle has nothing to
// give.
func TestPeerExchange(t *testing.T) {
	needLibtorrent(t)
	for _, c := range []struct{ middle, seed, get string }{
		{"libtorrent", "libtorrent", "warren"},
		{"libtorrent", "warren", "warren"},
		{"warren", "libtorrent", "libtorrent"},
		{"warren", "warren", "libtorrent"},
	} {
		t.Run(c.seed+" to "+c.get+" by "+c.middle, func(t *testing.T) {
			t.Parallel()
			exchange(t, c.middle, c.seed, c.get)
		})
	}
}

// idle starts a warren that hardly fetches, and returns where it listens.
func idle(t *testing.T, torrent string, args ...string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, binary, append([]string{"get", torrent, "--dir", t.TempDir(), "--listen", at, "--limit-down", "1KB", "--json", "--home", t.TempDir()}, args...)...)
	for range 300 {
		if c, err := net.Dial("tcp", at); err == nil {
			_ = c.Close()
			return at
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nobody listens at %s", at)
	return ""
}

func exchange(t *testing.T, middle, seed, get string) {
	dir := t.TempDir()
	root := content(t, dir, "swarm", layouts["multi"])
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--piece-length", "65536")

	// What is in the middle wants nothing, or next to nothing.
	var at string
	if middle == "libtorrent" {
		_, port := lib(t, "idle", torrent, t.TempDir(), "pex")
		at = "127.0.0.1:" + port
	} else {
		at = idle(t, torrent)
	}
	join := func(role, client, dir string) *process {
		if client == "libtorrent" {
			p, _ := lib(t, role, torrent, dir, "pex", at)
			return p
		}
		return start(t, binary, "get", torrent, "--dir", dir, "--listen", "127.0.0.1:0", "--peer", at, "--json", "--home", t.TempDir())
	}
	join("seed", seed, dir)
	out := t.TempDir()
	p := join("get", get, out)
	p.line(150*time.Second, func(l string) bool { return l == "done" || strings.Contains(l, `"event":"done"`) })
	same(t, root, filepath.Join(out, "swarm"))
}

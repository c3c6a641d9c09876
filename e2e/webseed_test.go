package e2e

import (
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serveFiles serves a directory over HTTP and returns its URL and how many bytes
// were sent.
func serveFiles(t *testing.T, dir string) (url string, sent *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sent = new(atomic.Int64)
	files := http.FileServer(http.Dir(dir))
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files.ServeHTTP(&counting{w, sent}, r)
	})}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return "http://" + l.Addr().String() + "/", sent
}

type counting struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.sent.Add(int64(n))
	return n, err
}

// Torrents of all kinds come from a web server alone.
func TestWebSeedAlone(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"v1", "v2", "hybrid"} {
		for _, sizes := range layouts {
			dir, out := t.TempDir(), t.TempDir()
			root := content(t, dir, "from the web", sizes)
			url, _ := serveFiles(t, dir)
			torrent := filepath.Join(t.TempDir(), "t.torrent")
			run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", kind, "--piece-length", "65536")
			run(t, binary, "get", torrent, "--dir", out, "--listen", "127.0.0.1:0", "--exit", "--home", t.TempDir(), "--web-seed", url)
			same(t, root, filepath.Join(out, "from the web"))
		}
	}
}

// A server that a torrent names and that is on this machine is not asked.
func TestWebSeedOfOthers(t *testing.T) {
	dir := t.TempDir()
	root := content(t, dir, "trap", layouts["single"])
	url, sent := serveFiles(t, dir)
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--web-seed", url)
	get := start(t, binary, "get", torrent, "--dir", t.TempDir(), "--listen", "127.0.0.1:0", "--json", "--home", t.TempDir())
	get.line(30*time.Second, func(l string) bool { return strings.Contains(l, `"state":"downloading"`) })
	time.Sleep(2 * time.Second)
	if n := sent.Load(); n != 0 {
		t.Errorf("it was asked for %d bytes", n)
	}
}

// A web seed and a libtorrent seed share the work.
func TestWebSeedBesidePeer(t *testing.T) {
	needLibtorrent(t)
	dir, out := t.TempDir(), t.TempDir()
	root := content(t, dir, "both", map[string]int{"a": 20_000_000, "b/c": 12_345_678})
	url, sent := serveFiles(t, dir)
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, python, "testdata/node.py", "make", root, torrent, "65536", "hybrid")
	seed := start(t, python, "testdata/node.py", "seed", torrent, dir, "plain")
	port := strings.Fields(seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
	// Slow enough for both to take part, however fast one of them begins.
	get := start(t, binary, "get", torrent, "--dir", out, "--listen", "127.0.0.1:0", "--exit", "--json", "--home", t.TempDir(),
		"--web-seed", url, "--peer", "127.0.0.1:"+port, "--limit-down", "10MB")
	done := get.event(60*time.Second, "done")
	same(t, root, filepath.Join(out, "both"))
	if n := sent.Load(); n < done.Received/20 || n > done.Received*19/20 {
		t.Errorf("%d of %d bytes came from the web", n, done.Received)
	}
}

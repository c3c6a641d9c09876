package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo"
)

func needOpentracker(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("opentracker"); err != nil {
		t.Skip("opentracker is not installed (apt-get install opentracker)")
	}
}

// freePort returns a port of 127.0.0.1 that is free over TCP and UDP.
func freePort(t *testing.T) string {
	t.Helper()
	for range 20 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(l.Addr().String())
		p, err := net.ListenPacket("udp", l.Addr().String())
		l.Close()
		if err == nil {
			p.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

// opentracker starts a tracker for info-hashes: Debian's serves those that are
// listed and no others.
func opentracker(t *testing.T, hashes ...string) (port string) {
	t.Helper()
	port = freePort(t)
	p := strings.Fields(opentrackerCommand(t, port, hashes))
	start(t, p[0], p[1:]...)
	for range 100 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			return port
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("opentracker does not listen")
	return ""
}

// opentrackerCommand returns the command line of a tracker for info-hashes.
func opentrackerCommand(t *testing.T, port string, hashes []string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "warren-tracker") // it changes to nobody, who may not look into t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "list")
	if err := os.WriteFile(list, []byte(strings.Join(hashes, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return "opentracker -i 127.0.0.1 -p " + port + " -P " + port + " -d / -w " + list + " -u nobody"
}

// hashesOf returns what trackers know a torrent by: both hashes of a hybrid.
func hashesOf(t *testing.T, file string) (list []string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	h := m.Hashes()
	if h.HasV1 {
		list = append(list, h.V1.String())
	}
	if h.HasV2 {
		list = append(list, fmt.Sprintf("%x", h.Truncated()))
	}
	return list
}

// Two warrens that know nothing but a tracker find each other, whichever comes
// first, and a third one that comes when both have gone finds nobody: they have
// said so.
func TestOpentracker(t *testing.T) {
	needOpentracker(t)
	for _, scheme := range []string{"http", "udp"} {
		for _, kind := range []string{"v1", "v2", "hybrid"} {
			t.Run(scheme+"/"+kind, func(t *testing.T) { tracked(t, scheme, kind) })
		}
	}
}

func tracked(t *testing.T, scheme, kind string) {
	t.Parallel()
	dir := t.TempDir()
	torrent, out := filepath.Join(dir, "t.torrent"), filepath.Join(dir, "out")
	root := content(t, dir, "data.bin", map[string]int{"": 3_000_001})
	run(t, binary, "torrent", "create", root, "-o", torrent, "--kind", kind)
	url := scheme + "://127.0.0.1:" + opentracker(t, hashesOf(t, torrent)...) + "/announce"
	get := func(home string) *process {
		return start(t, binary, "get", torrent, "--dir", out, "--tracker", url, "--listen", "127.0.0.1:0", "--no-lsd", "--no-dht", "--exit", "--json", "--home", home)
	}
	seed, _ := share(t, torrent, dir, "--tracker", url, "--no-lsd", "--no-dht")
	home := t.TempDir()
	first := get(home)
	first.event(60*time.Second, "done")
	same(t, root, filepath.Join(out, "data.bin"))

	for _, p := range []*process{first, seed} {
		_ = p.cmd.Process.Signal(os.Interrupt)
		for range p.lines { // until it is closed
		}
		<-p.done
	}
	out = filepath.Join(dir, "again")
	last := get(t.TempDir())
	if why := last.reason(t); !strings.Contains(why, "knows no other peer") {
		t.Errorf("the tracker was not told: %s", why)
	}
}

// reason waits for why nothing moves, once the tracker was asked.
func (p *process) reason(t *testing.T) string {
	t.Helper()
	for range 30 {
		e := p.event(30*time.Second, "progress")
		if e.Reason != "" && !strings.Contains(e.Reason, "asking") && !strings.Contains(e.Reason, "yet") {
			return e.Reason
		}
	}
	t.Fatal("nobody was asked")
	return ""
}

// A tracker on this machine that the user has not named is not asked.
func TestTrackerAtHome(t *testing.T) {
	needOpentracker(t)
	dir := t.TempDir()
	torrent := filepath.Join(dir, "t.torrent")
	root := content(t, dir, "data.bin", map[string]int{"": 100_000})
	run(t, binary, "torrent", "create", root, "-o", torrent)
	url := "http://127.0.0.1:" + opentracker(t, hashesOf(t, torrent)...) + "/announce"
	run(t, binary, "torrent", "edit", torrent, "--tracker", url)
	get := start(t, binary, "get", torrent, "--dir", filepath.Join(dir, "out"), "--listen", "127.0.0.1:0", "--no-lsd", "--no-dht", "--json", "--home", t.TempDir())
	if why := get.reason(t); !strings.Contains(why, "it is on this machine or in its network") {
		t.Errorf("it was asked: %s", why)
	}
}

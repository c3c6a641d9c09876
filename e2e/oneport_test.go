package e2e

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// One port serves peers in clear, under MSE and over TLS, and visitors with curl and
// a browser, all at the same time and with the programs people have.
func TestOnePort(t *testing.T) {
	needLibtorrent(t)
	for _, program := range []string{"curl", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (apt-get install %s)", program, program)
		}
	}
	dir := t.TempDir()
	root := content(t, dir, "one.bin", map[string]int{"": 12 << 20})
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent)
	seed, addr := share(t, torrent, dir, "--limit-up", "4MB", "--no-lsd")

	var outs [3]string
	for i := range outs {
		outs[i] = t.TempDir()
	}
	plain := start(t, python, "testdata/node.py", "get", torrent, outs[0], "plain", addr)
	rc4 := start(t, python, "testdata/node.py", "get", torrent, outs[1], "rc4", addr)
	tls := start(t, binary, "get", torrent, "--dir", outs[2], "--peer", addr, "--tls", "require", "--no-lsd", "--exit", "--json", "--home", t.TempDir())
	all := seed.line(30*time.Second, func(l string) bool {
		var e struct {
			Peers int `json:"peers"`
			TLS   int `json:"tls_peers"`
		}
		return json.Unmarshal([]byte(l), &e) == nil && e.Peers == 3 && e.TLS == 1
	})
	t.Log(all)

	var visits sync.WaitGroup
	visits.Go(func() { visitWithCurl(t, addr) })
	visits.Go(func() { visitWithChromium(t, addr) })
	visits.Wait()
	if sent := lastEvent(t, seed).Sent; sent >= 3*12<<20 {
		t.Fatalf("%d bytes are sent: the visitors came too late", sent)
	}
	done := func(l string) bool { return l == "done" }
	plain.line(60*time.Second, done)
	rc4.line(60*time.Second, done)
	tls.event(60*time.Second, "done")
	for _, out := range outs {
		same(t, root, filepath.Join(out, "one.bin"))
	}
}

// lastEvent waits for the next report.
func lastEvent(t *testing.T, p *process) event {
	t.Helper()
	for len(p.lines) > 0 { // reports of the past
		p.event(time.Second, "progress")
	}
	return p.event(10*time.Second, "progress")
}

// visitWithCurl asks for the site over HTTP/1.1, HTTP/2 and in clear.
func visitWithCurl(t *testing.T, addr string) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--http1.1", "https://" + addr + "/"}, "1.1 200 "},
		{[]string{"--http2", "https://" + addr + "/"}, "2 200 "},
		{[]string{"http://" + addr + "/a"}, "1.1 301 https://" + addr + "/a"},
	} {
		args := append([]string{"-sk", "--max-time", "20", "-o", os.DevNull, "-w", "%{http_version} %{http_code} %{redirect_url}"}, c.args...)
		if out, err := exec.Command("curl", args...).CombinedOutput(); err != nil || string(out) != c.want {
			t.Errorf("curl %v: %q, %v, want %q", c.args, out, err, c.want)
		}
	}
}

// visitWithChromium asks for the site with a browser, which has to come over HTTP/2.
func visitWithChromium(t *testing.T, addr string) {
	profile := t.TempDir()
	log := filepath.Join(profile, "net.json")
	cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--user-data-dir="+profile,
		"--ignore-certificate-errors", "--log-net-log="+log, "--timeout=20000", "--dump-dom", "https://"+addr+"/")
	cmd.Env = append(os.Environ(), "HOME="+profile)
	page, err := cmd.Output()
	if err != nil || !strings.Contains(string(page), "<h1") {
		t.Errorf("chromium: %.200q, %v", page, err)
	}
	if n, err := http2Sessions(log); err != nil || n == 0 {
		t.Errorf("chromium: %d sessions of HTTP/2, %v", n, err)
	}
}

var errNetLog = errors.New("not a log of Chromium's network")

// http2Sessions counts sessions in a log of Chromium's network.
func http2Sessions(name string) (n int, err error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	var log struct {
		Constants struct {
			Types map[string]int `json:"logEventTypes"`
		} `json:"constants"`
		Events []struct {
			Type int `json:"type"`
		} `json:"events"`
	}
	if err := json.Unmarshal(b, &log); err != nil {
		return 0, err
	}
	session, ok := log.Constants.Types["HTTP2_SESSION_INITIALIZED"]
	if !ok {
		return 0, errNetLog
	}
	for _, e := range log.Events {
		if e.Type == session {
			n++
		}
	}
	return n, nil
}

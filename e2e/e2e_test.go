// Package e2e runs the built program beside other people's clients, as real
// processes on loopback, and compares every byte at the end.
//
// WARREN_E2E chooses how much: short (the default) or full.
//
// Tests that wait for the most of their time, and measure none, are parallel: they run
// together, after all the others.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "warren-e2e")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "warren")
	build := exec.Command("go", "build", "-o", binary, "../cmd/warren")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	// Nothing leaves the machine; tests of the DHT say which node to enter it by,
	// and those of port mapping have a router of their own.
	for _, name := range []string{"WARREN_NO_DHT", "WARREN_NO_PORTMAP"} {
		if err := os.Setenv(name, "1"); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func full() bool { return os.Getenv("WARREN_E2E") == "full" }

// python is Debian's interpreter: another one on PATH would not find Debian's
// libtorrent.
const python = "/usr/bin/python3"

func needLibtorrent(t *testing.T) {
	t.Helper()
	if err := exec.Command(python, "-c", "import libtorrent").Run(); err != nil {
		t.Skip("python3-libtorrent is not installed (apt-get install python3-libtorrent)")
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root to mount a tmpfs")
	}
}

// namespaces builds machines that are namespaces of the network, until the test ends. Where
// that cannot be done the test is skipped, which WARREN_REQUIRE=all counts as a failure.
func namespaces[L interface{ Close() error }](t *testing.T, build func(context.Context) (L, error)) L {
	t.Helper()
	l, err := build(t.Context())
	if err != nil {
		t.Skipf("no network namespaces can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// process is a child whose output is read line by line.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	lines  chan string
	stderr bytes.Buffer
	mu     sync.Mutex
	done   chan struct{}
	err    error
}

// start runs a command; it is killed at the end of the test at the latest.
func start(t *testing.T, name string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(name, args...), lines: make(chan string, 1<<16), done: make(chan struct{})}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			p.lines <- s.Text()
		}
		close(p.lines)
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
		if t.Failed() {
			t.Logf("%s %v: %s", filepath.Base(name), args, p.log())
		}
	})
	return p
}

// Write collects the error output.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.Write(b)
}

func (p *process) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// line waits for a line that want accepts.
func (p *process) line(limit time.Duration, want func(string) bool) string {
	p.t.Helper()
	timeout := time.After(limit)
	for {
		select {
		case l, ok := <-p.lines:
			if !ok {
				<-p.done
				p.t.Fatalf("%v ended (%v) before it said what we wait for: %s", p.cmd.Args, p.err, p.log())
			}
			if want(l) {
				return l
			}
		case <-timeout:
			p.t.Fatalf("%v did not say what we wait for within %v: %s", p.cmd.Args, limit, p.log())
		}
	}
}

// kill ends the process as a power switch would.
func (p *process) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	for range p.lines { // until it is closed
	}
	<-p.done
}

// event is a line of warren's --json output.
type event struct {
	Event    string   `json:"event"`
	Listen   []string `json:"listen"`
	Bytes    int64    `json:"bytes"`
	Total    int64    `json:"total"`
	Sent     int64    `json:"sent"`
	Received int64    `json:"received"`
	State    string   `json:"state"`
	Reason   string   `json:"reason"`
	TLSBytes int64    `json:"tls_bytes"`
	Magnet   string   `json:"magnet"`
	Stream   []string `json:"stream"`

	Unprotected []struct{ Source string } `json:"unprotected"`
}

// event waits for an event of a kind.
func (p *process) event(limit time.Duration, kind string) event {
	p.t.Helper()
	var e event
	p.line(limit, func(l string) bool {
		e = event{}
		return json.Unmarshal([]byte(l), &e) == nil && e.Event == kind
	})
	return e
}

// share starts warren share and returns where it listens.
func share(t *testing.T, torrent, dir string, args ...string) (*process, string) {
	t.Helper()
	p := start(t, binary, append([]string{"share", torrent, "--dir", dir, "--listen", "127.0.0.1:0", "--json", "--home", t.TempDir()}, args...)...)
	e := p.event(60*time.Second, "ready")
	if len(e.Listen) == 0 {
		t.Fatalf("ready without an address: %+v", e)
	}
	return p, e.Listen[0]
}

// run runs a command to its end.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
	return string(out)
}

// content writes files below dir/name and returns the path to share.
func content(t *testing.T, dir, name string, sizes map[string]int) string {
	t.Helper()
	r := rand.NewChaCha8(sha256.Sum256([]byte(name)))
	root := filepath.Join(dir, name)
	for file, n := range sizes {
		path := filepath.Join(root, file)
		if file == "" {
			path = root
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, n)
		_, _ = r.Read(b)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// same compares two trees, byte for byte.
func same(t *testing.T, want, got string) {
	t.Helper()
	a, b := sums(t, want), sums(t, got)
	for name, sum := range a {
		if b[name] != sum {
			t.Errorf("%s differs or is missing", name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok && !strings.Contains(name, ".pad") {
			t.Errorf("%s is too many", name)
		}
	}
	if len(a) == 0 {
		t.Errorf("nothing to compare below %s", want)
	}
}

func sums(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		out[name] = fmt.Sprintf("%x", h.Sum(nil))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Package api runs the clients of the API, each in its own language, against a
// node that runs.
package api

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// node starts a node, and returns its address and the owner's key.
func node(t *testing.T) (api, key string) {
	t.Helper()
	dir := t.TempDir()
	binary, home := filepath.Join(dir, "warren"), filepath.Join(dir, "home")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/warren").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := exec.Command(binary, "run", "--home", home, "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap")
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := c.Wait(); err != nil && c.ProcessState.ExitCode() != 130 {
			t.Errorf("the node ended with %v", err)
		}
	})
	var running struct{ API string }
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(filepath.Join(home, "node.json"))
		if err == nil && json.Unmarshal(text, &running) == nil && running.API != "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the node does not start")
		}
	}
	text, err := os.ReadFile(filepath.Join(home, "management-token"))
	if err != nil {
		t.Fatal(err)
	}
	return running.API, strings.TrimSpace(string(text))
}

// Each program of testdata adds a torrent, lists, changes, follows and removes it, makes
// a token and uses it, and is told what is wrong; it says "ok" in the end.
func TestClients(t *testing.T) {
	api, key := node(t)
	abs := func(name string) string {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name, tool string
		prepare    func(t *testing.T, dir string) []string // the command
	}{
		{"go", "go", func(t *testing.T, dir string) []string {
			write(t, filepath.Join(dir, "go.mod"), "module try\ngo 1.26.0\nrequire github.com/warren-p2p/warren/clients/go v0.0.0\nreplace github.com/warren-p2p/warren/clients/go => "+abs("../../clients/go")+"\n")
			copyTo(t, filepath.Join(dir, "main.go"), "testdata/try.go.txt")
			return []string{"go", "run", "."}
		}},
		{"python", "python3", func(*testing.T, string) []string {
			return []string{"python3", "-B", abs("testdata/try.py"), abs("../../clients/python")}
		}},
		{"javascript", "node", func(t *testing.T, dir string) []string {
			copyTo(t, filepath.Join(dir, "try.mjs"), "testdata/try.mjs")
			copyTo(t, filepath.Join(dir, "warren.js"), "../../clients/javascript/warren.js")
			copyTo(t, filepath.Join(dir, "package.json"), "../../clients/javascript/package.json")
			return []string{"node", "try.mjs"}
		}},
		{"rust", "cargo", func(t *testing.T, dir string) []string {
			write(t, filepath.Join(dir, "Cargo.toml"), "[package]\nname = \"try\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[dependencies]\nwarren-client = { path = \""+abs("../../clients/rust")+"\" }\n")
			copyTo(t, filepath.Join(dir, "src/main.rs"), "testdata/try.rs")
			return []string{"cargo", "run", "--quiet", "--offline"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.tool); err != nil {
				t.Skipf("%s is not here: the client in %s is not tried", c.tool, c.name)
			}
			dir := t.TempDir()
			args := c.prepare(t, dir)
			run := exec.Command(args[0], args[1:]...)
			run.Dir = dir
			run.Env = append(os.Environ(), "WARREN_API="+api, "WARREN_TOKEN="+key, "GOFLAGS=-mod=mod", "GOWORK=off", "CARGO_TARGET_DIR="+filepath.Join(dir, "target"))
			out, err := run.CombinedOutput()
			if err != nil || strings.TrimSpace(string(out)) != "ok" {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func copyTo(t *testing.T, path, from string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(text))
}

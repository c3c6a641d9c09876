package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/compat/transmission/conformance"
)

// npmModules is where the programs of e2e/npm are installed.
func npmModules(t *testing.T) (node, modules string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed (apt-get install npm)")
	}
	cmd := exec.Command("../.ci/need-npm")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("install what e2e/npm names: %v: %s", err, stderr.Bytes())
	}
	into := strings.TrimSpace(string(out))
	return filepath.Join(into, "bin", "node"), filepath.Join(into, "node_modules")
}

// ctrlTransmission drives @ctrl/transmission and returns the shapes of what its calls
// returned. A call that throws has another name than one that does not.
func ctrlTransmission(t *testing.T, at rpcServer) shape.Record {
	t.Helper()
	node, modules := npmModules(t)
	s := at.setting(t)
	cmd := exec.CommandContext(t.Context(), node, "npm/ctrl-transmission.mjs", modules, strings.TrimSuffix(at.url, "/transmission/rpc"))
	cmd.Env = append(os.Environ(), "SEED="+s.Seed, "LACKING="+s.Lacking, "MAGNET="+s.Magnet, "DIR="+s.Dir, "OTHER="+s.Other)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("@ctrl/transmission: %v: %s\n%s", err, stderr.Bytes(), out)
	}
	record := shape.Record{}
	for line := range bytes.Lines(out) {
		var said struct {
			Call   string
			Answer json.RawMessage
			Error  string
		}
		if err := json.Unmarshal(line, &said); err != nil {
			t.Fatalf("@ctrl/transmission: %v: %s", err, line)
		}
		name := said.Call
		if said.Error != "" {
			name += ": " + said.Error
			said.Answer = json.RawMessage("null")
		} else if bytes.Contains(said.Answer, []byte(`"result":`)) {
			name += fmt.Sprintf(": %v", conformance.Answer{Status: 200, Body: said.Answer}.Succeeded())
		}
		if record[name], err = shape.Of(said.Answer); err != nil {
			t.Fatal(err)
		}
	}
	return record
}

// TestCtrlTransmission makes the same calls of @ctrl/transmission with Debian's daemon and
// with warren: nothing is missing, and nothing is of another type.
func TestCtrlTransmission(t *testing.T) {
	theirs := ctrlTransmission(t, startTransmission(t))
	ours := ctrlTransmission(t, startWarren(t))
	for _, line := range theirs.Missing(ours) {
		t.Error(line)
	}
}

// TestFlood drives Flood's page, with warren as its Transmission.
func TestFlood(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed (apt-get install chromium)")
	}
	node, modules := npmModules(t)
	at := startWarren(t)
	torrent, _ := multiFile(t, at.dir, "seed", "")
	file := filepath.Join(t.TempDir(), "seed.torrent")
	if err := os.WriteFile(file, torrent, 0o644); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	start(t, node, filepath.Join(modules, "flood", "dist", "index.js"), "--rundir", t.TempDir(), "--port", port)
	page := "http://127.0.0.1:" + port + "/"
	rpcServer{url: page}.await(t)
	shots := os.Getenv("WARREN_SHOTS") // a folder for pictures
	out, err := exec.CommandContext(t.Context(), node, "npm/flood.mjs", modules, page, at.url, file, at.dir, shots).CombinedOutput()
	if err != nil {
		t.Fatalf("drive Flood: %v\n%s", err, out)
	}
	for _, want := range []string{"an empty list", "added: seed", "stopped", "started", "Files: seed", "Peers: seed", "Comment what", "removed"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("Flood did not show %q:\n%s", want, out)
		}
	}
}

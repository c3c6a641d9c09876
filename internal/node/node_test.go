package node_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/store"
)

// quiet keeps a node to this machine.
func quiet() map[string]string {
	return map[string]string{"listen": "127.0.0.1:0", "peers.dht": "false", "peers.lsd": "false", "peers.portmap": "false"}
}

func open(t *testing.T, path string, flags map[string]string, file string) (*node.Node, *bytes.Buffer, error) {
	t.Helper()
	var log bytes.Buffer
	n, err := node.Open(t.Context(), node.Options{
		Home: path, Version: "1.2.3", Log: &log,
		Sources: config.Sources{Path: "config.toml", File: []byte(file), Flags: flags},
	})
	return n, &log, err
}

// TestNode: it opens, is the only one, and leaves nothing behind but its home.
func TestNode(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	path := t.TempDir()
	n, log, err := open(t, path, quiet(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Announce(4711, "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	if at := n.Addresses(); len(at) != 1 || !strings.HasPrefix(at[0], "127.0.0.1:") || n.Moved() {
		t.Errorf("listens on %v", at)
	}
	if len(n.Identities.List()) != 1 {
		t.Errorf("identities: %v", n.Identities.List())
	}
	_, _, err = open(t, path, quiet(), "")
	if e, ok := errors.AsType[*home.RunningError](err); !ok || e.Node.PID != 4711 || e.Node.API != "http://127.0.0.1:1" {
		t.Errorf("a second node: %v", err)
	}
	if err := errors.Join(n.Close(), n.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, "node.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("node.json is left: %v", err)
	}
	if !strings.Contains(log.String(), "the node runs") {
		t.Errorf("log: %s", log)
	}
	if n, _, err = open(t, path, quiet(), ""); err != nil {
		t.Fatal("a second time: ", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSettings: a change applies at once where it can, and says where it cannot.
func TestSettings(t *testing.T) {
	path := t.TempDir()
	n, _, err := open(t, path, quiet(), "limits.up = \"1MB\"\nlog.level = \"error\"")
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Timetable.Now().Up; got != 1_000_000 {
		t.Errorf("up: %d", got)
	}
	if err := n.ChangeSettings(t.Context(), map[string]any{
		"limits.up": "2MB", "schedule.rules": []any{"daily 00:00-24:00 alternative"}, "limits.alternative.down": 5000.0, "peers.max": 9.0,
	}); err != nil {
		t.Fatal(err)
	}
	if now := n.Timetable.Now(); !now.Alternative || now.Down != 5000 {
		t.Errorf("now: %+v", now)
	}
	if got := n.Waiting(); !slices.Equal(got, []string{"peers.max"}) {
		t.Errorf("waiting: %v", got)
	}
	err = n.ChangeSettings(t.Context(), map[string]any{"listen": ":1"})
	if _, ok := errors.AsType[*config.KeyError](err); !ok {
		t.Errorf("what a flag has set was changed: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPortTaken: the usual port may move, one that was chosen may not.
func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	flags := quiet()
	flags["listen"] = l.Addr().String()
	_, _, err = open(t, t.TempDir(), flags, "")
	if err == nil || !strings.Contains(err.Error(), "choose another with listen in config.toml") {
		t.Errorf("got %v", err)
	}
}

// TestRefused: what is wrong is said, and nothing is left open.
func TestRefused(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	path := t.TempDir()
	_, _, err := open(t, path, quiet(), "limits.upp = \"1MB\"")
	if err == nil || !strings.Contains(err.Error(), "config.toml:1: limits.upp: no such setting: did you mean limits.up?") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(path, "warren.db"), bytes.Repeat([]byte("not a database"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = open(t, path, quiet(), "")
	if _, ok := errors.AsType[*store.CorruptError](err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestPath(t *testing.T) {
	path := t.TempDir()
	n, err := node.Open(t.Context(), node.Options{Home: path, Sources: config.Sources{
		Flags: quiet(), Getenv: func(k string) string { return map[string]string{"HOME": "/users/me"}[k] },
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	for name, want := range map[string]string{"x/../y": filepath.Join(path, "y"), "/a": "/a", "~/b": "/users/me/b", "~": "/users/me", "~b": filepath.Join(path, "~b")} {
		if got := n.Path(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

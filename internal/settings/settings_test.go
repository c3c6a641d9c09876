package settings_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/words"
)

func open(t *testing.T, path string, src config.Sources) *settings.Settings {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := settings.Open(t.Context(), db, src)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestChange: what is changed is told, outlives the node, and can be taken back.
func TestChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warren.db")
	src := config.Sources{Path: "config.toml", File: []byte("limits.up = \"1MB\"")}
	s := open(t, path, src)
	var told []words.Speed
	s.Watch(func(old, now config.Config) { told = append(told, old.Limits.Up, now.Limits.Up) })
	if err := s.Change(t.Context(), map[string]any{"limits.up": 2000.0, "looks.pad": true, "peers.max": "7"}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []words.Speed{1_000_000, 2000}) {
		t.Errorf("told %v", told)
	}
	if got := s.Waiting(); !slices.Equal(got, []string{"peers.max", "looks.pad"}) {
		t.Errorf("waiting for a restart: %v", got)
	}
	again := open(t, path, src)
	c := again.Now()
	if c.Limits.Up != 2000 || c.Peers.Max != 7 || !c.Looks.Pad || c.Origin("limits.up") != config.Store {
		t.Errorf("got %+v from %v", c.Limits, c.Origin("limits.up"))
	}
	if again.Waiting() != nil {
		t.Errorf("still waiting: %v", again.Waiting())
	}
	if err := again.Change(t.Context(), map[string]any{"limits.up": nil}); err != nil {
		t.Fatal(err)
	}
	if c := open(t, path, src).Now(); c.Limits.Up != 1_000_000 || c.Origin("limits.up") != config.File {
		t.Errorf("got %v from %v", c.Limits.Up, c.Origin("limits.up"))
	}
}

// TestRefused: of several changes one of which is wrong none is made.
func TestRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warren.db")
	s := open(t, path, config.Sources{Getenv: func(k string) string { return map[string]string{"WARREN_PEERS_MAX": "3"}[k] }})
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"limits.upp", "1MB", "did you mean limits.up?"},
		{"limits.down", "fast", "not a size"},
		{"limits.down", -1.0, "want 0 or more"},
		{"hooks.complete", []any{"/bin/sh"}, "programs may not change this"},
		{"rpc.password", "x", "programs may not change this"},
		{"peers.max", 4.0, "counts for more"},
		{"management.listen", "0.0.0.0:1", "this machine alone"},
		{"management.hosts", []any{"rebound.example"}, "programs may not change this"},
		{"looks.site", "/srv/me", "programs may not change this"},
		{"log.file", "/srv/me/.profile", "programs may not change this"},
	} {
		err := s.Change(t.Context(), map[string]any{"limits.up": "1MB", c.key: c.value})
		if _, ok := errors.AsType[*config.KeyError](err); !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.key, err)
		}
	}
	if s.Now().Limits.Up != 0 || open(t, path, config.Sources{}).Now().Limits.Up != 0 {
		t.Error("half a change was made")
	}
}

// TestRevise: what is made of a value is made of the newest one, however many do so.
func TestRevise(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "warren.db"), config.Sources{})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			err := s.Revise(t.Context(), func(now config.Config) (map[string]any, error) {
				return map[string]any{"paths.watch": append(slices.Clone(now.Paths.Watch), fmt.Sprintf("/in/%d", i))}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(s.Now().Paths.Watch); n != 20 {
		t.Errorf("%d of 20 are kept", n)
	}
	no := errors.New("no")
	if err := s.Revise(t.Context(), func(config.Config) (map[string]any, error) { return nil, no }); !errors.Is(err, no) || len(s.Now().Paths.Watch) != 20 {
		t.Error(err)
	}
}

// TestLeft: what a program has kept does not keep a node from starting, whatever this
// version thinks of it.
func TestLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warren.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(q store.Querier) error {
		_, err := q.ExecContext(t.Context(), `INSERT INTO setting VALUES ('paths.watch', '["/in | nonsense"]'), ('peers.tls', '"always"'), ('limits.up', '"1MB"')`)
		return err
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, config.Sources{})
	if c := s.Now(); c.Limits.Up != 1_000_000 || len(c.Paths.Watch) > 0 || c.Peers.TLS != "prefer" {
		t.Errorf("got %v, %v, %v", c.Limits.Up, c.Paths.Watch, c.Peers.TLS)
	}
	if left := errors.Join(s.Left()...); len(s.Left()) != 2 || !strings.Contains(left.Error(), "nonsense") || !strings.Contains(left.Error(), "always") {
		t.Errorf("left %v", left)
	}
	if err := s.Change(t.Context(), map[string]any{"limits.up": "2MB", "peers.tls": nil}); err != nil {
		t.Error(err)
	}
}

// TestSlow: whoever asks how settings are does not wait for who makes a change take
// effect.
func TestSlow(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "warren.db"), config.Sources{})
	begun, end := make(chan struct{}), make(chan struct{})
	s.Watch(func(_, _ config.Config) { close(begun); <-end })
	changed := make(chan error)
	go func() { changed <- s.Change(t.Context(), map[string]any{"limits.up": "1MB"}) }()
	<-begun
	asked := make(chan words.Speed, 1)
	go func() { asked <- s.Now().Limits.Up }()
	select {
	case up := <-asked:
		if up != 1_000_000 {
			t.Errorf("got %v", up)
		}
	case <-time.After(30 * time.Second):
		t.Error("who asks waits for who makes it take effect")
	}
	close(end)
	if err := <-changed; err != nil {
		t.Error(err)
	}
}

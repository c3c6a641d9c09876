package node_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/tracker"
)

const someHash = "688c248b7e6db061d0f7a9693c1a85fcb69847e3"

// A node tracks what it has, at an address that nobody else finds.
func TestTracker(t *testing.T) {
	n, _, err := open(t, t.TempDir(), quiet(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	link, err := magnet.Parse("magnet:?xt=urn:btih:" + someHash)
	if err != nil {
		t.Fatal(err)
	}
	url := n.Tracker.URL()
	client := tracker.New(tracker.Config{Policy: netpolicy.Direct{}, Clock: clock.System{}})
	defer client.Close()
	ask := func() (tracker.Response, error) {
		return client.Announce(t.Context(), tracker.Target{URL: url, Typed: true}, tracker.Request{InfoHash: link.Hashes.V1, Port: 1001, Left: 1, NumWant: 5})
	}
	if _, err := ask(); !refuses(err) {
		t.Errorf("a torrent that the node has not: %v", err)
	}
	if _, err := n.Library.Add(t.Context(), library.Add{Magnet: link}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err = ask(); err == nil || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		t.Errorf("one that it has: %v", err)
	}
	wrong := strings.Replace(url, "/announce", "x/announce", 1)
	if status := visit(t.Context(), t, wrong); status != http.StatusMovedPermanently {
		t.Errorf("a wrong key gets status %d in clear", status)
	}
}

func refuses(err error) bool {
	_, ok := errors.AsType[*tracker.Failure](err)
	return ok
}

func visit(ctx context.Context, t *testing.T, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestNoTracker(t *testing.T) {
	flags, home := quiet(), t.TempDir()
	flags["tracker.on"] = "false"
	n, _, err := open(t, home, flags, "")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if n.Tracker.URL() != "" {
		t.Error("there is one")
	}
	if _, err := os.Stat(filepath.Join(home, "own-tracker")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it has a folder: %v", err)
	}
}

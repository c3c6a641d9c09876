package redis_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	redigo "github.com/gomodule/redigo/redis"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/redis"
	"github.com/warren-p2p/warren/tracker/server/peerstore/storetest"
)

// start runs Debian's redis-server and returns its URL.
func start(t *testing.T) string {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("WARREN_REQUIRE") == "all" {
			t.Fatal("redis-server is missing: apt-get install redis-server")
		}
		t.Skip("redis-server is missing")
	}
	socket := filepath.Join(t.TempDir(), "s")
	cmd := exec.Command(path, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", filepath.Dir(socket))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	url := "unix://" + socket + "?db=0"
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s, err := redis.Open(t.Context(), redis.Config{URL: url, Policy: netpolicy.Direct{}})
		if err == nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return url
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, url, prefix string) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), redis.Config{URL: url, Policy: netpolicy.Direct{}, TTL: storetest.TTL, Prefix: prefix, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	url := start(t)
	n := 0
	storetest.Run(t, func(t *testing.T) peerstore.Store {
		n++
		return open(t, url, "test"+strconv.Itoa(n))
	})
}

// Two trackers that share a store know each other's peers, at once.
func TestShared(t *testing.T) {
	url := start(t)
	one, two := open(t, url, "x"), open(t, url, "x")
	defer one.Close()
	defer two.Close()
	a := peerstore.Announce{InfoHash: [20]byte{1}, Peer: netip.MustParseAddrPort("1.2.3.4:6881"), Now: storetest.Begin(), NumWant: 5}
	var to peerstore.Answer
	if err := one.Announce(t.Context(), &a, &to); err != nil {
		t.Fatal(err)
	}
	a.Peer = netip.MustParseAddrPort("5.6.7.8:80")
	if err := two.Announce(t.Context(), &a, &to); err != nil || string(to.Peers) != "\x01\x02\x03\x04\x1a\xe1" {
		t.Errorf("%x, %v", to.Peers, err)
	}
	if n, err := one.Count(t.Context()); err != nil || n != (peerstore.Count{Swarms: 1, Peers4: -1, Peers6: -1}) {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestAway(t *testing.T) {
	for _, url := range []string{"", "http://x", "redis://h:port:x", "redis://", "redis:///1", "redis://h:1/x", "redis://h:1/-1", "unix://", "unix:///s?db=x"} {
		if _, err := redis.Open(t.Context(), redis.Config{URL: url, Policy: netpolicy.Direct{}}); !errors.Is(err, redis.ErrURL) {
			t.Errorf("%q: %v", url, err)
		}
	}
	_, err := redis.Open(t.Context(), redis.Config{URL: "redis://u:secret@127.0.0.1:1/0", Policy: netpolicy.NewMem()})
	if err == nil || errors.Is(err, redis.ErrURL) || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v", err)
	}
	url := start(t)
	s := open(t, url, "away")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := peerstore.Announce{Peer: netip.MustParseAddrPort("1.2.3.4:6881"), Now: storetest.Begin()}
	if err := s.Announce(ctx, &a, &peerstore.Answer{}); err == nil {
		t.Error("announced after its time")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Announce(t.Context(), &a, &peerstore.Answer{}); err == nil {
		t.Error("announced after Close")
	}
	if _, err := s.Scrape(t.Context(), make([][20]byte, 1), nil, storetest.Begin()); err == nil {
		t.Error("scraped after Close")
	}
}

// A server that has closed what connections there were, as one does that is started
// anew, is asked over another one.
func TestConnectionsAreClosed(t *testing.T) {
	url := start(t)
	s := open(t, url, "closed")
	defer s.Close()
	a := peerstore.Announce{Peer: netip.MustParseAddrPort("1.2.3.4:6881"), Now: storetest.Begin()}
	for range 3 {
		if err := s.Announce(t.Context(), &a, &peerstore.Answer{}); err != nil {
			t.Fatal(err)
		}
		socket, _, _ := strings.Cut(strings.TrimPrefix(url, "unix://"), "?")
		c, err := redigo.DialContext(t.Context(), "unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := redigo.Int(redigo.DoContext(c, t.Context(), "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")); n == 0 || err != nil {
			t.Errorf("closed %d, %v", n, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if got, err := s.Scrape(t.Context(), make([][20]byte, 2), nil, storetest.Begin()); err != nil || len(got) != 2 || got[0].Leechers != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

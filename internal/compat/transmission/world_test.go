package transmission

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/compat/transmission/conformance"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// world is a node as far as the RPC needs one: a library on a network in memory.
type world struct {
	*Handler
	t        *testing.T
	net      *netpolicy.Mem
	home     string
	library  *library.Library
	session  *swarm.Session
	store    *store.Store
	web      map[string][]byte // what is served, by URL
	ended    bool
	visitors []*conformance.Visitor

	mu          sync.Mutex
	settings    config.Config
	stored      map[string]any
	alternative bool
	blocked     int
}

func newWorld(t *testing.T) *world { return openWorld(t, t.TempDir()) }

// openWorld opens a node in a home that may have been one's before.
func openWorld(t *testing.T, home string) *world {
	t.Helper()
	w := &world{t: t, net: netpolicy.NewMem(), home: home, web: map[string][]byte{}, stored: map[string]any{}}
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.ChangeSettings(ctx, map[string]any{"paths.download": filepath.Join(w.home, "content")}))
	must(os.MkdirAll(filepath.Join(w.home, "node"), 0o700))
	var err error
	w.store, err = store.Open(ctx, filepath.Join(w.home, "warren.db"))
	must(err)
	state, err := vfs.OpenDir(filepath.Join(w.home, "node"))
	must(err)
	w.session, err = swarm.NewSession(ctx, swarm.Config{Home: state, Listen: "127.0.0.1:0", Policy: w.net, NoLSD: true, NoPortmap: true, Reserve: 1})
	must(err)
	log := slog.New(slog.DiscardHandler)
	w.library, err = library.Open(ctx, library.Config{
		Store: w.store, Session: w.session, Clock: clock.System{}, Log: log,
		Open:     func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
		Make:     func(path string) error { return os.MkdirAll(path, 0o777) },
		Defaults: library.Defaults{Dir: filepath.Join(w.home, "content")},
	})
	must(err)
	w.Handler, err = New(ctx, Config{
		Library: w.library, Store: w.store, Node: w, Clock: clock.System{}, Log: log, Home: w.home, Version: "0.0.0",
		Fetch: func(_ context.Context, url, _ string) ([]byte, string, error) {
			if b, ok := w.web[url]; ok {
				return b, "", nil
			}
			return nil, "", errors.New("not found")
		},
		ReadFile: os.ReadFile, End: func() { w.ended = true },
	})
	must(err)
	t.Cleanup(func() {
		for _, v := range w.visitors {
			_ = v.Close()
		}
		err := errors.Join(w.Handler.Close(ctx), w.library.Close(), w.session.Close(), w.library.CloseFolders(), w.store.Close(), state.Close())
		if err != nil {
			t.Error(err)
		}
	})
	return w
}

// The methods of session.Node.

func (w *world) Settings() config.Config {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.settings
}

func (w *world) ChangeSettings(_ context.Context, patch map[string]any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := maps.Clone(w.stored)
	maps.Copy(next, patch)
	c, err := config.Load(config.Sources{Stored: next})
	if err == nil {
		w.settings, w.stored = c, next
	}
	return err
}

func (w *world) Alternative() bool { return w.alternative }

func (w *world) SetAlternative(_ context.Context, on bool) error { w.alternative = on; return nil }

func (w *world) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(w.home, name)
}

func (w *world) Port() int { return int(w.session.Port()) }

func (w *world) Reachable(ipv6 bool) (open, known bool) { return !ipv6, !ipv6 }

func (w *world) Space(path string) (free, total int64, err error) {
	if _, err := os.Stat(path); err != nil {
		return 0, 0, err
	}
	return 1000, 2000, nil
}

func (w *world) Reblock(context.Context) error {
	w.blocked = 0
	for _, url := range w.Settings().Peers.Block {
		b, ok := w.web[url]
		if !ok {
			return errors.New("not found")
		}
		w.blocked += bytes.Count(b, []byte("\n"))
	}
	return nil
}

func (w *world) Blocked() int { return w.blocked }

// do carries out an HTTP request without HTTP.
func (w *world) do(r *http.Request) (*http.Response, error) {
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	return out.Result(), nil
}

// ask posts a body and returns the answer.
func (w *world) ask(body string) string {
	w.t.Helper()
	c := conformance.Client{URL: "http://127.0.0.1" + Path, Do: w.do}
	a, err := c.Post(w.t.Context(), body)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(a.Body)
}

// torrent makes content below dir and a torrent of version 1 of it.
func (w *world) torrent(dir, name, webSeed string) *metainfo.Torrent {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, name), 0o777); err != nil {
		w.t.Fatal(err)
	}
	chance := rand.NewChaCha8([32]byte{})
	for i, size := range []int{70_000, 30_000, 60_000} {
		part := make([]byte, size)
		_, _ = chance.Read(part)
		if err := os.WriteFile(filepath.Join(dir, name, string(rune('0'+i))+".bin"), part, 0o666); err != nil {
			w.t.Fatal(err)
		}
	}
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = fsys.Close() }()
	o := create.Options{
		PieceLength: 16384, Kind: create.V1, Trackers: [][]string{{"http://tracker.invalid/announce"}},
		Comment: "what", CreatedBy: "test", Now: time.Unix(1700000000, 0),
	}
	if webSeed != "" {
		o.WebSeeds = []string{webSeed}
	}
	m, err := create.Torrent(w.t.Context(), fsys, name, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// setting is what the scripts find.
func (w *world) setting() conformance.Setting {
	dir := filepath.Join(w.home, "content")
	seed := w.torrent(dir, "seed", "")
	hash := seed.Hashes().V1
	w.web["http://web.invalid/third.torrent"] = w.torrent(w.t.TempDir(), "third", "").Bytes()
	w.web["http://web.invalid/blocklist"] = []byte("bad people:6.6.6.0-6.6.6.255\n")
	return conformance.Setting{
		Client: &conformance.Client{URL: "http://127.0.0.1" + Path + "/", Do: w.do},
		Dir:    dir, Other: w.t.TempDir(),
		Seed: base64.StdEncoding.EncodeToString(seed.Bytes()), SeedHash: hex.EncodeToString(hash[:]),
		Lacking: base64.StdEncoding.EncodeToString(w.torrent(w.t.TempDir(), "lacking", "http://web.invalid/").Bytes()),
		Magnet:  "magnet:?xt=urn:btih:00112233445566778899aabbccddeeff00112233&dn=linked&tr=http://tracker.invalid/announce",
		Torrent: "http://web.invalid/third.torrent", Blocklist: "http://web.invalid/blocklist", Tracker: "http://other.invalid/announce",
		Visit: func(ctx context.Context) error { return w.visit(ctx, hash) },
		Pause: func(context.Context) error { time.Sleep(20 * time.Millisecond); return nil },
	}
}

func (w *world) visit(ctx context.Context, hash [20]byte) error {
	conn, err := w.net.Dial(ctx, w.session.Addr().(*net.TCPAddr).String())
	if err != nil {
		return err
	}
	v, err := conformance.Visit(conn, hash)
	if err == nil {
		w.visitors = append(w.visitors, v)
	}
	return err
}

// wait asks until the answer contains something.
func (w *world) wait(body, want string) string {
	w.t.Helper()
	answer := ""
	for range 500 {
		if answer = w.ask(body); strings.Contains(answer, want) {
			return answer
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatalf("%s is still answered with %s, want %s", body, answer, want)
	return ""
}

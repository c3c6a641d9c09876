package qbittorrent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// fakeSettings is a configuration that is kept in memory.
type fakeSettings struct {
	mu     sync.Mutex
	stored map[string]any
	flags  map[string]string // given at the start
	loaded *config.Config
	of     string // what loaded was made from
	on     bool   // the alternative limits
}

func (f *fakeSettings) Settings() config.Config {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := fmt.Sprint(f.stored, f.flags); f.loaded == nil || now != f.of {
		c, err := config.Load(config.Sources{Stored: f.stored, Flags: f.flags})
		if err != nil {
			panic(err)
		}
		f.loaded, f.of = &c, now
	}
	return *f.loaded
}

func (f *fakeSettings) ChangeSettings(_ context.Context, patch map[string]any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := map[string]any{}
	maps.Copy(next, f.stored)
	maps.Copy(next, patch)
	if _, err := config.Load(config.Sources{Stored: next}); err != nil {
		return err
	}
	f.stored = next
	return nil
}

func (f *fakeSettings) Alternative() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.on
}

func (f *fakeSettings) SetAlternative(_ context.Context, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = on
	return nil
}

// world is a node with the API before it, and the network it is in.
type world struct {
	t        testing.TB
	net      *netpolicy.Mem
	dir      string
	session  *swarm.Session
	library  *library.Library
	settings *fakeSettings
	api      *API
	cookies  map[string]string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, net: netpolicy.NewMem(), dir: t.TempDir(), settings: &fakeSettings{}, cookies: map[string]string{}}
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(w.dir, "warren.db"))
	w.must(err)
	w.session = w.newSession("node", swarm.Config{})
	w.library, err = library.Open(ctx, library.Config{
		Store: s, Session: w.session, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
		Open:     func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
		Make:     func(path string) error { return os.MkdirAll(path, 0o777) },
		Defaults: library.Defaults{Dir: filepath.Join(w.dir, "default")},
	})
	w.must(err)
	w.api = New(ctx, Config{
		Library: w.library, Session: w.session, Settings: w.settings, Alternative: w.settings, Clock: clock.System{},
		Log:   slog.New(slog.NewTextHandler(t.Output(), nil)),
		Lines: func() []logs.Line { return []logs.Line{{Time: time.Unix(5, 0), Level: "info", Message: "begun"}} },
		Path:  func(p string) string { return filepath.Join(w.dir, p) },
		Free:  func(string) (int64, error) { return 1 << 30, nil },
		Key:   func(_ context.Context, key string) bool { return key == "right" },
		Fetch: func(_ context.Context, url string) ([]byte, string, error) {
			return nil, "", errors.New("there is no web at " + url)
		},
	})
	t.Cleanup(func() {
		w.must(errors.Join(w.api.Close(), w.library.Close(), w.session.Close(), w.library.CloseFolders(), s.Close()))
	})
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// newSession opens an engine; the first one is the node's, and closed with it.
func (w *world) newSession(name string, cfg swarm.Config) *swarm.Session {
	w.t.Helper()
	home := filepath.Join(w.dir, "home-"+name)
	w.must(os.MkdirAll(home, 0o700))
	dir, err := vfs.OpenDir(home)
	w.must(err)
	cfg.Home, cfg.Policy, cfg.Listen, cfg.NoLSD, cfg.NoPortmap = dir, w.net, "127.0.0.1:0", true, true
	s, err := swarm.NewSession(context.Background(), cfg)
	w.must(err)
	w.t.Cleanup(func() { w.must(dir.Close()) })
	return s
}

// torrent writes files below dir/name and makes a torrent of version 1 of them.
func (w *world) torrent(dir, name string, files map[string]int, trackers ...[]string) *metainfo.Torrent {
	w.t.Helper()
	for file, n := range files {
		path := filepath.Join(dir, name, file)
		w.must(os.MkdirAll(filepath.Dir(path), 0o777))
		b := make([]byte, n)
		_, _ = rand.NewChaCha8([32]byte([]byte(strings.Repeat(name+"-", 32))[:32])).Read(b)
		w.must(os.WriteFile(path, b, 0o666))
	}
	return w.made(dir, name, create.Options{Kind: create.V1, PieceLength: 64 << 10, Trackers: trackers})
}

// made makes a torrent of what lies at dir/name.
func (w *world) made(dir, name string, o create.Options) *metainfo.Torrent {
	w.t.Helper()
	fsys, err := vfs.OpenDir(dir)
	w.must(err)
	defer fsys.Close()
	m, err := create.Torrent(context.Background(), fsys, name, o)
	w.must(err)
	return m
}

// Do makes w the client of a script. It keeps cookies.
func (w *world) Do(r *http.Request) (*http.Response, error) {
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	r.Host = "127.0.0.1:9471"
	rec := httptest.NewRecorder()
	w.api.ServeHTTP(rec, r)
	resp := rec.Result()
	for _, c := range resp.Cookies() {
		w.cookies[c.Name] = c.Value
	}
	return resp, nil
}

func (w *world) send(r *http.Request) (int, string) {
	w.t.Helper()
	resp, err := w.Do(r)
	w.must(err)
	b, err := io.ReadAll(resp.Body)
	w.must(err)
	return resp.StatusCode, string(b)
}

func (w *world) get(path string) (int, string) {
	w.t.Helper()
	return w.send(httptest.NewRequest(http.MethodGet, Root+path, nil))
}

func (w *world) post(path string, form url.Values) (int, string) {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, Root+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(r)
}

func (w *world) upload(fields map[string]string, files map[string][]byte) (int, string) {
	w.t.Helper()
	var b bytes.Buffer
	kind := multipartForm(&b, fields, files)
	r := httptest.NewRequest(http.MethodPost, Root+"torrents/add", &b)
	r.Header.Set("Content-Type", kind)
	return w.send(r)
}

// Package apitest opens the API of a node that has torrents and a network in memory, for
// tests.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// World is an API with what it stands on. Log has what went wrong.
type World struct {
	*api.API
	Library *library.Library
	Net     *netpolicy.Mem
	Log     bytes.Buffer
	Home    string // the directory
	Store   *store.Store
	Tokens  *access.Tokens
	Key     *access.Key
	Audit   *audit.Log

	Logs       *logs.Logs
	Courier    *courier.Courier
	Streams    *streaming.Handler
	Identities *identity.Book
	Sharing    sharing.Service
	Seeds      *Seeds
	Parts

	Tracker *own.Tracker

	session *swarm.Session
	follow  func() error // ends the tracker's following the library

	mu      sync.Mutex
	folders map[string]*memfs.FS
}

// Open opens an API without torrents. [World.Close] ends it.
func Open(t testing.TB) *World {
	t.Helper()
	return With(t, 0)
}

// With opens an API that has paused torrents of links, as many as that.
func With(t testing.TB, n int) *World {
	t.Helper()
	ctx := context.Background()
	w := &World{Net: netpolicy.NewMem(), folders: make(map[string]*memfs.FS)}
	log := slog.New(slog.NewTextHandler(&w.Log, nil))
	var err error
	w.Home = t.TempDir()
	if w.Store, err = store.Open(ctx, filepath.Join(w.Home, "warren.db")); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Write(ctx, func(q store.Querier) error { return fill(ctx, q, n) }); err != nil {
		t.Fatal(err)
	}
	w.Tokens, err = access.OpenTokens(ctx, w.Store, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	w.Audit = audit.Open(w.Store, clock.System{}, log)
	w.openTracker(t, log)
	w.session, err = swarm.NewSession(ctx, swarm.Config{Home: memfs.New(), Listen: "127.0.0.1:0", Policy: w.Net, NoLSD: true, NoPortmap: true, NoTrackers: true})
	if err != nil {
		t.Fatal(err)
	}
	w.Library, err = library.Open(ctx, library.Config{
		Store: w.Store, Session: w.session, Clock: clock.System{}, Log: log,
		Open:     func(path string) (vfs.FS, error) { return w.Folder(path), nil },
		Make:     func(string) error { return nil },
		Defaults: library.Defaults{Dir: "/content"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Courier = courier.New(courier.Config{Net: netpolicy.Public{Policy: w.Net}, Clock: clock.System{}, Client: "test"})
	w.follow = w.Tracker.Serve(w.Library)
	cfg := api.Config{
		Version: "test", Clock: clock.System{}, Log: log, Library: w.Library,
		Started: time.Unix(1e9, 0), Session: w.session, Tokens: w.Tokens, Audit: w.Audit,
		Courier: w.Courier, Tracker: w.Tracker,
	}
	if err := w.secrets(ctx, &cfg); err != nil {
		t.Fatal(err)
	}
	if cfg.Logs, err = logs.New(logs.Config{Level: "info", Out: &w.Log}); err != nil {
		t.Fatal(err)
	}
	w.Logs = cfg.Logs
	rest, err := newNode(ctx, w.Store)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Node = rest
	if w.Parts, err = open(ctx, w, rest, log); err != nil {
		t.Fatal(err)
	}
	cfg.Syndication, cfg.Automation = w.Syndication, w.Automation
	cfg.Sharing = w.openShares(ctx, t, log)
	cfg.Links = w.links()
	w.API = api.New(cfg)
	return w
}

// secrets opens what is the owner's alone.
func (w *World) secrets(ctx context.Context, cfg *api.Config) (err error) {
	cfg.Home, cfg.Traffic = w.Home, ways
	cfg.Streams = streaming.New(streaming.Config{Find: streaming.Library(w.Library), Clock: clock.System{}})
	w.Streams = cfg.Streams
	if w.Key, err = access.OpenKey(w.Folder("/home")); err != nil {
		return err
	}
	cfg.Key = w.Key
	cfg.Identities, err = identity.Open(ctx, w.Store, clock.System{})
	w.Identities = cfg.Identities
	return err
}

// Close ends everything.
func (w *World) Close(t testing.TB) {
	t.Helper()
	err := errors.Join(w.API.Close(), w.Sharing.Drafts.Close(), w.Sharing.Book.Close(), w.Parts.Close(), w.follow(), w.Library.Close(), w.session.Close(), w.Tracker.Close(), w.Library.CloseFolders(), w.Audit.Close(), w.Logs.Close(), w.Store.Close())
	if err != nil {
		t.Error(err)
	}
}

// As answers a request of somebody.
func (w *World) As(p access.Principal, method, path string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(access.With(context.Background(), p), method, path, body)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec
}

// Do asks as the owner and returns the status; the answer is read into out unless
// that is nil. in is what goes in as JSON, nil for nothing.
func (w *World) Do(t testing.TB, method, path string, in, out any) int {
	t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	rec := w.As(access.Owner(access.ByKey), method, path, body)
	if out != nil {
		if err := json.Unmarshal(rec.Body.Bytes(), out); err != nil {
			t.Fatalf("%s %s: %d: %v in %.500s", method, path, rec.Code, err, rec.Body)
		}
	}
	return rec.Code
}

// Must is Do where nothing else than a status will do.
func (w *World) Must(t testing.TB, status int, method, path string, in, out any) {
	t.Helper()
	var text json.RawMessage
	got := w.Do(t, method, path, in, rawUnless(status == http.StatusNoContent, &text))
	if got != status {
		t.Fatalf("%s %s: %d, %s", method, path, got, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			t.Fatal(err)
		}
	}
}

func rawUnless(none bool, text *json.RawMessage) any {
	if none {
		return nil
	}
	return text
}

func fill(ctx context.Context, q store.Querier, n int) error {
	for i := range n {
		link, err := magnet.Parse(Link(i + 1))
		if err != nil {
			return err
		}
		r := record.Record{
			Hashes: link.Hashes, Name: link.Name, Magnet: link.String(), Dir: "/content", Added: time.Unix(1e9, 0), Paused: true, Place: i,
			Category: "films", Labels: []string{"new"},
		}
		if err := record.Insert(ctx, q, &r, nil); err != nil {
			return err
		}
	}
	return nil
}

// Link returns a magnet link of a torrent that nobody has.
func Link(n int) string { return fmt.Sprintf("magnet:?xt=urn:btih:%040x&dn=torrent+%d", n, n) }

// Folder returns a folder by its absolute path.
func (w *World) Folder(path string) *memfs.FS {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.folders[path] == nil {
		w.folders[path] = memfs.New()
	}
	return w.folders[path]
}

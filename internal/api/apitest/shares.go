package apitest

import (
	"context"
	"log/slog"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/api/links"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/draft/caution"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// Disk is the folder that shares are made of, as its path says it.
const Disk = "/disk"

// openShares opens the book of what is shared, which nobody can fetch.
func (w *World) openShares(ctx context.Context, t testing.TB, log *slog.Logger) sharing.Service {
	t.Helper()
	w.Seeds = &Seeds{torrents: map[string]book.Seed{}}
	s := sharing.Service{
		Identities: w.Identities, Library: w.Library, Start: func() string { return Disk }, Reachable: func() bool { return true },
		Disk: draft.Disk{
			Real: func(path string) (string, error) { return path, nil },
			Open: func(at string) (vfs.FS, string, error) {
				name := strings.TrimPrefix(path.Clean(at), "/")
				if name == "" {
					name = "."
				}
				return w.Folder(Disk), name, nil
			},
			Make: func(at string) error { return w.Folder(Disk).MkdirAll(strings.TrimPrefix(at, "/"), 0o755) },
		},
	}
	if err := vfs.WriteFileAtomic(w.Folder(Disk), "disk/birds/song", []byte("tweet"), 0o644); err != nil {
		t.Fatal(err)
	}
	var err error
	s.Book, err = book.Open(ctx, book.Config{
		Store: w.Store, Clock: clock.System{}, Log: log, Identities: w.Identities, Swarm: w.Seeds,
		Place: func() string { return "node.example:51413" }, Pin: func() ([32]byte, error) { return [32]byte{1}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Drafts = draft.New(draft.Config{
		Book: s.Book, Clock: clock.System{}, Log: log, Disk: s.Disk, Copies: func() string { return "/copies" }, Names: caution.Names{"erika"},
		Private: "/state", Content: func() []string { return nil },
	})
	w.Sharing = s
	return s
}

// links is what opens the links of others.
func (w *World) links() links.Service {
	return links.Service{
		Visits: visit.New(visit.Config{Net: w.Net, Hello: hello.Go{}, Clock: clock.System{}}), Library: w.Library,
		Open: func(path string) (vfs.FS, error) { return w.Folder(path), nil },
	}
}

// Seeds are the torrents of shares. They are in no swarm.
type Seeds struct {
	mu       sync.Mutex
	torrents map[string]book.Seed
}

// Len returns how many there are.
func (s *Seeds) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.torrents)
}

// Begin implements book.Swarm.
func (s *Seeds) Begin(_ context.Context, one book.Seed) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := one.Metainfo.Hashes().String()
	if _, ok := s.torrents[key]; ok {
		return key, book.ErrThere
	}
	s.torrents[key] = one
	return key, nil
}

// End implements book.Swarm.
func (s *Seeds) End(_ context.Context, key string, _ bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.torrents, key)
	return nil
}

// Has implements book.Swarm.
func (s *Seeds) Has(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.torrents[key]
	return ok
}

// Pause implements book.Swarm.
func (s *Seeds) Pause(context.Context, string, bool) error { return nil }

// Metainfo implements book.Swarm.
func (s *Seeds) Metainfo(key string) (*metainfo.Torrent, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.torrents[key]
	if !ok {
		return nil, "", os.ErrNotExist
	}
	return one.Metainfo, one.Dir, nil
}

// Open implements book.Swarm.
func (s *Seeds) Open(string, string) (book.File, error) { return nil, os.ErrNotExist }

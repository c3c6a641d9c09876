// Package torrents is the part of the API that shows and changes torrents.
package torrents

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/links"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
)

// Config is what the operations work on.
type Config struct {
	Library *library.Library
	Feed    *changes.Feed
	Courier *courier.Courier // fetches torrent files by their URL
	Tracker *own.Tracker     // nil if the node has none
	Links   links.Service    // opens those of shares
	Failed  func(ctx context.Context, what string, err error)
}

// Service is the operations on torrents.
type Service struct {
	cfg Config
	lib *library.Library
	ctx context.Context // of what goes on after its request
	end context.CancelFunc

	mu     sync.Mutex
	closed bool
	work   sync.WaitGroup // entered with mu held, and not once it is closed
}

// New returns the operations.
func New(cfg Config) *Service {
	s := &Service{cfg: cfg, lib: cfg.Library}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// Close ends what goes on after its request, and waits for it. Requests may still come.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.work.Wait()
}

// begin has something go on after its request; false if it is too late for that.
func (s *Service) begin(do func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Go(do)
	}
	return !s.closed
}

// Register adds the operations.
func (s *Service) Register(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	operation.Raw[torrent.Selection, changes.Page](r, operation.Op{
		ID: "list-torrents", Method: http.MethodGet, Path: "/torrents", Tag: torrent.Tag, Scope: access.Read,
		Summary: "List torrents",
		Doc:     "A page of those that are asked for, filtered and sorted by the node. total is how many there are in all pages.",
	}, "application/json", s.list, unwrap)
	operation.Register(r, operation.Op{
		ID: "get-torrent", Method: http.MethodGet, Path: "/torrents/{key}", Tag: torrent.Tag, Scope: access.Read, Errors: []problem.Kind{problem.NotFound},
		Summary: "Show a torrent",
	}, func(_ context.Context, in *torrent.Named) (*One, error) { return s.one(in.Key) })
	type counts struct{ Body torrent.Counts }
	operation.Register(r, operation.Op{
		ID: "count-torrents", Method: http.MethodGet, Path: "/torrents/counts", Tag: torrent.Tag, Scope: access.Read,
		Summary: "Count torrents by state, category, label and tracker",
		Doc:     "Each name is what list-torrents can be asked for; the empty one of categories and trackers is none there.",
	}, func(context.Context, *operation.Empty) (*counts, error) {
		s.cfg.Feed.Revision() // has the library looked at if it was not just now
		return &counts{torrent.Count(s.lib.All())}, nil
	})
	s.registerAdd(r)
	s.registerChange(r)
	s.registerActions(r)
}

// One is one torrent as an answer.
type One struct {
	Body torrent.Torrent
}

func (s *Service) find(key string) (*library.Torrent, error) { return torrent.Find(s.lib, key) }

func (s *Service) show(t *library.Torrent) *One {
	v := t.View()
	return &One{torrent.Of(&v, s.cfg.Feed.Base())}
}

func (s *Service) one(key string) (*One, error) {
	t, err := s.find(key)
	if err != nil {
		return nil, err
	}
	s.lib.Refresh()
	return s.show(t), nil
}

func (s *Service) list(_ context.Context, in *torrent.Selection) (func(http.ResponseWriter), error) {
	fields, err := torrent.ParseFields(in.Fields)
	if err != nil {
		return nil, problem.Input("query.fields", err.Error())
	}
	for _, state := range in.State {
		if !slices.Contains(torrent.States(), state) {
			return nil, problem.Input("query.state", fmt.Sprintf("%.40q is none: there are %q", state, torrent.States()))
		}
	}
	revision := s.cfg.Feed.Revision()
	page, total := in.Of(s.lib.All())
	list := make([]torrent.Torrent, len(page))
	for i := range page {
		list[i] = torrent.Of(&page[i].View, s.cfg.Feed.Base())
	}
	b, err := fields.AppendList(changes.AppendPage(make([]byte, 0, 1<<10*len(list)), revision, total, in.Offset), list)
	if err != nil {
		return nil, err
	}
	return operation.Encoded(append(b, '}')), nil
}

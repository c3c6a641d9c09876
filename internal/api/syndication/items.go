package syndication

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/feeds"
	"github.com/warren-p2p/warren/internal/library"
)

// FeedItem is something in a feed.
type FeedItem struct {
	ID        int64     `json:"id" doc:"Its number."`
	Feed      int64     `json:"feed" doc:"Number of the feed."`
	Title     string    `json:"title" doc:"What it is called."`
	Link      string    `json:"link,omitempty" doc:"Where its torrent is, if it says so; left out unless settings may be changed."`
	Page      string    `json:"page,omitempty" doc:"Where people read about it; left out likewise."`
	Size      int64     `json:"size,omitempty" doc:"Bytes of its content, 0 if that is not known."`
	Published time.Time `json:"published,omitzero" doc:"As the feed says."`
	Seen      time.Time `json:"seen" doc:"When it was seen first."`
	Current   bool      `json:"current" doc:"Whether the feed has it still."`
	Read      bool      `json:"read" doc:"Whether it was marked as read."`
	State     string    `json:"state" enum:"new,added,failed" doc:"What became of it: nothing, its torrent was added, or that was given up."`
	Rule      string    `json:"rule,omitempty" doc:"By which rule it was added; empty if that was done by hand."`
	Problem   string    `json:"problem,omitempty" doc:"Why it was not added, or not by us."`
	Tries     int       `json:"tries,omitempty" doc:"How often that was tried."`
	Retry     time.Time `json:"retry,omitzero" doc:"When it is tried again at the earliest."`
}

// FeedItems are items of feeds.
type FeedItems struct {
	Items []FeedItem `json:"items" nullable:"false" doc:"The newest first."`
}

// FeedItemPatch is what changes of an item.
type FeedItemPatch struct {
	Read bool `json:"read" doc:"Whether it counts as read."`
}

// FetchOptions say how the torrent of an item is added.
type FetchOptions struct {
	Category string   `json:"category,omitempty" maxLength:"200" doc:"Its category."`
	Labels   []string `json:"labels,omitempty" maxItems:"100" nullable:"false" doc:"Its labels."`
	Dir      string   `json:"dir,omitempty" maxLength:"4096" doc:"Full path of the folder that its content goes to; empty for the default."`
	Paused   *bool    `json:"paused,omitempty" doc:"Whether it waits for being resumed; as queue.add-paused says if this is left out."`
}

func (s Service) registerItems(r *operation.Registrar) {
	type listing struct {
		Feed  int64 `query:"feed" minimum:"0" doc:"Number of the feed; 0 for all of them."`
		Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many."`
	}
	type answer struct{ Body FeedItems }
	operation.Register(r, operation.Op{
		ID: "list-feed-items", Method: http.MethodGet, Path: "/feed-items", Tag: tag, Scope: access.Read,
		Errors: []problem.Kind{problem.NotFound}, Summary: "List what is in feeds, and what became of it",
	}, func(ctx context.Context, in *listing) (*answer, error) {
		out, err := s.Items(ctx, in.Feed, in.Limit)
		return &answer{out}, err
	})
	type marking struct {
		Numbered
		Body FeedItemPatch
	}
	operation.Register(r, operation.Op{
		ID: "mark-feed-item", Method: http.MethodPatch, Path: "/feed-items/{id}", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Mark an item as read, or not",
	}, func(ctx context.Context, in *marking) (*operation.Empty, error) {
		return nil, s.Feeds.SetRead(ctx, 0, in.ID, in.Body.Read)
	})
	type fetching struct {
		Numbered
		Body FetchOptions
	}
	operation.Register(r, operation.Op{
		ID: "fetch-feed-item", Method: http.MethodPost, Path: "/feed-items/{id}/fetch", Tag: tag, Scope: access.Add, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict, problem.Upstream, problem.DiskFull}, Summary: "Add the torrent of an item, whatever rules say",
	}, func(ctx context.Context, in *fetching) (*operation.Empty, error) {
		return nil, s.Fetch(ctx, in.ID, in.Body)
	})
}

// Items returns items of a feed, of all if it is 0, as whoever asks may see them.
func (s Service) Items(ctx context.Context, feed int64, limit int) (FeedItems, error) {
	out := FeedItems{Items: []FeedItem{}}
	if feed != 0 {
		if _, err := s.find(ctx, feed); err != nil {
			return out, err
		}
	}
	list, err := s.Feeds.Items(ctx, feed, limit)
	for _, it := range list {
		out.Items = append(out.Items, itemOf(ctx, it))
	}
	return out, err
}

func itemOf(ctx context.Context, it feeds.Item) FeedItem {
	out := FeedItem{
		ID: it.ID, Feed: it.Feed, Title: it.Title, Size: it.Size, Published: it.Published, Seen: it.Seen, Current: it.Current,
		Read: it.Read, State: string(it.State), Rule: it.Rule, Problem: it.Problem, Tries: it.Tries, Retry: it.Retry,
	}
	if operation.Trusted(ctx) {
		out.Link, out.Page = it.Link, it.Page
	}
	if out.State == "" {
		out.State = "new"
	}
	return out
}

// Fetch adds the torrent of an item.
func (s Service) Fetch(ctx context.Context, item int64, o FetchOptions) error {
	err := s.Feeds.Fetch(ctx, item, library.Add{Category: o.Category, Labels: o.Labels, Dir: o.Dir, Paused: o.Paused})
	if failed, ok := errors.AsType[*feeds.FetchError](err); ok && ctx.Err() == nil {
		return problem.New(problem.Upstream, failed.Error())
	}
	if errors.Is(err, feeds.ErrNoLink) {
		return problem.New(problem.Conflict, err.Error())
	}
	return err
}

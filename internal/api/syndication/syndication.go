// Package syndication is the part of the API for feeds, what is in them, and the rules by
// which it is fetched.
//
// The URL of a feed, and the links in it, may hold a key by which a server knows the
// user. They are shown to those alone who may change them.
package syndication

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/feeds"
)

// Feed is one that is read from time to time.
type Feed struct {
	ID       int64     `json:"id" doc:"Its number."`
	URL      string    `json:"url" doc:"Where it is; the host alone, unless settings may be changed."`
	Name     string    `json:"name,omitempty" doc:"As the user calls it."`
	Title    string    `json:"title,omitempty" doc:"As it calls itself."`
	Every    int64     `json:"every,omitempty" doc:"Seconds between two looks, 0 for what feeds.interval says."`
	Checked  time.Time `json:"checked,omitzero" doc:"When it was fetched last, or that was tried."`
	Due      time.Time `json:"due,omitzero" doc:"When it is fetched next; left out if that is as soon as can be."`
	Failures int       `json:"failures,omitempty" doc:"How often that has failed in a row."`
	Problem  string    `json:"problem,omitempty" doc:"Why it has failed the last time, if it has."`
	Items    int       `json:"items" doc:"How many items of it lie here."`
	Unread   int       `json:"unread" doc:"How many of them nobody has marked as read."`
}

// Called returns what people call it.
func (f *Feed) Called() string {
	switch {
	case f.Name != "":
		return f.Name
	case f.Title != "":
		return f.Title
	}
	return f.URL
}

// FeedList is all feeds.
type FeedList struct {
	On    bool   `json:"on" doc:"Whether feeds are read at all: feeds.on."`
	Feeds []Feed `json:"feeds" nullable:"false" doc:"In the order in which they were added."`
}

// NewFeed is a feed that is to be added.
type NewFeed struct {
	URL   string `json:"url" minLength:"1" maxLength:"8192" doc:"Where it is on the web. It may be on this machine or beside it."`
	Name  string `json:"name,omitempty" maxLength:"500" doc:"What to call it."`
	Every int64  `json:"every,omitempty" minimum:"0" maximum:"604800" doc:"Seconds between two looks, at least 300; 0 for what feeds.interval says."`
}

// FeedPatch is what changes of a feed.
type FeedPatch struct {
	URL   *string `json:"url,omitempty" minLength:"1" maxLength:"8192" doc:"Where it is."`
	Name  *string `json:"name,omitempty" maxLength:"500" doc:"What to call it."`
	Every *int64  `json:"every,omitempty" minimum:"0" maximum:"604800" doc:"Seconds between two looks, at least 300; 0 for what feeds.interval says."`
}

// Service is the operations.
type Service struct {
	Feeds *feeds.Feeds
	On    func() bool // whether feeds are read
}

// Numbered is a request that names a feed or an item.
type Numbered struct {
	ID int64 `path:"id" minimum:"1" doc:"Its number."`
}

type oneFeed struct{ Body Feed }

const tag = "Feeds"

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, _ func(huma.Context) http.ResponseWriter) {
	s.registerFeeds(r)
	s.registerOften(r)
	s.registerItems(r)
	s.registerRules(r)
}

func (s Service) registerFeeds(r *operation.Registrar) {
	type answer struct{ Body FeedList }
	operation.Register(r, operation.Op{
		ID: "list-feeds", Method: http.MethodGet, Path: "/feeds", Tag: tag, Scope: access.Read, Summary: "List feeds, and how they stand",
	}, func(ctx context.Context, _ *operation.Empty) (*answer, error) {
		list, err := s.List(ctx)
		return &answer{list}, err
	})
	type adding struct{ Body NewFeed }
	operation.Register(r, operation.Op{
		ID: "add-feed", Method: http.MethodPost, Path: "/feeds", Tag: tag, Scope: access.Settings, Status: http.StatusCreated,
		Errors: []problem.Kind{problem.Duplicate}, Summary: "Add a feed", Doc: "It is fetched soon; list-feeds tells what came of it.",
	}, func(ctx context.Context, in *adding) (*oneFeed, error) {
		id, err := s.add(ctx, in.Body)
		if err != nil {
			return nil, err
		}
		return s.one(ctx, id)
	})
	type changing struct {
		Numbered
		Body FeedPatch
	}
	operation.Register(r, operation.Op{
		ID: "change-feed", Method: http.MethodPatch, Path: "/feeds/{id}", Tag: tag, Scope: access.Settings,
		Errors: []problem.Kind{problem.NotFound, problem.Duplicate}, Summary: "Change a feed",
	}, func(ctx context.Context, in *changing) (*oneFeed, error) {
		if err := s.change(ctx, in.ID, in.Body); err != nil {
			return nil, err
		}
		return s.one(ctx, in.ID)
	})
	operation.Register(r, operation.Op{
		ID: "remove-feed", Method: http.MethodDelete, Path: "/feeds/{id}", Tag: tag, Scope: access.Settings, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Remove a feed",
		Doc: "Torrents that came from it stay, and are not fetched again if it is added once more.",
	}, func(ctx context.Context, in *Numbered) (*operation.Empty, error) {
		return nil, s.Feeds.RemoveFeed(ctx, in.ID)
	})
}

// registerOften adds what is done with a feed time and again.
func (s Service) registerOften(r *operation.Registrar) {
	operation.Register(r, operation.Op{
		ID: "refresh-feed", Method: http.MethodPost, Path: "/feeds/{id}/refresh", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Fetch a feed now", Doc: "The answer does not wait for it; list-feeds tells what came of it.",
	}, func(ctx context.Context, in *Numbered) (*operation.Empty, error) { return nil, s.Refresh(ctx, in.ID) })
	operation.Register(r, operation.Op{
		ID: "refresh-feeds", Method: http.MethodPost, Path: "/feeds/refresh", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.Conflict}, Summary: "Fetch all feeds now", Doc: "The answer does not wait for them; list-feeds tells what came of it.",
	}, func(ctx context.Context, _ *operation.Empty) (*operation.Empty, error) { return nil, s.Refresh(ctx, 0) })
	operation.Register(r, operation.Op{
		ID: "mark-feed-read", Method: http.MethodPost, Path: "/feeds/{id}/read", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Mark all items of a feed as read",
	}, func(ctx context.Context, in *Numbered) (*operation.Empty, error) {
		if _, err := s.find(ctx, in.ID); err != nil {
			return nil, err
		}
		return nil, s.Feeds.SetRead(ctx, in.ID, 0, true)
	})
}

// List returns all feeds, as whoever asks may see them.
func (s Service) List(ctx context.Context) (FeedList, error) {
	out := FeedList{On: s.On(), Feeds: []Feed{}}
	counts, err := s.Feeds.Counts(ctx) // before the feeds, which then know of what is counted
	if err != nil {
		return out, err
	}
	list, err := s.Feeds.Feeds(ctx)
	if err != nil {
		return out, err
	}
	for _, f := range list {
		n := counts[f.ID]
		out.Feeds = append(out.Feeds, Feed{
			ID: f.ID, URL: operation.Shown(ctx, f.URL), Name: f.Name, Title: f.Title, Every: int64(f.Every / time.Second), Checked: f.Checked, Due: f.Due,
			Failures: f.Failures, Problem: f.Problem, Items: n.Items, Unread: n.Unread,
		})
	}
	return out, nil
}

// Add adds a feed.
func (s Service) Add(ctx context.Context, n NewFeed) error {
	_, err := s.add(ctx, n)
	return err
}

func (s Service) add(ctx context.Context, n NewFeed) (int64, error) {
	made, err := s.Feeds.AddFeed(ctx, feeds.Feed{URL: n.URL, Name: n.Name, Every: seconds(n.Every)})
	return made.ID, err
}

// Refresh has a feed fetched, all of them if id is 0.
func (s Service) Refresh(ctx context.Context, id int64) error {
	if !s.On() {
		return problem.New(problem.Conflict, "feeds are not read: set feeds.on to true first")
	}
	return s.Feeds.Refresh(ctx, id)
}

func (s Service) one(ctx context.Context, id int64) (*oneFeed, error) {
	list, err := s.List(ctx)
	for _, f := range list.Feeds {
		if f.ID == id {
			return &oneFeed{f}, err
		}
	}
	if err == nil {
		err = feeds.ErrNotFound // somebody has removed it meanwhile
	}
	return nil, err
}

func (s Service) find(ctx context.Context, id int64) (feeds.Feed, error) {
	list, err := s.Feeds.Feeds(ctx)
	for _, f := range list {
		if f.ID == id {
			return f, err
		}
	}
	if err == nil {
		err = feeds.ErrNotFound
	}
	return feeds.Feed{}, err
}

func (s Service) change(ctx context.Context, id int64, p FeedPatch) error {
	f, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	if p.URL != nil {
		f.URL = *p.URL
	}
	if p.Name != nil {
		f.Name = *p.Name
	}
	if p.Every != nil {
		f.Every = seconds(*p.Every)
	}
	return s.Feeds.ChangeFeed(ctx, f)
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

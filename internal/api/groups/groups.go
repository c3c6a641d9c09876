// Package groups is the part of the API for categories and labels of torrents.
package groups

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
)

// Category is a kind of torrents: one has one category or none.
type Category struct {
	Name      string `json:"name" doc:"What it is called."`
	Dir       string `json:"dir,omitempty" doc:"Folder that content of its torrents goes to; empty for the default."`
	UpLimit   int64  `json:"up_limit,omitempty" doc:"Bytes a second for all of them together, 0 for no limit."`
	DownLimit int64  `json:"down_limit,omitempty" doc:"Bytes a second for all of them together, 0 for no limit."`
}

// Label is a word on torrents: one has any number of them.
type Label struct {
	Name      string `json:"name" doc:"The word."`
	Count     int    `json:"count" doc:"How many torrents have it."`
	UpLimit   int64  `json:"up_limit,omitempty" doc:"Bytes a second for all of them together, 0 for no limit."`
	DownLimit int64  `json:"down_limit,omitempty" doc:"Bytes a second for all of them together, 0 for no limit."`
}

// Categories are all categories.
type Categories struct {
	Categories []Category `json:"categories" nullable:"false" doc:"In the order of their names."`
}

// Labels are all labels.
type Labels struct {
	Labels []Label `json:"labels" nullable:"false" doc:"In their order."`
}

// CategorySettings are what a category is set to.
type CategorySettings struct {
	Dir       string `json:"dir,omitempty" maxLength:"4096" doc:"Full path of the folder that content of its torrents goes to; empty for the default."`
	UpLimit   int64  `json:"up_limit,omitempty" minimum:"0" doc:"Bytes a second for all of them together, 0 for no limit."`
	DownLimit int64  `json:"down_limit,omitempty" minimum:"0" doc:"Bytes a second for all of them together, 0 for no limit."`
}

// LabelSettings are what a label is set to.
type LabelSettings struct {
	UpLimit   int64 `json:"up_limit,omitempty" minimum:"0" doc:"Bytes a second for all of them together, 0 for no limit."`
	DownLimit int64 `json:"down_limit,omitempty" minimum:"0" doc:"Bytes a second for all of them together, 0 for no limit."`
}

// Service is the operations.
type Service struct {
	Library *library.Library
}

// Named is a request that names one.
type Named struct {
	Name string `path:"name" minLength:"1" maxLength:"200" doc:"What it is called."`
}

const tag = "Categories and labels"

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, _ func(huma.Context) http.ResponseWriter) {
	s.registerCategories(r)
	s.registerLabels(r)
}

func (s Service) registerCategories(r *operation.Registrar) {
	type answer struct{ Body Categories }
	list := func() *answer {
		out := &answer{Categories{[]Category{}}}
		for _, c := range s.Library.Categories() {
			out.Body.Categories = append(out.Body.Categories, Category{c.Name, c.Dir, c.UpLimit, c.DownLimit})
		}
		return out
	}
	operation.Register(r, operation.Op{
		ID: "list-categories", Method: http.MethodGet, Path: "/categories", Tag: tag, Scope: access.Read, Summary: "List categories",
	}, func(context.Context, *operation.Empty) (*answer, error) { return list(), nil })
	type setting struct {
		Named
		Body CategorySettings
	}
	operation.Register(r, operation.Op{
		ID: "set-category", Method: http.MethodPut, Path: "/categories/{name}", Tag: tag, Scope: access.Control, Summary: "Make a category, or change one",
	}, func(ctx context.Context, in *setting) (*answer, error) {
		err := s.Library.SetCategory(ctx, library.Category{Name: in.Name, Dir: in.Body.Dir, UpLimit: in.Body.UpLimit, DownLimit: in.Body.DownLimit})
		return list(), err
	})
	operation.Register(r, operation.Op{
		ID: "remove-category", Method: http.MethodDelete, Path: "/categories/{name}", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Remove a category", Doc: "Its torrents stay, and have none then.",
	}, func(ctx context.Context, in *Named) (*operation.Empty, error) {
		if !slices.ContainsFunc(s.Library.Categories(), func(c library.Category) bool { return c.Name == in.Name }) {
			return nil, problem.New(problem.NotFound, "there is no such category")
		}
		return nil, s.Library.RemoveCategory(ctx, in.Name)
	})
}

func (s Service) registerLabels(r *operation.Registrar) {
	type answer struct{ Body Labels }
	list := func() *answer {
		out := &answer{Labels{[]Label{}}}
		for _, l := range s.Library.Labels() {
			out.Body.Labels = append(out.Body.Labels, Label{l.Name, l.Count, l.UpLimit, l.DownLimit})
		}
		return out
	}
	operation.Register(r, operation.Op{
		ID: "list-labels", Method: http.MethodGet, Path: "/labels", Tag: tag, Scope: access.Read, Summary: "List labels",
	}, func(context.Context, *operation.Empty) (*answer, error) { return list(), nil })
	type setting struct {
		Named
		Body LabelSettings
	}
	operation.Register(r, operation.Op{
		ID: "set-label", Method: http.MethodPut, Path: "/labels/{name}", Tag: tag, Scope: access.Control, Summary: "Make a label, or change the limits of one",
	}, func(ctx context.Context, in *setting) (*answer, error) {
		err := s.Library.SetLabel(ctx, record.Label{Name: in.Name, UpLimit: in.Body.UpLimit, DownLimit: in.Body.DownLimit})
		return list(), err
	})
	operation.Register(r, operation.Op{
		ID: "remove-label", Method: http.MethodDelete, Path: "/labels/{name}", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Take a label off all torrents, and forget it",
	}, func(ctx context.Context, in *Named) (*operation.Empty, error) {
		if !slices.ContainsFunc(s.Library.Labels(), func(l library.Label) bool { return l.Name == in.Name }) {
			return nil, problem.New(problem.NotFound, "there is no such label")
		}
		return nil, s.Library.RemoveLabel(ctx, in.Name)
	})
}

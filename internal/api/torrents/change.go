package torrents

import (
	"context"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

// Patch is what is to be different about a torrent; what is absent stays as it is.
type Patch struct {
	Name         *string       `json:"name,omitempty" maxLength:"200" doc:"What it is called here."`
	Category     *string       `json:"category,omitempty" maxLength:"200" doc:"Its category; made if it is not there. Empty for none."`
	Labels       *[]string     `json:"labels,omitempty" maxItems:"100" doc:"Its labels."`
	AddLabels    []string      `json:"add_labels,omitempty" nullable:"false" maxItems:"100" doc:"Labels that it gets as well."`
	RemoveLabels []string      `json:"remove_labels,omitempty" nullable:"false" maxItems:"100" doc:"Labels that are taken off it."`
	Note         *string       `json:"note,omitempty" maxLength:"4096" doc:"The user's own words."`
	UpLimit      *int64        `json:"up_limit,omitempty" minimum:"0" doc:"Bytes a second, 0 for no limit."`
	DownLimit    *int64        `json:"down_limit,omitempty" minimum:"0" doc:"Bytes a second, 0 for no limit."`
	MaxPeers     *int          `json:"max_peers,omitempty" minimum:"0" maximum:"100000" doc:"Connections, 0 for the default."`
	Goal         *torrent.Goal `json:"goal,omitempty" doc:"When it has given enough."`
	Forced       *bool         `json:"forced,omitempty" doc:"Whether it is active whatever the queue says."`
	Sequential   *bool         `json:"sequential,omitempty" doc:"Whether it is fetched from the front to the end."`
	FirstLast    *bool         `json:"first_last,omitempty" doc:"Whether the first and last pieces of files come first."`
	SuperSeed    *bool         `json:"super_seed,omitempty" doc:"Whether pieces are shown to peers one by one (BEP 16), from the next start on."`
	TLS          *string       `json:"tls,omitempty" enum:"off,prefer,require" doc:"Whether peers are spoken to over TLS."`
}

type changing struct {
	torrent.Named
	Body Patch
}

type removing struct {
	torrent.Named
	Content bool `query:"content" doc:"Whether its files are deleted as well."`
}

func (s *Service) registerChange(r *operation.Registrar) {
	errs := []problem.Kind{problem.NotFound, problem.Conflict}
	operation.Register(r, operation.Op{
		ID: "change-torrent", Method: http.MethodPatch, Path: "/torrents/{key}", Tag: torrent.Tag, Scope: access.Control, Errors: errs,
		Summary: "Change a torrent",
		Doc:     "All that is given is changed, or nothing.",
	}, func(ctx context.Context, in *changing) (*One, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		c, err := in.Body.change()
		if err != nil {
			return nil, err
		}
		if err := t.Change(ctx, c); err != nil {
			return nil, err
		}
		return s.show(t), nil
	})
	operation.Register(r, operation.Op{
		ID: "remove-torrent", Method: http.MethodDelete, Path: "/torrents/{key}", Tag: torrent.Tag, Scope: access.Control, Errors: errs, Status: http.StatusNoContent,
		Summary: "Remove a torrent",
		Doc:     "Its files stay unless content is true.",
	}, func(ctx context.Context, in *removing) (*operation.Empty, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		return nil, s.lib.Remove(ctx, t, in.Content)
	})
}

// change returns a patch as the library takes it.
func (p *Patch) change() (c library.Change, err error) {
	c = library.Change{
		Name: p.Name, Category: p.Category, Labels: p.Labels, AddLabels: p.AddLabels, RemoveLabels: p.RemoveLabels, Note: p.Note,
		UpLimit: p.UpLimit, DownLimit: p.DownLimit, MaxPeers: p.MaxPeers, Forced: p.Forced,
		Sequential: p.Sequential, FirstLast: p.FirstLast, SuperSeed: p.SuperSeed,
	}
	if p.Goal != nil {
		goal := p.Goal.Goal()
		c.Goal = &goal
	}
	if p.TLS != nil {
		c.TLS = new(swarm.TLSPolicy)
		if err := c.TLS.UnmarshalText([]byte(*p.TLS)); err != nil {
			return c, problem.Input("body.tls", err.Error())
		}
	}
	return c, nil
}

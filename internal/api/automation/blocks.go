package automation

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/blocklist"
)

// BlockList is a list of addresses that are not spoken to.
type BlockList struct {
	Location string    `json:"location" doc:"Full path of a file, or a URL; of that the host alone, unless settings may be changed."`
	Ranges   int       `json:"ranges" doc:"How many ranges of addresses it has."`
	Skipped  int       `json:"skipped,omitempty" doc:"How many lines were not understood."`
	Loaded   time.Time `json:"loaded,omitzero" doc:"When it was read last; left out if it never was."`
	Problem  string    `json:"problem,omitempty" doc:"Why that has failed since, if it has: what was read before counts on."`
}

// BlockLists are all of them.
type BlockLists struct {
	Lists []BlockList `json:"lists" nullable:"false" doc:"In the order in which they were added."`
}

// NewBlockList is a list that is to be heeded.
type NewBlockList struct {
	Location string `json:"location" minLength:"1" maxLength:"8192" doc:"Full path of a file, or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR prefixes, gzipped or not."`
}

type blockAnswer struct{ Body BlockLists }

func (s Service) registerBlocks(r *operation.Registrar) {
	operation.Register(r, operation.Op{
		ID: "list-block-lists", Method: http.MethodGet, Path: "/block-lists", Tag: tag, Scope: access.Read, Summary: "List lists of addresses that are not spoken to",
	}, func(ctx context.Context, _ *operation.Empty) (*blockAnswer, error) {
		return &blockAnswer{s.Blocked(ctx)}, nil
	})
	type adding struct{ Body NewBlockList }
	operation.Register(r, operation.Op{
		ID: "add-block-list", Method: http.MethodPost, Path: "/block-lists", Tag: tag, Scope: access.Settings, Status: http.StatusCreated,
		Errors: []problem.Kind{problem.Duplicate, problem.Conflict}, Summary: "Heed a list of addresses that are not spoken to",
		Doc: "It is kept as the setting peers.block, which then counts instead of the list in the configuration file. What is behind a URL is fetched soon; list-block-lists tells what came of it.",
	}, func(ctx context.Context, in *adding) (*blockAnswer, error) {
		if err := s.AddBlock(ctx, in.Body.Location); err != nil {
			return nil, err
		}
		return &blockAnswer{s.Blocked(ctx)}, nil
	})
	type removing struct {
		Location string `query:"location" required:"true" minLength:"1" maxLength:"8192" doc:"As list-block-lists has it."`
	}
	operation.Register(r, operation.Op{
		ID: "remove-block-list", Method: http.MethodDelete, Path: "/block-lists", Tag: tag, Scope: access.Settings, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Heed a list no more",
	}, func(ctx context.Context, in *removing) (*operation.Empty, error) {
		return nil, s.RemoveBlock(ctx, in.Location)
	})
	operation.Register(r, operation.Op{
		ID: "refresh-block-lists", Method: http.MethodPost, Path: "/block-lists/refresh", Tag: tag, Scope: access.Control, Status: http.StatusNoContent,
		Summary: "Read all lists now", Doc: "The answer does not wait for it; list-block-lists tells what came of it.",
	}, func(context.Context, *operation.Empty) (*operation.Empty, error) { s.Blocks.Renew(); return nil, nil })
}

// Blocked returns the block lists, as whoever asks may see them.
func (s Service) Blocked(ctx context.Context) BlockLists {
	out := BlockLists{Lists: []BlockList{}}
	for _, l := range s.Blocks.List() {
		one := BlockList{Location: operation.Shown(ctx, l.Location), Ranges: l.Ranges, Skipped: l.Skipped, Problem: l.Problem}
		if !l.Loaded.IsZero() {
			one.Loaded = l.Loaded.UTC()
		}
		out.Lists = append(out.Lists, one)
	}
	return out
}

// AddBlock heeds another list.
func (s Service) AddBlock(ctx context.Context, location string) error {
	location = strings.TrimSpace(location)
	if err := blocklist.Check([]string{location}); err != nil {
		return problem.Input("body.location", err.Error())
	}
	for _, l := range s.Blocks.List() {
		if s.is(location)(l.Location) {
			return problem.New(problem.Duplicate, "this list is heeded already")
		}
	}
	return s.edit(ctx, "peers.block", s.is(location), location, nil)
}

// RemoveBlock heeds a list no more.
func (s Service) RemoveBlock(ctx context.Context, location string) error {
	return s.edit(ctx, "peers.block", s.is(location), "", problem.New(problem.NotFound, "there is no such list"))
}

// is returns what finds a list in the settings.
func (s Service) is(location string) func(string) bool {
	return func(text string) bool {
		if isURL(text) || isURL(location) {
			return text == location
		}
		return s.Node.Path(text) == filepath.Clean(location)
	}
}

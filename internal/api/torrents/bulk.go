package torrents

import (
	"context"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
)

// Bulk is something that is done with many torrents.
type Bulk struct {
	Keys    []string `json:"keys" nullable:"false" minItems:"1" maxItems:"10000" doc:"Info-hashes or ids of the torrents."`
	Action  string   `json:"action" enum:"pause,resume,recheck,reannounce,remove,change" doc:"What is done with each of them, as by the operation of that name."`
	Content bool     `json:"content,omitempty" doc:"With remove: whether the files are deleted as well."`
	Change  *Patch   `json:"change,omitempty" doc:"With change: what is to be different."`
}

// Done is what came of it.
type Done struct {
	Done   int      `json:"done" doc:"How many torrents it was done with."`
	Failed []Failed `json:"failed" nullable:"false" doc:"Those where it failed."`
}

// Failed is one that it failed with.
type Failed struct {
	Key  string `json:"key" doc:"As it was given."`
	Type string `json:"type" doc:"Type of the problem."`
	Why  string `json:"why" doc:"Why, for people."`
}

func (s *Service) registerBulk(r *operation.Registrar) {
	type request struct{ Body Bulk }
	type answer struct{ Body Done }
	operation.Register(r, operation.Op{
		ID: "do-with-torrents", Method: http.MethodPost, Path: "/torrents/bulk", Tag: torrent.Tag, Scope: access.Control,
		Summary: "Do the same with many torrents",
		Doc:     "Where it fails with one of them, it is done with the others all the same.",
	}, func(ctx context.Context, in *request) (*answer, error) {
		do, err := s.bulk(&in.Body)
		if err != nil {
			return nil, err
		}
		audit.Say(ctx, in.Body.Action+"-torrents", "")
		out := &answer{Done{Failed: []Failed{}}}
		for _, key := range in.Body.Keys {
			t, err := s.find(key)
			if err == nil {
				err = do(ctx, t)
			}
			if err == nil {
				out.Body.Done++
				continue
			}
			if ctx.Err() != nil {
				return nil, err
			}
			p := r.Explain(ctx, "do-with-torrents", err)
			out.Body.Failed = append(out.Body.Failed, Failed{key, p.Type, p.Detail})
		}
		return out, nil
	})
}

// bulk returns what is done with each torrent.
func (s *Service) bulk(b *Bulk) (func(context.Context, *library.Torrent) error, error) {
	switch b.Action {
	case "remove":
		return func(ctx context.Context, t *library.Torrent) error { return s.lib.Remove(ctx, t, b.Content) }, nil
	case "change":
		if b.Change == nil {
			return nil, problem.Input("body.change", "it is needed with this action")
		}
		c, err := b.Change.change()
		return func(ctx context.Context, t *library.Torrent) error { return t.Change(ctx, c) }, err
	}
	return s.actions()[b.Action], nil
}

package keys

import (
	"context"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
)

// OwnerKey is the owner's key.
type OwnerKey struct {
	Key  string `json:"key" doc:"The key. It lies in HOME/management-token as well."`
	Path string `json:"path" doc:"Where a browser gets its cookie with it, from the root of the node's address on."`
}

func (s Service) registerOwner(r *operation.Registrar) {
	type answer struct{ Body OwnerKey }
	operation.Register(r, operation.Op{
		ID: "replace-owner-key", Method: http.MethodPost, Path: "/owner-key", Tag: tag, Scope: access.Admin, Owner: true,
		Summary: "Make a new owner's key", Doc: "The one before, and all cookies, open nothing from then on, and what the owner follows with them ends. Tokens stay good.",
	}, func(context.Context, *operation.Empty) (*answer, error) {
		key, err := s.Key.Replace()
		if err != nil {
			return nil, err
		}
		return &answer{OwnerKey{key, "/management/" + key}}, nil
	})
}

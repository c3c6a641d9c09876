package api

import (
	"context"
	"net/http"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
)

// Session is who asks.
type Session struct {
	Name   string   `json:"name" doc:"Name of the token, or owner."`
	Way    string   `json:"way" enum:"key,cookie,token" doc:"How that was shown."`
	Scopes []string `json:"scopes" nullable:"false" enum:"read,add,control,settings,admin" doc:"What may be done."`
	CSRF   string   `json:"csrf,omitempty" doc:"With a cookie: what a change must send as the header X-CSRF-Token."`
}

// registerRoot adds what belongs to no part.
func (a *API) registerRoot(r *operation.Registrar) {
	type answer struct{ Body Session }
	operation.Register(r, operation.Op{
		ID: "get-session", Method: http.MethodGet, Path: "/session", Tag: "Access", Scope: access.Read,
		Summary: "Show who asks, and what he may do",
	}, func(ctx context.Context, _ *operation.Empty) (*answer, error) {
		p, _ := access.From(ctx) // the middleware has seen to it
		s := Session{Name: p.Name, Way: string(p.Way), CSRF: p.CSRF}
		for _, scope := range p.Scopes {
			s.Scopes = append(s.Scopes, string(scope))
		}
		return &answer{s}, nil
	})
}

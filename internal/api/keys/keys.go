// Package keys is the part of the API for tokens, identities, and what was done by whom.
package keys

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/identity"
)

// Token is what is known of a token.
type Token struct {
	ID      int64     `json:"id" doc:"Its number."`
	Name    string    `json:"name" doc:"Which program it is for."`
	Scopes  []string  `json:"scopes" nullable:"false" enum:"read,add,control,settings,admin" doc:"What may be done with it. Each has read with it, admin has all."`
	Created time.Time `json:"created" doc:"When it was made."`
	Expires time.Time `json:"expires,omitzero" doc:"When it stops being good; absent for never."`
	Used    time.Time `json:"used,omitzero" doc:"When it was used last, to within the hour."`
}

// NewToken says what token is wanted.
type NewToken struct {
	Name    string     `json:"name" minLength:"1" maxLength:"100" doc:"Which program it is for."`
	Scopes  []string   `json:"scopes" nullable:"false" minItems:"1" maxItems:"5" enum:"read,add,control,settings,admin" doc:"What may be done with it."`
	Expires *time.Time `json:"expires,omitempty" doc:"When it stops being good; absent for never."`
}

// Made is a token that was just made.
type Made struct {
	Token Token  `json:"token" doc:"What is known of it."`
	Text  string `json:"text" doc:"The token. It is told this once and kept nowhere."`
}

// Tokens are all tokens.
type Tokens struct {
	Tokens []Token `json:"tokens" nullable:"false" doc:"In the order in which they were made."`
}

// Entry is something that was done, or tried.
type Entry struct {
	ID      int64     `json:"id" doc:"Its number, higher than those before."`
	At      time.Time `json:"at" doc:"When."`
	Who     string    `json:"who" doc:"Name of the token, or owner."`
	Way     string    `json:"way" enum:"key,cookie,token,none" doc:"How that was shown."`
	What    string    `json:"what" doc:"The operation."`
	Target  string    `json:"target,omitempty" doc:"What it was done to."`
	Status  int       `json:"status" doc:"Status of HTTP that it was answered with."`
	Failure string    `json:"failure,omitempty" doc:"Why it failed."`
}

// Audit is who has done what.
type Audit struct {
	Entries []Entry `json:"entries" nullable:"false" doc:"The newest first."`
}

// Service is the operations.
type Service struct {
	Tokens     *access.Tokens
	Audit      *audit.Log
	Key        *access.Key
	Identities *identity.Book
}

const tag = "Access"

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, _ func(huma.Context) http.ResponseWriter) {
	type all struct{ Body Tokens }
	operation.Register(r, operation.Op{
		ID: "list-tokens", Method: http.MethodGet, Path: "/tokens", Tag: tag, Scope: access.Admin, Summary: "List tokens",
	}, func(context.Context, *operation.Empty) (*all, error) {
		out := &all{Tokens{[]Token{}}}
		for _, t := range s.Tokens.List() {
			out.Body.Tokens = append(out.Body.Tokens, tokenOf(t))
		}
		return out, nil
	})
	type making struct{ Body NewToken }
	type made struct{ Body Made }
	operation.Register(r, operation.Op{
		ID: "make-token", Method: http.MethodPost, Path: "/tokens", Tag: tag, Scope: access.Admin, Status: http.StatusCreated,
		Summary: "Make a token for a program", Doc: "Its text is told this once.",
	}, func(ctx context.Context, in *making) (*made, error) {
		scopes, err := access.ParseScopes(in.Body.Scopes)
		if err != nil {
			return nil, err
		}
		var expires time.Time
		if in.Body.Expires != nil {
			expires = *in.Body.Expires
		}
		token, text, err := s.Tokens.Create(ctx, in.Body.Name, scopes, expires)
		if err != nil {
			return nil, err
		}
		audit.Say(ctx, "make-token", token.Name)
		return &made{Made{tokenOf(token), text}}, nil
	})
	type revoking struct {
		ID int64 `path:"id" minimum:"1" doc:"Number of the token."`
	}
	operation.Register(r, operation.Op{
		ID: "revoke-token", Method: http.MethodDelete, Path: "/tokens/{id}", Tag: tag, Scope: access.Admin, Status: http.StatusNoContent,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Take a token away",
	}, func(ctx context.Context, in *revoking) (*operation.Empty, error) {
		return nil, s.Tokens.Revoke(ctx, in.ID)
	})
	s.registerAudit(r)
	s.registerOwner(r)
	s.registerIdentities(r)
}

func (s Service) registerAudit(r *operation.Registrar) {
	type asking struct {
		Before int64 `query:"before" minimum:"0" doc:"Only entries with a lower number; 0 for the newest."`
		Limit  int   `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many are returned at most."`
	}
	type answer struct{ Body Audit }
	operation.Register(r, operation.Op{
		ID: "list-audit", Method: http.MethodGet, Path: "/audit", Tag: tag, Scope: access.Admin, Summary: "Show who has changed what",
		Doc: "The newest ten thousand entries are kept.",
	}, func(ctx context.Context, in *asking) (*answer, error) {
		list, err := s.Audit.List(ctx, in.Before, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &answer{Audit{[]Entry{}}}
		for _, e := range list {
			out.Body.Entries = append(out.Body.Entries, Entry{e.ID, e.At.UTC(), e.Who, string(e.Way), e.What, e.Target, e.Status, e.Failure})
		}
		return out, nil
	})
}

func tokenOf(t access.Token) Token {
	out := Token{ID: t.ID, Name: t.Name, Created: t.Created.UTC()}
	for _, s := range t.Scopes {
		out.Scopes = append(out.Scopes, string(s))
	}
	if !t.Expires.IsZero() {
		out.Expires = t.Expires.UTC()
	}
	if !t.Used.IsZero() {
		out.Used = t.Used.UTC()
	}
	return out
}

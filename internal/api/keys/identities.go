package keys

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/permid"
)

// Identity is what is known of an identity. Its seed is no part of it.
type Identity struct {
	ID         string    `json:"id" doc:"Its text, which begins with wr1: others know it by this."`
	Name       string    `json:"name" doc:"What its owner calls it. Nobody else sees that."`
	Created    time.Time `json:"created" doc:"When it came to this node."`
	Passphrase bool      `json:"passphrase" doc:"Whether it lies under a passphrase."`
	Locked     bool      `json:"locked" doc:"Whether the passphrase has to be given before anything is done in its name."`
	Default    bool      `json:"default" doc:"Whether it is meant unless another is named."`
}

// Identities are those of the node.
type Identities struct {
	Identities []Identity `json:"identities" nullable:"false" doc:"The oldest first."`
}

// NewIdentity says which identity is wanted.
type NewIdentity struct {
	Name       string `json:"name" maxLength:"256" doc:"What to call it: 1 to 64 characters."`
	Passphrase string `json:"passphrase,omitempty" maxLength:"1024" doc:"What it lies under; none if absent."`
}

// IdentityPatch says what changes.
type IdentityPatch struct {
	Name    *string `json:"name,omitempty" maxLength:"256" doc:"What to call it."`
	Default bool    `json:"default,omitempty" doc:"True makes it the one that is meant unless another is named."`
}

// Which is the part of a request that names an identity.
type Which struct {
	Identity string `path:"identity" maxLength:"256" doc:"Its text or its name."`
}

type one struct{ Body Identity }

const identities = "Identities"

func (s Service) registerIdentities(r *operation.Registrar) {
	type all struct{ Body Identities }
	operation.Register(r, operation.Op{
		ID: "list-identities", Method: http.MethodGet, Path: "/identities", Tag: identities, Scope: access.Admin, Summary: "List the identities of the node",
	}, func(context.Context, *operation.Empty) (*all, error) {
		out := &all{Identities{[]Identity{}}}
		for _, i := range s.Identities.List() {
			out.Body.Identities = append(out.Body.Identities, identityOf(i))
		}
		return out, nil
	})
	operation.Register(r, operation.Op{
		ID: "show-identity", Method: http.MethodGet, Path: "/identities/{identity}", Tag: identities, Scope: access.Admin,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Show an identity",
	}, func(_ context.Context, in *Which) (*one, error) { return s.identity(in.Identity) })
	type making struct{ Body NewIdentity }
	operation.Register(r, operation.Op{
		ID: "make-identity", Method: http.MethodPost, Path: "/identities", Tag: identities, Scope: access.Admin, Status: http.StatusCreated,
		Errors: []problem.Kind{problem.Conflict}, Summary: "Make another identity", Doc: "It has nothing in common with those that are there.",
	}, func(ctx context.Context, in *making) (*one, error) {
		i, err := s.Identities.Make(ctx, in.Body.Name, in.Body.Passphrase)
		if err != nil {
			return nil, identityProblem(err)
		}
		audit.Say(ctx, "make-identity", i.Name)
		return &one{identityOf(i)}, nil
	})
	type changing struct {
		Which
		Body IdentityPatch
	}
	operation.Register(r, operation.Op{
		ID: "change-identity", Method: http.MethodPatch, Path: "/identities/{identity}", Tag: identities, Scope: access.Admin,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Rename an identity, or make it the default",
	}, func(ctx context.Context, in *changing) (*one, error) {
		return s.with(in.Identity, func(id permid.ID) error {
			var err error
			if in.Body.Name != nil {
				err = s.Identities.Rename(ctx, id, *in.Body.Name)
			}
			if in.Body.Default && err == nil {
				err = s.Identities.Choose(ctx, id)
			}
			return err
		})
	})
	s.registerLocks(r)
	s.registerSealed(r)
}

func (s Service) registerLocks(r *operation.Registrar) {
	errs := []problem.Kind{problem.NotFound, problem.Conflict}
	type resealing struct {
		Which
		Body struct {
			Old        string `json:"old,omitempty" maxLength:"1024" doc:"The passphrase that it lies under now, if there is one."`
			Passphrase string `json:"passphrase" maxLength:"1024" doc:"The new one; empty for none."`
		}
	}
	operation.Register(r, operation.Op{
		ID: "set-passphrase", Method: http.MethodPut, Path: "/identities/{identity}/passphrase", Tag: identities, Scope: access.Admin, Errors: errs,
		Summary: "Set, change or remove the passphrase of an identity", Doc: "Whether it is locked stays as it was, unless it needs no passphrase any more.",
	}, func(ctx context.Context, in *resealing) (*one, error) {
		return s.with(in.Identity, func(id permid.ID) error {
			return s.Identities.ChangePassphrase(ctx, id, in.Body.Old, in.Body.Passphrase)
		})
	})
	type unlocking struct {
		Which
		Body struct {
			Passphrase string `json:"passphrase" maxLength:"1024" doc:"Its passphrase."`
		}
	}
	operation.Register(r, operation.Op{
		ID: "unlock-identity", Method: http.MethodPost, Path: "/identities/{identity}/unlock", Tag: identities, Scope: access.Admin, Errors: errs,
		Summary: "Unlock an identity until it is locked, or the node ends",
	}, func(_ context.Context, in *unlocking) (*one, error) {
		return s.with(in.Identity, func(id permid.ID) error { return s.Identities.Unlock(id, in.Body.Passphrase) })
	})
	operation.Register(r, operation.Op{
		ID: "lock-identity", Method: http.MethodPost, Path: "/identities/{identity}/lock", Tag: identities, Scope: access.Admin, Errors: errs,
		Summary: "Lock an identity",
	}, func(_ context.Context, in *Which) (*one, error) { return s.with(in.Identity, s.Identities.Lock) })
}

// Sealed is an identity at rest.
type Sealed struct {
	File []byte `json:"file" doc:"As docs/protocols/permid.md has it, as base64. Who has it, and its passphrase if there is one, is this identity to others."`
}

func (s Service) registerSealed(r *operation.Registrar) {
	type exporting struct {
		Which
		Body struct {
			Passphrase string `json:"passphrase,omitempty" maxLength:"1024" doc:"What the copy lies under; none if absent."`
		}
	}
	type sealed struct{ Body Sealed }
	operation.Register(r, operation.Op{
		ID: "export-identity", Method: http.MethodPost, Path: "/identities/{identity}/export", Tag: identities, Scope: access.Admin, Owner: true,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Get a copy of an identity, to be kept elsewhere",
	}, func(_ context.Context, in *exporting) (*sealed, error) {
		i, err := s.Identities.Find(in.Identity)
		if err != nil {
			return nil, identityProblem(err)
		}
		file, err := s.Identities.Export(i.ID, in.Body.Passphrase)
		if err != nil {
			return nil, identityProblem(err)
		}
		return &sealed{Sealed{file}}, nil
	})
	type importing struct {
		Body struct {
			NewIdentity
			File []byte `json:"file" maxLength:"4096" doc:"What export-identity has given, as base64. The passphrase is that of the file, and stays."`
		}
	}
	operation.Register(r, operation.Op{
		ID: "import-identity", Method: http.MethodPost, Path: "/identities/import", Tag: identities, Scope: access.Admin, Status: http.StatusCreated,
		Errors: []problem.Kind{problem.Conflict}, Summary: "Take in a copy of an identity",
	}, func(ctx context.Context, in *importing) (*one, error) {
		i, err := s.Identities.Import(ctx, in.Body.Name, in.Body.File, in.Body.Passphrase)
		if err != nil {
			return nil, identityProblem(err)
		}
		audit.Say(ctx, "import-identity", i.Name)
		return &one{identityOf(i)}, nil
	})
}

// with does something with an identity and shows how it stands then.
func (s Service) with(name string, do func(permid.ID) error) (*one, error) {
	i, err := s.Identities.Find(name)
	if err == nil {
		err = do(i.ID)
	}
	if err != nil {
		return nil, identityProblem(err)
	}
	return s.identity(i.ID.String())
}

func (s Service) identity(name string) (*one, error) {
	i, err := s.Identities.Find(name)
	if err != nil {
		return nil, identityProblem(err)
	}
	return &one{identityOf(i)}, nil
}

func identityOf(i identity.Info) Identity {
	return Identity{i.ID.String(), i.Name, i.Created.UTC(), i.Passphrase, i.Locked, i.Default}
}

// identityProblem returns the problem of an error of identities, or the error if it is
// none that a client can do something about.
func identityProblem(err error) error {
	for _, known := range []struct {
		err   error
		where string // in the request; "" for a conflict
	}{
		{identity.ErrName, "body.name"},
		{permid.ErrPassphrase, "body.passphrase"},
		{permid.ErrMalformed, "body.file"},
		{identity.ErrTaken, ""}, {identity.ErrKnown, ""}, {identity.ErrMany, ""}, {identity.ErrNoPassphrase, ""}, {permid.ErrLocked, ""},
	} {
		switch {
		case !errors.Is(err, known.err):
		case known.where == "":
			return problem.New(problem.Conflict, err.Error())
		default:
			return problem.New(problem.Invalid, err.Error(), &huma.ErrorDetail{Message: known.err.Error(), Location: known.where})
		}
	}
	if errors.Is(err, identity.ErrNotFound) {
		return problem.New(problem.NotFound, err.Error())
	}
	return err
}

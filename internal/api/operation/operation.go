// Package operation is how the API declares what can be asked of a node: one operation,
// who may ask for it, what goes in and comes out, and what is written down of it.
package operation

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/problem"
)

// Root is where the API is.
const Root = "/api/v1"

// Op is an operation.
type Op struct {
	ID      string // verb-noun; also the name in the clients
	Method  string
	Path    string // below Root
	Summary string // one line
	Doc     string // what else one has to know
	Tag     string
	Scope   access.Scope
	Owner   bool // what a token opens would outlast it: the owner alone may do it
	Status  int  // 200, or 204 without an answer
	MaxBody int64
	Errors  []problem.Kind // beside those that every operation has
}

const (
	maxBody     = 1 << 20     // bytes of a request, unless the operation says more
	bodyTimeout = time.Minute // for it to come in
)

// Empty is what goes in, or comes out, where there is nothing.
type Empty struct{}

// Registrar takes operations.
type Registrar struct {
	API huma.API
	// Problem turns an error of the node into a problem; nil for one it does not know.
	Problem func(error) *huma.ErrorModel
	// Failed is told of errors that are no answer to anything a client has asked.
	Failed func(ctx context.Context, op string, err error)
}

// Register adds an operation whose answer is made of O.
func Register[I, O any](r *Registrar, op Op, do func(context.Context, *I) (*O, error)) {
	huma.Register(r.API, r.describe(op), func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, r.problem(ctx, op, err)
		}
		return out, nil
	})
}

// Raw adds an operation whose answer is JSON of the shape B, or a stream of type kind,
// that do writes itself; a problem it returns comes before the first byte.
func Raw[I, B any](r *Registrar, op Op, kind string, do func(context.Context, *I) (func(http.ResponseWriter), error), unwrap func(huma.Context) http.ResponseWriter) {
	o := r.describe(op)
	o.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
		kind: {Schema: r.API.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[B](), true, "")},
	}}}
	huma.Register(r.API, o, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		write, err := do(ctx, in)
		if err != nil {
			return nil, r.problem(ctx, op, err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", kind)
			write(unwrap(c))
		}}, nil
	})
}

// Encoded returns what writes an answer that is encoded already.
func Encoded(body []byte) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // who has gone cannot be told
	}
}

// describe returns an operation as huma has it.
func (r *Registrar) describe(op Op) huma.Operation {
	if op.Owner {
		op.Doc = strings.TrimSpace(op.Doc + " This is for the owner alone, by the key or in the browser: no token opens it.")
	}
	o := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: Root + op.Path, Summary: op.Summary, Description: op.Doc, Tags: []string{op.Tag},
		DefaultStatus: op.Status, MaxBodyBytes: max(op.MaxBody, maxBody), BodyReadTimeout: bodyTimeout,
		Security: []map[string][]string{{"token": {string(op.Scope)}}, {"cookie": {}}},
		Metadata: map[string]any{"scope": op.Scope, "owner": op.Owner},
	}
	if o.DefaultStatus == 0 {
		o.DefaultStatus = http.StatusOK
	}
	for _, e := range problem.Catalogue() {
		for _, kind := range append(op.Errors, problem.Nobody, problem.Forbidden, problem.Invalid, problem.TooMany, problem.Internal) {
			if e.Kind == kind && (len(o.Errors) == 0 || o.Errors[len(o.Errors)-1] != e.Status) {
				o.Errors = append(o.Errors, e.Status)
			}
		}
	}
	return o
}

// problem turns an error into an answer, and has it written down.
func (r *Registrar) problem(ctx context.Context, op Op, err error) error {
	p := r.Explain(ctx, op.ID, err)
	audit.Fail(ctx, p.Detail)
	return p
}

// Explain returns the problem of an error. One that is no answer to anything a client
// has asked is left to the log.
func (r *Registrar) Explain(ctx context.Context, what string, err error) *huma.ErrorModel {
	p, ok := errors.AsType[*huma.ErrorModel](err)
	if !ok {
		p = r.Problem(err)
	}
	if p == nil {
		if ctx.Err() == nil { // or the client has gone
			r.Failed(ctx, what, err)
		}
		p = problem.New(problem.Internal, "the log of the node has more")
	}
	return p
}

// Admit is the middleware that keeps out who may not do something, and notes who
// changes what.
func (r *Registrar) Admit(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	need, _ := op.Metadata["scope"].(access.Scope)
	p, ok := access.From(ctx.Context())
	var why *huma.ErrorModel
	switch {
	case !ok:
		why = problem.New(problem.Nobody, "the API is for those who have a token")
	case !p.May(need):
		why = problem.New(problem.Forbidden, "this needs a token with the scope "+string(need))
	case op.Metadata["owner"] == true && p.Way != access.ByKey && p.Way != access.ByCookie:
		why = problem.New(problem.Forbidden, "this is for the owner alone: no token opens it")
	}
	if op.Method != http.MethodGet {
		audit.Say(ctx.Context(), op.OperationID, target(ctx))
	}
	if why == nil {
		next(ctx)
		return
	}
	audit.Fail(ctx.Context(), why.Detail)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(why.Status)
	if err := json.NewEncoder(ctx.BodyWriter()).Encode(why); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		r.Failed(ctx.Context(), op.OperationID, err)
	}
}

// target is what a request is about: the values in its path.
func target(ctx huma.Context) string {
	var values []string
	for part := range strings.SplitSeq(ctx.Operation().Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			values = append(values, ctx.Param(strings.TrimRight(name, ".}")))
		}
	}
	return strings.Join(values, " ")
}

// Complete is the transformer that gives problems of huma the type of ours.
func Complete(ctx huma.Context, _ string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok || p.Type != "" {
		return v, nil
	}
	for _, e := range p.Errors {
		e.Value = nil // what was sent is not sent back: it may be a secret
	}
	audit.Fail(ctx.Context(), p.Detail)
	return problem.Complete(p), nil
}

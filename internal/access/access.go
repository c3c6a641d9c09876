// Package access says who may do what at the management of a node.
//
// Whoever asks is somebody: the owner, by the key in the node's home or by a cookie
// that was got with it, or a program, by a token that the owner has made for it. A
// token has scopes, may expire, and is kept as a hash: what lies in the store opens
// nothing.
package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Scope is something that somebody may do.
type Scope string

// The scopes. Each of them includes Read, and Admin includes all.
const (
	Read     Scope = "read"     // see everything but secrets
	Add      Scope = "add"      // add torrents
	Control  Scope = "control"  // change, move and remove torrents, categories, labels
	Settings Scope = "settings" // change settings, feeds, limits
	Admin    Scope = "admin"    // tokens, identities, backups: everything
)

// Scopes returns all of them, the least first.
func Scopes() []Scope { return []Scope{Read, Add, Control, Settings, Admin} }

// ParseScopes reads scopes from words; the result is sorted and has at least one.
func ParseScopes(words []string) ([]Scope, error) {
	var list []Scope
	for _, w := range words {
		s := Scope(strings.TrimSpace(w))
		if !slices.Contains(Scopes(), s) {
			return nil, &InputError{"scopes", fmt.Sprintf("%.40q is none: there are read, add, control, settings and admin", w)}
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		return nil, &InputError{"scopes", "none is given: there are read, add, control, settings and admin"}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// InputError reports something about a token that cannot be as it is wanted.
type InputError struct{ Field, Problem string }

func (e *InputError) Error() string { return e.Field + ": " + e.Problem }

// Way is how somebody has shown who he is.
type Way string

// The ways.
const (
	ByKey    Way = "key"    // the owner's key, from the node's home
	ByCookie Way = "cookie" // a browser that was given the owner's URL
	ByToken  Way = "token"
	ByNobody Way = "none" // a program that may ask without, such as one of the compatible interfaces
)

// Principal is somebody who asks.
type Principal struct {
	Name   string // of the token; "owner"
	Way    Way
	Token  int64 // its id, 0 without one
	Scopes []Scope
	CSRF   string // with a cookie: what a change must be sent with

	gone    <-chan struct{} // closed when the token is revoked; nil without one
	expires time.Time       // zero for never
}

// Owner returns the owner of the node.
func Owner(by Way) Principal { return Principal{Name: "owner", Way: by, Scopes: []Scope{Admin}} }

// May reports whether the principal may do what needs a scope.
func (p Principal) May(s Scope) bool {
	return len(p.Scopes) > 0 && (s == Read || slices.Contains(p.Scopes, Admin) || slices.Contains(p.Scopes, s))
}

// While returns a context for a request of p, which is made now: it ends with the token,
// so that who follows what happens does not go on when that is good for nothing any
// more. Cancel has to be called.
func (p Principal) While(ctx context.Context, now time.Time) (_ context.Context, cancel context.CancelFunc) {
	if p.gone == nil {
		return context.WithCancel(ctx)
	}
	if p.expires.IsZero() {
		ctx, cancel = context.WithCancel(ctx)
	} else {
		ctx, cancel = context.WithTimeout(ctx, p.expires.Sub(now))
	}
	go func() { // ends with the request
		select {
		case <-p.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

type key struct{}

// With returns a context of a request that p makes.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, key{}, p)
}

// From returns who makes the request of a context; false for nobody.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(key{}).(Principal)
	return p, ok
}

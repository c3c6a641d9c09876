package greeting

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// Allows reports whether a policy lets a connection of this kind be.
func Allows(p conns.Policy, k transport.Kind) bool {
	switch p {
	case conns.Require:
		return k == transport.TLS
	case conns.Off:
		return k != transport.TLS
	default:
		return true
	}
}

// Kinds returns how peers may connect to us.
func Kinds(p conns.Policy) []transport.Kind {
	switch p {
	case conns.Require:
		return []transport.Kind{transport.TLS}
	case conns.Off:
		return []transport.Kind{transport.MSE}
	default:
		return []transport.Kind{transport.TLS, transport.MSE}
	}
}

// Rule is the policy of a torrent, which may change while it runs. It is safe for
// concurrent use.
type Rule struct {
	policy atomic.Uint32

	mu    sync.Mutex
	dials map[*dial]struct{} // under way
}

type dial struct {
	kind   transport.Kind
	cancel context.CancelCauseFunc
}

// Set changes the policy. Dials under way that it does not allow end: once they
// connect they would name the torrent.
func (r *Rule) Set(p conns.Policy) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.policy.Store(uint32(p))
	for d := range r.dials {
		if !Allows(p, d.kind) {
			d.cancel(ErrKind)
		}
	}
}

// Policy returns the policy.
func (r *Rule) Policy() conns.Policy { return conns.Policy(r.policy.Load()) }

// Allows reports whether a connection of this kind may be.
func (r *Rule) Allows(k transport.Kind) bool { return Allows(r.Policy(), k) }

// bound returns a context that ends with ErrKind as soon as a dial of this kind must
// not be. done ends it as well.
func (r *Rule) bound(ctx context.Context, k transport.Kind) (bounded context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	if r == nil {
		return ctx, func() { cancel(nil) }
	}
	d := &dial{k, cancel}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dials == nil {
		r.dials = make(map[*dial]struct{})
	}
	if r.dials[d] = struct{}{}; !r.Allows(k) {
		cancel(ErrKind)
	}
	return ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.dials, d)
		cancel(nil)
	}
}

// Offer returns what peers of a torrent are told of TLS here, if they may use it.
// Those of an SSL torrent use another one.
func (r *Rule) Offer(of extension.TLS, id transport.ID) extension.TLS {
	if !r.Allows(transport.TLS) || id.Access.SSL != nil {
		return extension.TLS{}
	}
	return of
}

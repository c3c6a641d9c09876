package greeting

import (
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
type Rule struct{ policy atomic.Uint32 }

// Set changes the policy.
func (r *Rule) Set(p conns.Policy) { r.policy.Store(uint32(p)) }

// Allows reports whether a connection of this kind may be.
func (r *Rule) Allows(k transport.Kind) bool { return Allows(conns.Policy(r.policy.Load()), k) }

// Offer returns what peers of a torrent are told of TLS here, if they may use it.
// Those of an SSL torrent use another one.
func (r *Rule) Offer(of extension.TLS, id transport.ID) extension.TLS {
	if !r.Allows(transport.TLS) || id.Access.SSL != nil {
		return extension.TLS{}
	}
	return of
}
